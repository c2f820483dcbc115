// The production entry: hosts Next and offers every request to the runtime's hot handler first. It
// imports nothing of ours; instrumentation.ts puts the runtime where it is found here.
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import next from 'next'

// Reading a variable of the real one asks the operating system, and libraries copy all of them at each call.
process.env = { ...process.env }
// stdout is the log's alone, line by line, for whoever collects it; Next prints to the console.
console.log = console.error
const { env } = process
const host = env.HOST || env.INCIPIT_SERVER_HOST || '127.0.0.1'
const port = Number(env.PORT || env.INCIPIT_SERVER_PORT || 3000)
const shutdownMs = Number(env.INCIPIT_SHUTDOWN_TIMEOUT_MS || env.INCIPIT_LIMITS_SHUTDOWN_MS || 10_000)
const runtime = () => globalThis[Symbol.for('incipit')]
let isStopping = false

const app = next({ dev: false, dir: import.meta.dirname, hostname: host, port })
const handle = app.getRequestHandler()
// A slow sender is cut off; an idle connection outlives the 60 s of the usual load balancer.
const timeouts = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 75_000,
  // How often Node looks whether the first two are over.
  connectionsCheckingInterval: 3_000,
}
const server = createServer(timeouts, (request, response) => {
  if (isStopping) response.setHeader('connection', 'close')
  if (runtime()?.hot?.(request, response)) return
  handle(request, response).catch((error) => {
    console.error(error)
    if (!response.headersSent) response.statusCode = 500
    response.end()
  })
})

server.once('error', (error) => {
  console.error(
    error.code === 'EADDRINUSE' ? `Port ${port} is in use: set PORT to another one.` : error.message,
  )
  process.exit(1)
})
// Before the first wait: who tells us to stop while we start is heard as well.
for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(event, () => void shutdown())
// The launcher died: nobody else would stop us.
if (process.channel) process.on('disconnect', () => void shutdown())

await app.prepare()
server.listen(port, host, () => process.send?.({ listening: server.address().port }))

/** Not ready any more; answers what is under way; closes. Ends within the time, whatever hangs. */
async function shutdown() {
  if (isStopping) return
  isStopping = true
  setTimeout(() => process.exit(1), shutdownMs)
  const drained = new Promise((resolve) => {
    void Promise.resolve(runtime()?.beginShutdown?.()).finally(() => server.close(resolve))
  })
  // A connection that was busy at first becomes idle later.
  setInterval(() => server.closeIdleConnections(), 50)
  await Promise.race([drained, pause(shutdownMs * 0.8)])
  server.closeAllConnections()
  await runtime()?.close?.()
  process.exit(0)
}
