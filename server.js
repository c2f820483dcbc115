// The production entry: hosts Next and hands every request to the runtime's edge first. It imports
// nothing of ours; instrumentation.ts puts the runtime where it is found here.
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

// Reading a variable of the real one asks the operating system, and libraries copy all of them at each call.
process.env = { ...process.env }
// stdout is the log's alone, line by line, for whoever collects it; Next prints to the console.
console.log = console.error
const { env } = process
const host = env.HOST || env.INCIPIT_SERVER_HOST || '127.0.0.1'
const port = Number(env.PORT || env.INCIPIT_SERVER_PORT || 3000)
const shutdownMs = Number(env.INCIPIT_SHUTDOWN_TIMEOUT_MS || env.INCIPIT_LIMITS_SHUTDOWN_MS || 10_000)
const runtime = () => globalThis[Symbol.for('incipit')]
// Next calls instrumentation.ts on its own time; lib/boot/start.ts says when to listen.
const started = Promise.withResolvers()
globalThis[Symbol.for('incipit.started')] = started.resolve
let isStopping = false
const impatient = new AbortController()

const options = {
  // How often Node looks whether the time for a request is over; the times are in the configuration.
  connectionsCheckingInterval: 3_000,
  // Offers of other protocols (h2c, WebSocket) are left alone: the answer is the usual one.
  shouldUpgradeCallback: () => false,
  // Answered by the edge, which says what is wrong.
  requireHostHeader: false,
}
const server = createServer(options, answer)
// Whoever asks before sending a body is told by the same code.
server.on('checkContinue', answer)

function answer(request, response) {
  if (isStopping) response.setHeader('connection', 'close')
  runtime().edge.serve(request, response, () => {
    handle(request, response).catch((error) => {
      runtime().log.error({ err: error }, 'Next could not answer a request')
      if (!response.headersSent) response.statusCode = 500
      response.end()
    })
  })
}

server.once('error', (error) => {
  console.error(
    error.code === 'EADDRINUSE' ? `Port ${port} is in use: set PORT to another one.` : error.message,
  )
  process.exit(1)
})
// Before the first wait, loading Next: who tells us to stop while we start is heard as well. In a container nobody
// else would do it: the kernel ends no first process that does not listen.
for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(event, (signal) => void shutdown(signal))
// The launcher died: nobody else would stop us.
if (process.channel) process.on('disconnect', () => void shutdown())

const { default: next } = await import('next')
const app = next({ dev: false, dir: import.meta.dirname, hostname: host, port })
const handle = app.getRequestHandler()
await app.prepare()
await started.promise
runtime().edge.attach(server)
server.listen(port, host, () => process.send?.({ listening: server.address().port }))

/**
 * Not ready any more. Told by SIGTERM, as balanced servers are, it serves for a while as ever and asks for
 * new connections; then it answers what is under way, and closes. Ends within the time, whatever hangs.
 */
async function shutdown(signal) {
  // Somebody at a keyboard does not wait.
  if (signal === 'SIGINT') impatient.abort()
  if (isStopping) return
  isStopping = true
  const drainMs = (signal === 'SIGTERM' && runtime()?.announceShutdown()) || 0
  await pause(drainMs, undefined, { signal: impatient.signal }).catch(() => undefined)
  setTimeout(() => process.exit(1), shutdownMs)
  const drained = new Promise((resolve) => {
    void Promise.resolve(runtime()?.beginShutdown()).finally(() => server.close(resolve))
  })
  // A connection that was busy at first becomes idle later.
  setInterval(() => server.closeIdleConnections(), 50)
  await Promise.race([drained, pause(shutdownMs * 0.8)])
  server.closeAllConnections()
  await runtime()?.close()
  process.exit(0)
}
