import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { endRunningCommands } from '../run-command.mjs'
import { openDatabase } from './database.mjs'
import { chooseNode, environmentFor } from './node-runtime.mjs'
import { printWhereToGo } from './where-to-go.mjs'

/**
 * Runs the app over its database until it ends or we are told to stop, then stops the database.
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} settings
 * @param {{args: readonly string[], mode: 'production' | 'development', prepare: (node: string) => Promise<void>}} options
 *   args: what Node runs · prepare: what must be done before it, with the database already ours
 * @returns {Promise<number>} the exit code
 */
export async function serve(settings, { args, mode, prepare }) {
  const started = performance.timeOrigin
  await refuseTakenPort(settings)
  const node = chooseNode()
  const purpose = `on http://${settings.host}:${settings.port}`
  const stop = stopSignal()
  const database = await openDatabase(settings, { purpose, attach: false })
  try {
    await Promise.race([prepare(node), stop.asked])
    if (stop.isAsked()) {
      // Half-way through a build: it ends with us.
      endRunningCommands()
      return 130
    }
    const app = spawn(node, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: environmentFor(node, {
        ...database.environment,
        NODE_ENV: mode,
        HOST: settings.host,
        PORT: String(settings.port),
        INCIPIT_SHUTDOWN_TIMEOUT_MS: String(settings.shutdownMs),
      }),
    })
    return await follow(app, { settings, stop, started })
  } finally {
    await database.stop()
  }
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
    void printWhereToGo({ host: settings.host, port, started, until: Promise.race([ended, stop.asked]) })
  const first = await Promise.race([ended.then((code) => ({ code })), stop.asked.then(() => null)])
  if (first) {
    if (first.code !== 0) console.error('The app ended with an error; its last messages are above.')
    return first.code
  }
  // Windows knows no SIGTERM; the end of the channel says the same.
  if (process.platform === 'win32') app.disconnect()
  else app.kill('SIGTERM')
  const hurry = async () => {
    await Promise.race([stop.askedAgain, pause(settings.shutdownMs + 3_000, undefined, { ref: false })])
    app.kill('SIGKILL')
  }
  void hurry()
  return ended
}

/**
 * The order to stop: Ctrl-C, a service manager, a closed terminal. npm and the terminal may both pass
 * one on, so only a later second one means impatience.
 */
function stopSignal() {
  const asked = withResolvers()
  const again = withResolvers()
  let first = 0
  const ask = () => {
    if (first && Date.now() - first > 1_000) again.resolve()
    first ||= Date.now()
    asked.resolve()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask)
  // A parent that keeps a channel to us went away.
  if (process.channel) {
    process.on('disconnect', ask)
    // Listening to it must not keep a launcher alive that has nothing left to do.
    process.channel.unref()
  }
  whenNpmDies(ask)
  return { asked: asked.promise, askedAgain: again.promise, isAsked: () => first > 0 }
}

/**
 * npm runs us under a shell that does not pass signals on: when somebody ends npm, all we see is that
 * our parent is gone.
 */
function whenNpmDies(stop) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 250)
  timer.unref()
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers() {
  let resolve
  const promise = new Promise((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
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
