import { expectedError } from '../expected-error.mjs'
import { endRunningCommands } from '../run-command.mjs'

/**
 * The order to stop: Ctrl-C, a service manager, a closed terminal.
 * @typedef {object} StopOrder
 * @property {Promise<void>} asked
 * @property {Promise<void>} askedAgain somebody is impatient
 * @property {() => boolean} isAsked
 * @property {() => void} forget stops listening, when nobody else listens
 */

/** @type {{order: Omit<StopOrder, 'forget'>, close: () => void} | null} */
let listening = null
let listeners = 0

/**
 * Listens for the order to stop; npm and build tools that run are ended by it, and waited for by whoever
 * runs them. Call forget() afterwards.
 * @returns {StopOrder}
 */
export function listenForStop() {
  listening ??= listen()
  listeners++
  const forget = () => {
    listeners--
    if (listeners > 0) return
    listening?.close()
    listening = null
  }
  return { ...listening.order, forget }
}

/** The error of work that the order to stop broke off. */
export function stopped() {
  return Object.assign(expectedError('Stopped.'), { exitCode: 130 })
}

/** npm and the terminal may both pass an order on, so only a later second one means impatience. */
function listen() {
  const asked = withResolvers()
  const again = withResolvers()
  let first = 0
  const ask = () => {
    if (first && Date.now() - first > 1_000) {
      again.resolve()
      endRunningCommands('SIGKILL')
    } else endRunningCommands('SIGTERM')
    first ||= Date.now()
    asked.resolve()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, ask)
  // A parent that keeps a channel to us went away.
  if (process.channel) {
    process.on('disconnect', ask)
    // Listening to it must not keep a launcher alive that has nothing left to do.
    process.channel.unref()
  }
  const timer = whenNpmDies(ask)
  const close = () => {
    for (const signal of signals) process.off(signal, ask)
    process.off('disconnect', ask)
    clearInterval(timer)
  }
  return {
    order: { asked: asked.promise, askedAgain: again.promise, isAsked: () => first > 0 },
    close,
  }
}

/**
 * npm runs us under a shell that does not pass signals on: when somebody ends npm, all we see is that
 * our parent is gone.
 */
function whenNpmDies(ask) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return undefined
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    ask()
  }, 250)
  return timer.unref()
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers() {
  let resolve
  const promise = new Promise((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}
