import { Inngest, type InngestFunction } from 'inngest'
import { EmbeddedRunner, embeddedClientOptions, inProcessHandler, type RunnerOptions } from '../src/runner.ts'

export const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A runner of functions of its own. Retries come soon, so that tests need not wait for them. */
export function embeddedRunner(
  options: Partial<RunnerOptions> & Pick<RunnerOptions, 'pool' | 'connectionString'>,
  functions: (client: Inngest.Any) => InngestFunction.Any[],
): EmbeddedRunner {
  const client: Inngest = new Inngest({
    id: 'suite',
    logger: silent,
    ...embeddedClientOptions(() => runner),
  })
  const runner = new EmbeddedRunner({
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
