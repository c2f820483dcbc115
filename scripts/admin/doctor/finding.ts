/** What one check found. */
export interface Finding {
  check: string
  status: 'ok' | 'warning' | 'problem'
  /** What is seen, in a sentence. */
  seen: string
  /** What to do, in a sentence. */
  remedy?: string
  /** Where more about it stands. */
  document?: string
}

/** What to do, and where it is explained. */
interface Advice {
  remedy: string
  document: string
}

export const ok = (check: string, seen: string): Finding => ({ check, status: 'ok', seen })

export const warning = (check: string, seen: string, advice: Advice): Finding => ({
  check,
  status: 'warning',
  seen,
  ...advice,
})

export const problem = (check: string, seen: string, advice: Advice): Finding => ({
  check,
  status: 'problem',
  seen,
  ...advice,
})

const MARKS = { ok: 'ok', warning: 'WARNING', problem: 'PROBLEM' } as const

/** The findings as lines for a terminal. */
export function printFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, status, seen, remedy, document }) => [
    `${MARKS[status].padEnd(8)} ${check.padEnd(12)} ${seen}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(22)}→ ${remedy} (${document})`]),
  ])
  const count = (status: Finding['status']) => findings.filter((each) => each.status === status).length
  return [...lines, '', `Problems: ${count('problem')}. Warnings: ${count('warning')}.`].join('\n')
}
