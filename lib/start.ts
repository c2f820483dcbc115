import { boot } from './boot.ts'
import { getRuntime } from './runtime.ts'

/**
 * Starts what a serving process needs, in the background: the server answers `/health/live` from its
 * first moment, and `/health/ready` once boot has come through.
 */
export function startApp(): void {
  const runtime = getRuntime()
  boot().catch((error: unknown) => {
    runtime.log.fatal({ err: error }, error instanceof Error ? error.message : 'the start failed')
    process.exit(1)
  })
}
