import { readFileSync } from 'node:fs'

/** @typedef {{passed: number, failed: number, skipped: number}} Count */

/**
 * How to make a test runner write what it counted, and where it does.
 * @param {import('./stages.mjs').Stage} stage
 * @param {string} file
 * @returns {{args: string[], env: Record<string, string | undefined>}}
 */
export function reporting(stage, file) {
  if (stage.kind === 'vitest') {
    return { args: ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`], env: {} }
  }
  if (stage.kind === 'playwright') {
    // Playwright's workers set FORCE_COLOR, and Node complains about both being set.
    const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, FORCE_COLOR: '0', NO_COLOR: undefined }
    return { args: ['--reporter=list,json'], env }
  }
  return { args: [], env: {} }
}

/**
 * Counts a stage's results. A runner that failed without a failed test (a file that did not load, a
 * crash) counts as one failure.
 * @param {import('./stages.mjs').Stage} stage
 * @param {string} file
 * @param {number} code the runner's exit code
 * @returns {Count}
 */
export function countResults(stage, file, code) {
  if (stage.kind === 'check') return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  const count = stage.kind === 'vitest' ? countVitest(readJson(file)) : countPlaywright(readJson(file))
  const isUnexplained = code !== 0 && count.failed === 0
  return isUnexplained ? { ...count, failed: 1 } : count
}

function countVitest(report) {
  return {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + brokenFiles(report),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  }
}

/** Files that failed without a failed test: one did not load, or could not prepare its tests. */
function brokenFiles(report) {
  const isBroken = ({ status, assertionResults = [] }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
  return (report?.testResults ?? []).filter(isBroken).length
}

function countPlaywright(report) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {}
  // Nothing is tried again; should somebody switch that on, a second try is a failure all the same.
  return { passed: expected, failed: unexpected + flaky, skipped }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
