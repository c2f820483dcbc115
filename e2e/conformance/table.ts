import { readFile } from 'node:fs/promises'
import { type Check, EXPECTED_FAILURES, REVISIONS, type SuiteRun } from './suite.ts'

/** Why a scenario, or a single check (`scenario:check`), does not apply. */
export type Reasons = Map<string, string>

/** Reads the reasons that stand as comments behind the expected failures. */
export async function readReasons(): Promise<Reasons> {
  const text = await readFile(EXPECTED_FAILURES, 'utf8')
  const entries = Array.from(text.matchAll(/^ {2}- (\S+) # (.+)$/gm))
  return new Map(entries.map(([, name = '', reason = '']) => [name, reason]))
}

/** The table of docs/mcp.md: every scenario, its result in each revision, and why one does not apply. */
export function conformanceTable(runs: readonly SuiteRun[], reasons: Reasons): string {
  const names = [...new Set(runs.flatMap((run) => [...run.scenarios.keys()]))]
  const rows = names
    .toSorted((a, b) => a.localeCompare(b))
    .map((name) => [
      `\`${name}\``,
      ...runs.map((run) => result(name, run.scenarios.get(name), reasons)),
      why(name, reasons),
    ])
  return [
    `| Scenario | ${REVISIONS.join(' | ')} | Why it does not apply |`,
    '|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n')
}

function result(name: string, checks: Check[] | undefined, reasons: Reasons): string {
  if (checks === undefined) return '–'
  const missed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
  const passed = checks.filter(({ status }) => status === 'SUCCESS').length
  if (missed.length === 0) return passed === 0 ? 'nothing to check' : 'passes'
  if (reasons.has(name)) return 'does not apply'
  const excused = missed.filter(({ id }) => reasons.has(`${name}:${id}`))
  if (excused.length < missed.length) return 'fails'
  return passed === 0 ? 'does not apply' : `${passed} checks pass, ${excused.length} do not apply`
}

function why(name: string, reasons: Reasons): string {
  const whole = reasons.get(name)
  if (whole !== undefined) return whole
  const parts = [...reasons].filter(([key]) => key.startsWith(`${name}:`)).map(([, reason]) => reason)
  return [...new Set(parts)].join('; ')
}
