import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { countResults } from './count-results.mjs'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-count-'))
  file = path.join(folder, 'report.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

function count(kind: 'check' | 'vitest' | 'playwright', report: unknown, code: number) {
  writeFileSync(file, JSON.stringify(report))
  return countResults({ name: 'x', group: 'tests', kind, commands: [] }, file, code)
}

it('counts a check as one', () => {
  expect(count('check', null, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 })
  expect(count('check', null, 2)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

it('counts what Vitest reports', () => {
  const report = { numPassedTests: 5, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }
  expect(count('vitest', report, 1)).toEqual({ passed: 5, failed: 2, skipped: 2 })
})

it('counts a file that did not load as failed', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  }
  expect(count('vitest', report, 1)).toEqual({ passed: 5, failed: 2, skipped: 0 })
})

it('counts what Playwright reports, a test that passed at the second try as failed', () => {
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 } }
  expect(count('playwright', report, 1)).toEqual({ passed: 3, failed: 2, skipped: 1 })
})

it('counts a failure without a failed test as one', () => {
  expect(count('vitest', { numPassedTests: 5 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 })
  rmSync(file)
  expect(countResults({ name: 'x', group: 'tests', kind: 'vitest', commands: [] }, file, 1).failed).toBe(1)
})
