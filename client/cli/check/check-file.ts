import { isAppError } from '#lib/errors.ts'
import { checkPrompt } from '#lib/prompts/template.ts'
import { type FileVersion, fileVersion } from '../../files/file-version.ts'
import type { LocalFile } from '../../files/folder.ts'
import { isSlug } from '../../files/names.ts'
import type { Registry } from '../../registry/registry.ts'
import { includedTree } from '../../sync/included.ts'
import type { Finding, RuleId } from './finding.ts'

export interface CheckedFile {
  findings: Finding[]
  /** undefined: it cannot be read. */
  version: FileVersion | undefined
}

interface Problem {
  path?: readonly (string | number)[]
  code: string
  message: string
  hint?: string | undefined
  range?: { line: number; column: number } | undefined
}

/**
 * What can be said of one file: its form, its variables, its texts, by the server's own rules.
 * @param connect undefined: includes are looked for among the files alone
 */
export async function checkFile(
  local: LocalFile,
  shown: string,
  files: readonly LocalFile[],
  connect: (() => Promise<Registry>) | undefined,
): Promise<CheckedFile> {
  const { prompt, problem } = local
  if (problem !== undefined) {
    const rule = problem.kind === 'conflict' ? 'conflict-marker' : 'format'
    return {
      findings: [{ rule, level: 'error', message: problem.message, file: shown, line: problem.line }],
      version: undefined,
    }
  }
  if (prompt === undefined) return { findings: [], version: undefined }
  const at = placesIn(local, shown)
  if (!isSlug(prompt.name)) {
    const message = `"${prompt.name}" is no name of a prompt: lower-case letters, digits, "_" and "-", at most 64`
    return {
      findings: [{ rule: 'format', level: 'error', message, file: shown, line: 1 }],
      version: undefined,
    }
  }
  try {
    const version = fileVersion(prompt)
    const { content, variables } = version
    const includes = await includedTree(version, files, connect)
    const isWhole =
      connect !== undefined || includes.size === new Set(version.analysis.includes.map(({ ref }) => ref)).size
    const { problems, warnings } = checkPrompt({ content, variables, ...(isWhole && { includes }) })
    return {
      version,
      findings: [
        ...problems.map((each) => at('template', 'error', each)),
        ...warnings.map((each) => at(ruleOf(each.code), 'warning', each)),
      ],
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    const details: Problem[] = error.details.length > 0 ? error.details : [error]
    return { findings: details.map((each) => at('variables', 'error', each)), version: undefined }
  }
}

function ruleOf(code: string): RuleId {
  return code === 'unused_variable' ? 'unused-variable' : 'advice'
}

/** Puts what is wrong in a text where the text stands in its file. */
function placesIn({ places, text }: LocalFile, file: string) {
  const lineOf = (path: readonly (string | number)[]) =>
    places.find((place) => place.path.every((part, index) => part === path[index]))?.line
  return (rule: RuleId, level: Finding['level'], { path = [], message, hint, range }: Problem): Finding => {
    const whole = hint === undefined ? message : `${message}. ${hint}`
    const start = path[0] === 'variables' ? lineOfField(text, 'variables') : lineOf(path)
    const line = start === undefined ? undefined : start + (range?.line ?? 1) - 1
    return {
      rule,
      level,
      message: whole,
      file,
      ...(line !== undefined && { line }),
      ...(line !== undefined && range !== undefined && { column: range.column }),
    }
  }
}

function lineOfField(text: string, field: string): number | undefined {
  const index = text.split('\n').findIndex((line) => line.startsWith(`${field}:`))
  return index === -1 ? undefined : index + 1
}
