import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expectedError } from '../expected-error.mjs'
import { checkSettings } from './check-settings.mjs'
import { hasPackages, installPackages, isInstalled } from './install.mjs'
import { refuseMachine } from './machine.mjs'
import { chooseNode, environmentFor, warnOfKnownHoles } from './node-runtime.mjs'
import { distFolder } from './prepare.mjs'
import { runApp } from './run-app.mjs'
import { noteRunning } from './running.mjs'
import { readSettings } from './settings.mjs'
import { listenForStop, stopped } from './stop-order.mjs'

/** @typedef {ReturnType<typeof readSettings>} Settings */

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
  return runApp({
    args: [node, ...args(settings)],
    environment: (more) => environmentFor(node, { ...more, NODE_ENV: mode }),
    prepare: () => prepare(node),
    onStart: (address) => noteRunning({ address, build: mode === 'production' ? distFolder() : null }),
    settings,
    stop,
    started,
  })
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
