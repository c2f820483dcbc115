import { Inngest, type InngestFunction } from 'inngest'
import { inProcessHandler } from '../embedded/handler.ts'
import { createEmbeddedRunner, type EmbeddedRunner, type RunnerOptions } from '../embedded/runner.ts'
import { serverFetch } from '../embedded/server-fetch.ts'

export const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A runner of functions of its own. Retries come soon, so that tests need not wait for them. */
export function embeddedRunner(
  options: Partial<RunnerOptions> & Pick<RunnerOptions, 'pool' | 'connectionString'>,
  functions: (client: Inngest.Any) => InngestFunction.Any[],
): EmbeddedRunner {
  const client: Inngest = new Inngest({
    id: 'suite',
    isDev: false,
    baseUrl: 'http://embedded.invalid',
    eventKey: 'embedded',
    signingKey: 'signkey-test-00',
    logger: silent,
    fetch: serverFetch(() => runner),
  })
  const runner = createEmbeddedRunner({
    handler: inProcessHandler(client, functions(client)),
    log: silent,
    schema: 'suite',
    workers: 32,
    pollMs: 200,
    retryMinMs: 300,
    ...options,
  })
  return runner
}
