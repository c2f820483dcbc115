import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { checkSettings } from './check-settings.mjs'
import { openDatabase } from './database.mjs'
import { hasPackages, installPackages, isInstalled } from './install.mjs'
import { refuseMachine } from './machine.mjs'
import { chooseNode, environmentFor, warnOfKnownHoles } from './node-runtime.mjs'
import { distFolder } from './prepare.mjs'
import { noteRunning } from './running.mjs'
import { readSettings } from './settings.mjs'
import { listenForStop, stopped } from './stop-order.mjs'
import { printWhereToGo } from './where-to-go.mjs'

/** @typedef {ReturnType<typeof readSettings>} Settings */

/** glibc keeps freed memory by thread: two of its arenas do for an app that works on one. */
const leanMemory = { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2' }

/**
 * Installs and builds what is missing, then runs the app over its database until it ends or we are told to
 * stop, then stops the database.
 * @param {{args: (settings: Settings) => readonly string[], mode: 'production' | 'development', prepare: (node: string) => Promise<void>, isPrepared: () => boolean}} options
 *   args: what Node runs · prepare: what must be done before it, with the database already ours ·
 *   isPrepared: whether that takes no time
 * @returns {Promise<number>} the exit code
 */
export async function serve(options) {
  const stop = listenForStop()
  try {
    return await prepareAndRun(options, stop)
  } catch (error) {
    // Ctrl-C reaches our children too: whatever they say then is its doing.
    throw stop.isAsked() ? stopped() : error
  }
}

async function prepareAndRun({ args, mode, prepare, isPrepared }, stop) {
  const started = performance.timeOrigin
  const settings = await checkBeforehand()
  await installPackages('run')
  const node = chooseNode()
  warnOfKnownHoles(node)
  if (!isPrepared()) await checkSettings(node)
  if (stop.isAsked()) throw stopped()
  const purpose = `on http://${settings.host}:${settings.port}`
  const database = await openDatabase(settings, { purpose, attach: false })
  let forget = () => {}
  try {
    await prepare(node)
    if (stop.isAsked()) throw stopped()
    forget = noteRunning({ address: purpose, build: mode === 'production' ? distFolder() : null })
    const app = spawn(node, args(settings), {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: environmentFor(node, {
        ...leanMemory,
        ...database.environment,
        NODE_ENV: mode,
        HOST: settings.host,
        PORT: String(settings.port),
        INCIPIT_SHUTDOWN_TIMEOUT_MS: String(settings.shutdownMs),
      }),
    })
    return await follow(app, { settings, stop, started })
  } finally {
    forget()
    await database.stop()
  }
}

/** Checks that are quick come before anything long: wrong settings, a taken port, a machine that lacks something. */
async function checkBeforehand() {
  const settings = readSettings()
  refuseMachine(settings)
  await refuseTakenPort(settings)
  // An earlier install lets all settings be checked; the first one has to come first.
  if (hasPackages() && !isInstalled('run')) await checkSettings(chooseNode())
  return settings
}

/** Waits for readiness, then for the end of the app or the order to stop. */
async function follow(app, { settings, stop, started }) {
  const ended = once(app, 'exit').then(([code, signal]) => code ?? (signal ? 1 : 0))
  const listening = once(app, 'message').then(([message]) => message.listening)
  const port = await Promise.race([
    ended.then(() => null),
    stop.asked.then(() => null),
    settings.port ? settings.port : listening,
  ])
  if (port)
    void printWhereToGo({
      host: settings.host,
      port,
      dataDir: settings.dataDir,
      started,
      until: Promise.race([ended, stop.asked]),
    })
  const first = await Promise.race([ended.then((code) => ({ code })), stop.asked.then(() => null)])
  if (first) {
    if (first.code !== 0) console.error('The app ended with an error; its last messages are above.')
    return first.code
  }
  // Windows knows no SIGTERM; the end of the channel says the same.
  if (process.platform === 'win32') app.disconnect()
  else app.kill('SIGTERM')
  const hurry = async () => {
    const patience = settings.drainMs + settings.shutdownMs + 3_000
    await Promise.race([stop.askedAgain, pause(patience, undefined, { ref: false })])
    app.kill('SIGKILL')
  }
  void hurry()
  return ended
}

/** Says that a port is taken before anything long is done. An app that is just ending gets a moment. */
async function refuseTakenPort({ host, port }) {
  const deadline = Date.now() + 2_000
  for (;;) {
    const error = await tryPort(host, port)
    if (!error) return
    if (error.code !== 'EADDRINUSE') {
      throw expectedError(`Cannot listen on ${host}:${port}: ${error.message}`, 'Check HOST and PORT.')
    }
    if (Date.now() > deadline) {
      throw expectedError(
        `Port ${port} is in use on ${host}.`,
        `Stop the program that uses it (perhaps an Incipit that is running), or choose another: PORT=${port + 1} npm start`,
      )
    }
    await pause(100)
  }
}

/** @returns {Promise<NodeJS.ErrnoException | null>} */
function tryPort(host, port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })
}
