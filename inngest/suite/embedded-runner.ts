import { randomBytes } from 'node:crypto'
import { Inngest, type InngestFunction } from 'inngest'
import { serve } from 'inngest/edge'
import { eventFetch } from '../embedded/event-fetch.ts'
import { createEmbeddedRunner, type EmbeddedRunner, type RunnerOptions } from '../embedded/runner.ts'

export const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A runner of functions of its own. Retries come soon, so that tests need not wait for them. */
export function embeddedRunner(
  options: Partial<RunnerOptions> & Pick<RunnerOptions, 'pool' | 'connectionString'>,
  functions: (client: Inngest.Any) => InngestFunction.Any[],
): EmbeddedRunner {
  const signingKey = `signkey-test-${randomBytes(16).toString('hex')}`
  const client: Inngest = new Inngest({
    id: 'suite',
    isDev: false,
    baseUrl: 'http://embedded.invalid',
    eventKey: 'embedded',
    signingKey,
    logger: silent,
    fetch: eventFetch((events) => runner.send(events)),
  })
  const runner = createEmbeddedRunner({
    handler: serve({ client, functions: functions(client), enableUnauthedSync: false }),
    signingKey,
    log: silent,
    schema: 'suite',
    workers: 32,
    pollMs: 200,
    retryMinMs: 300,
    ...options,
  })
  return runner
}
