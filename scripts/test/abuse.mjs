import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resultsFolder } from './run-stage.mjs'

/** Promises of docs/reliability.md by their numbers, which tests carry in their names. */
const CASES = /** @type {const} */ ({
  1: 'a body over the limit',
  2: 'JSON that is none',
  3: 'characters that no text has',
  4: 'keys that reach a prototype',
  5: 'queries that would be code',
  6: 'patterns that run for ever',
  7: 'template bombs',
  8: 'a template that reaches out',
  9: 'another workspace',
  10: 'members that nobody may set',
  11: 'the cookie used by a page elsewhere',
  12: 'a foreign Origin or Host',
  13: 'a token that is not for here',
  14: 'an OAuth code or redirect that is not one’s own',
  15: 'two refreshes at once, and a late one',
  16: 'a flood of registrations',
  17: 'a key that may read, writing',
  18: 'a revoked key, on every instance',
  19: 'guessing a password',
  20: 'a provider’s address that leads inside',
  21: 'a provider that answers badly',
  22: 'a provider that refuses',
  23: 'fifty edits with one If-Match',
  24: 'an Idempotency-Key again',
  25: 'kill -9 during writes',
  26: 'kill -9 after a provider answered',
  27: 'the database away',
  28: 'a start without the database',
  29: 'SIGTERM under load',
  30: 'the keys of providers',
  31: 'a second app on one data folder',
  32: 'a page elsewhere writing to a local app',
  33: 'a listening connection that is dead',
  34: 'text that is not well-formed',
  35: 'work that multiplies',
  36: 'readers that never read',
  37: 'a database that refuses',
  38: 'late upkeep, a wrong clock',
  41: 'a right lost while a stream is open',
  43: 'a forged token',
})

/**
 * The results of the tests that carry a number, from the reports of the stages that just ran.
 * @param {string[]} stages
 * @returns {{number: number, title: string, passed: number, failed: number}[]} every case, also one without a test
 */
export function abuseTable(stages) {
  const rows = Object.entries(CASES).map(([number, title]) => ({
    number: Number(number),
    title,
    passed: 0,
    failed: 0,
  }))
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  for (const stage of stages)
    for (const { fullName, status } of testsOf(join(resultsFolder, `${stage}.json`)))
      for (const [, number] of fullName.matchAll(/\bcase (\d+)\b/g)) {
        const row = byNumber.get(Number(number))
        if (row === undefined) continue
        if (status === 'passed') row.passed += 1
        else if (status === 'failed') row.failed += 1
      }
  return rows
}

function testsOf(file) {
  // A stage that could not begin has told why, and left none; its cases have no test.
  if (!existsSync(file)) return []
  const report = JSON.parse(readFileSync(file, 'utf8'))
  return report.testResults.flatMap((each) => each.assertionResults)
}

/**
 * Prints the table.
 * @param {ReturnType<typeof abuseTable>} rows
 * @returns {boolean} whether every case has a test, and all passed
 */
export function printAbuse(rows) {
  console.log('\ncase  tests  result')
  for (const { number, title, passed, failed } of rows) {
    const result = failed > 0 ? `${failed} FAILED` : passed > 0 ? 'passed' : 'NO TEST'
    console.log(
      `${String(number).padStart(4)}  ${String(passed + failed).padStart(5)}  ${result.padEnd(9)}  ${title}`,
    )
  }
  return rows.every(({ passed, failed }) => passed > 0 && failed === 0)
}
