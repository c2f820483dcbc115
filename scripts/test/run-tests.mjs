import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { buildApp } from '../launch/prepare.mjs'
import { withProgress } from '../launch/progress.mjs'
import { root } from '../root.mjs'
import { findDebianPostgres, missingDebian } from '../test-database.mjs'
import { findBrowser } from './find-browser.mjs'
import { resultsFolder, runStage } from './run-stage.mjs'
import { stages } from './stages.mjs'

/** @typedef {import('./run-stage.mjs').Result} Result */

/** As many stages as cores of the smallest machine that this is meant for. */
const lanes = 2

/**
 * Runs the tests and prints a summary that ends with "N passed, N failed".
 * @param {string} node
 * @param {string[]} args names of stages and groups; none: all. What follows `--` goes to the runner.
 * @param {{full?: boolean}} [options] full: with what takes long
 * @returns {Promise<number>} exit code
 */
export async function runTests(node, args, { full = false } = {}) {
  const { selected, extra } = select(args, full)
  const fullEnv = full ? { INCIPIT_TEST_FULL: '1' } : {}
  const started = Date.now()
  rmSync(resultsFolder, { recursive: true, force: true })
  mkdirSync(resultsFolder, { recursive: true })
  const prerequisites = prepare(node, selected)
  const results = await runAll(selected, async (stage) => {
    const problem = await firstProblem(stage, prerequisites)
    console.error(`  ${stage.name} …`)
    const result = problem
      ? failedToPrepare(stage, problem)
      : await runStage(node, stage, { env: { ...(await prerequisites.browser), ...fullEnv }, extra })
    printResult(result)
    return result
  })
  return summarise(results, started)
}

function select(args, full) {
  const divider = args.includes('--') ? args.indexOf('--') : args.length
  const names = args.slice(0, divider)
  const unknown = names.filter((name) => !stages.some((stage) => [stage.name, stage.group].includes(name)))
  if (unknown.length > 0) {
    const known = ['static', 'tests', ...stages.map((stage) => stage.name)]
    throw expectedError(`There is no stage "${unknown[0]}". There are: ${known.join(', ')}.`)
  }
  const isWanted = (stage) =>
    names.includes(stage.name) ||
    ((full || !stage.full) && (names.length === 0 || names.includes(stage.group)))
  return { selected: stages.filter(isWanted), extra: args.slice(divider + 1) }
}

/**
 * What stages need, begun at once and awaited by those that need it.
 * @returns {Record<string, Promise<any>>} rejecting with what to do
 */
function prepare(node, selected) {
  const once = (need, work) => {
    const promise = selected.some((stage) => stage.needs?.includes(need)) ? work() : Promise.resolve(null)
    // The stage that needs it reports the failure.
    promise.catch(() => {})
    return promise
  }
  return {
    build: once('build', () => buildApp(node)),
    browser: once('browser', () => withProgress('Looking for a browser', () => findBrowser(node))),
    debian: once('debian', async () => {
      if (!(await findDebianPostgres())) throw expectedError(missingDebian.message, missingDebian.hint)
    }),
  }
}

async function firstProblem(stage, prerequisites) {
  for (const need of stage.needs ?? []) {
    try {
      await prerequisites[need]
    } catch (error) {
      return { need, error }
    }
  }
  return null
}

/** A machine that is not CI need not have Debian's PostgreSQL; anything else that lacks is a failure. */
function failedToPrepare(stage, { need, error }) {
  const log = join(resultsFolder, `${stage.name}.log`)
  writeFileSync(log, `${error.expected ? error.message : error.stack}\n`)
  const isOptional = need === 'debian' && !process.env.CI
  return { stage, seconds: 0, log, passed: 0, failed: isOptional ? 0 : 1, skipped: isOptional ? 1 : 0 }
}

/**
 * Two stages at a time, in the table's order; one that must be alone waits for the others and the
 * others for it.
 * @param {import('./stages.mjs').Stage[]} selected
 * @param {(stage: import('./stages.mjs').Stage) => Promise<Result>} run
 */
async function runAll(selected, run) {
  const results = []
  const running = new Set()
  for (const stage of selected) {
    const limit = stage.alone ? 1 : lanes
    while (running.size >= limit) await Promise.race(running)
    const work = async () => {
      results.push(await run(stage))
      running.delete(job)
    }
    const job = work()
    running.add(job)
    if (stage.alone) await job
  }
  await Promise.all(running)
  return results
}

/** @param {Result} result */
function printResult({ stage, seconds, passed, failed, skipped, log }) {
  const mark = failed > 0 ? '✗' : passed > 0 ? '✓' : '–'
  const counts = [`${passed} passed`]
  if (failed > 0) counts.push(`${failed} failed`)
  if (skipped > 0) counts.push(`${skipped} skipped`)
  const where = failed > 0 ? `  ${relative(root, log)}` : ''
  console.log(
    `${mark} ${stage.name.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s  ${counts.join(', ')}${where}`,
  )
  if (failed > 0 || passed === 0) console.log(indent(readFileSync(log, 'utf8')))
}

function indent(text) {
  const lines = text.trimEnd().split('\n')
  const shown = lines.slice(-120)
  if (shown.length < lines.length) shown.unshift('…')
  return shown.map((line) => `    ${line}`).join('\n')
}

/** @param {Result[]} results */
function summarise(results, started) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  const failed = results.filter((result) => result.failed > 0).map((result) => result.stage.name)
  const minutes = ((Date.now() - started) / 60_000).toFixed(1)
  console.log(
    `\n${results.length} stages in ${minutes} min${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`,
  )
  const line = `${sum('passed')} passed, ${sum('failed')} failed`
  writeFileSync(join(resultsFolder, 'summary.txt'), `${line}\n`)
  console.log(line)
  return failed.length > 0 ? 1 : 0
}
