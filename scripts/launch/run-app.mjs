import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { root } from '../root.mjs'
import { openDatabase } from './database.mjs'
import { stopped } from './stop-order.mjs'
import { printWhereToGo } from './where-to-go.mjs'

/** glibc keeps freed memory by thread: two of its arenas do for an app that works on one. */
const leanMemory = { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2' }

/**
 * Runs the app over its database until it ends or the order to stop comes, then stops the database.
 * @param {object} options
 * @param {string[]} options.args the program and what it is given
 * @param {(more: Record<string, string>) => NodeJS.ProcessEnv} options.environment of the app, with these added
 * @param {() => Promise<void>} [options.prepare] what must be done before it, with the database already ours
 * @param {(address: string) => () => void} [options.onStart] told before the app starts; what it returns, at its end
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} options.settings
 * @param {import('./stop-order.mjs').StopOrder} options.stop
 * @param {number} options.started when, for how long it took
 * @returns {Promise<number>} the exit code
 */
export async function runApp({ args, environment, prepare, onStart, settings, stop, started }) {
  const address = `on http://${settings.host}:${settings.port}`
  const database = await openDatabase(settings, { purpose: address, attach: false })
  let forget = () => {}
  try {
    await prepare?.()
    if (stop.isAsked()) throw stopped()
    forget = onStart?.(address) ?? forget
    const [program, ...rest] = args
    const app = spawn(program, rest, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: environment({
        ...leanMemory,
        ...database.environment,
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
