import { EmbeddedRunner, inProcessHandler } from '@incipit/inngest-embedded'
import { setJobSender } from '#lib/jobs.ts'
import { getRuntime, type Runtime } from '#lib/runtime.ts'
import { embedded, inngestClient } from './client.ts'
import { addFunctionMetrics } from './function-metrics.ts'
import { functions } from './functions.ts'
import { inngestMode, JOBS_SCHEMA } from './mode.ts'
import { startServerSide } from './server-side.ts'

/** Part of the time for shutdown that running steps get; closing the database needs some, too. */
const DRAIN_SHARE = 0.7

/**
 * Starts what works in the background, and tells the domains where to send jobs.
 * @throws Error that names what a function asks for and the embedded runner does not do
 */
export async function startBackgroundWork(): Promise<void> {
  const runtime = getRuntime()
  addFunctionMetrics()
  if (inngestMode(runtime.config) === 'embedded') await startEmbedded(runtime)
  else startServerSide(runtime)
}

async function startEmbedded(runtime: Runtime): Promise<void> {
  const { config, database, log } = runtime
  const { inngest } = config
  const client = inngestClient()
  const runner = new EmbeddedRunner({
    handler: inProcessHandler(client, functions(client)),
    pool: database.primary.pool,
    connectionString: database.url,
    ownerConnectionString: config.migrateUrl,
    log: log.child({ part: 'background' }),
    schema: JOBS_SCHEMA,
    workers: inngest.workers,
    leaseMs: inngest.lease_ms,
    pollMs: inngest.poll_ms,
    crashes: inngest.crashes,
  })
  // Steps hand results over as soon as work begins.
  embedded().runner = runner
  await runner.start()
  setJobSender({
    async send(jobs) {
      await runner.send(jobs.map(({ name, id, data }) => ({ name, id, data })))
    },
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= runner.stop(config.limits.shutdown_ms * DRAIN_SHARE)
    return stopped
  }
  // Streams end while running steps do: nobody waits for the other.
  runtime.onShutdown('drain', 'background work', () => void stop())
  runtime.onShutdown('close', 'background work', stop)
}
