/** One thing that `check` found in a file. */
export interface Finding {
  rule: RuleId
  level: 'error' | 'warning'
  message: string
  /** Path as a shell here finds it. */
  file: string
  /** From 1; undefined: it is about the file as a whole. */
  line?: number
  column?: number
}

export type RuleId = keyof typeof RULES

/** What is looked for, in words. */
export const RULES = {
  format: 'A prompt file can be read',
  'conflict-marker': 'No conflict of a merge is left in a file',
  'duplicate-name': 'A name is one prompt’s',
  template: 'The text is a template that can be saved',
  variables: 'Variables are declared without contradictions',
  'unused-variable': 'Every declared variable is used',
  advice: 'The text is written in the language of Incipit',
  contract: 'Callers of the label are not refused by the new version',
  lock: 'The lock file fits the files and the instance',
  drift: 'The instance has not moved on since the pull',
} as const

export interface Checked {
  findings: readonly Finding[]
  /** Files that were looked at. */
  files: readonly string[]
  version: string
}

/** Findings in the order of files and lines. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1
    return (a.line ?? 0) - (b.line ?? 0)
  })
}
