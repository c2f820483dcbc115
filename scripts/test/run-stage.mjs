import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { environmentFor } from '../launch/node-runtime.mjs'
import { root } from '../root.mjs'
import { countResults, reporting } from './count-results.mjs'

/** Where every stage leaves its log and its report. */
export const resultsFolder = join(root, 'test-results')

/**
 * @typedef {import('./count-results.mjs').Count & {stage: import('./stages.mjs').Stage, seconds: number, log: string}} Result
 */

/**
 * Runs one stage to its end.
 * @param {string} node
 * @param {import('./stages.mjs').Stage} stage
 * @param {{env: Record<string, string>, extra: string[]}} options extra: arguments for its last command
 * @returns {Promise<Result>}
 */
export async function runStage(node, stage, { env, extra }) {
  const started = Date.now()
  const log = join(resultsFolder, `${stage.name}.log`)
  const report = join(resultsFolder, `${stage.name}.json`)
  const { args, env: reportEnv } = reporting(stage, report)
  const environment = environmentFor(node, {
    ...cleanEnvironment,
    // A run starts the app and its commands hundreds of times, each of which would compile the same code.
    NODE_COMPILE_CACHE: join(resultsFolder, 'compiled'),
    ...env,
    ...stage.env,
    ...reportEnv,
  })
  const file = createWriteStream(log)
  let code = 0
  // A named part runs alone, without the parts that usually come before it.
  const part = extra.length > 0 && stage.kind === 'playwright' ? ['--no-deps', ...extra] : extra
  for (const [index, command] of stage.commands.entries()) {
    const isLast = index === stage.commands.length - 1
    code = await runLogged(node, isLast ? [...command, ...args, ...part] : command, environment, file)
    if (code !== 0) break
  }
  file.end()
  await once(file, 'close')
  const seconds = (Date.now() - started) / 1000
  const count = countResults(stage, report, code)
  // A skipped test proves nothing. A named part of a stage leaves the rest out on purpose.
  const failed = extra.length === 0 ? count.failed + count.skipped : count.failed
  return { stage, seconds, log, ...count, failed }
}

/** The tests bring their own settings; those of the app that runs here must not leak in. */
const cleanEnvironment = {
  DATABASE_URL: undefined,
  PORT: undefined,
  HOST: undefined,
  INCIPIT_CONFIG: undefined,
  INCIPIT_DATA_DIR: undefined,
  INCIPIT_TEST_DATABASE_URL: undefined,
  NODE_ENV: undefined,
  // The logs are files.
  FORCE_COLOR: undefined,
  NO_COLOR: '1',
}

async function runLogged(node, args, env, file) {
  file.write(`$ ${args.join(' ')}\n`)
  const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  const [code] = await once(child, 'close')
  return code ?? 1
}
