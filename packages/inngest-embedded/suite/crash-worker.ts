/**
 * A process that runs functions until it is told to stop (SIGTERM) or killed: `crash-worker.ts URL
 * STOP_MS LEASE_MS`. What its functions tell is a line of JSON each on its output.
 */
import { writeSync } from 'node:fs'
import pg from 'pg'
import { crashFunctions } from './crash-functions.ts'
import { embeddedRunner } from './embedded-runner.ts'

const [connectionString = '', stopMs, leaseMs] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 6 })
pool.on('error', () => undefined)
// Written at once: lines before a kill are not lost.
const tell = (subject: string, what: string, detail?: unknown) =>
  void writeSync(1, `${JSON.stringify({ subject, what, detail })}\n`)
const runner = embeddedRunner({ pool, connectionString, workers: 8, leaseMs: Number(leaseMs) }, (client) =>
  crashFunctions(client, pool, tell),
)
process.once('SIGTERM', () => {
  void runner.stop(Number(stopMs)).then(() => process.exit(0))
})
// The test that started it is gone.
process.stdin.once('end', () => process.exit(1)).resume()
await runner.start()
tell('worker', 'ready', process.pid)
