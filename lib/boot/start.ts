import { createEdge } from '../door/edge/edge.ts'
import { cardEarly } from '../mcp/card-protocol.ts'
import { mcpEarly } from '../mcp/transport/node.ts'
import { oauthEarly } from '../oauth/protocol.ts'
import { recognizeSessions } from '../people/auth/identify-session.ts'
import { authEarly } from '../people/auth/protocol.ts'
import { restEarly, restFault } from '../rest/early.ts'
import { getRuntime } from '../runtime.ts'
import { siteEarly } from '../site/protocol.ts'
import { startTelemetry } from '../telemetry/start.ts'
import { boot, type Step } from './boot.ts'

/** Time for telling others why a start failed. */
const LAST_WORDS_MS = 2000

/** A start that takes longer answers as not ready meanwhile: whoever watches sees that it lives. */
const LISTEN_MS = 10_000

/**
 * Starts what a serving process needs, in the background. The server listens once it can serve, so that a balancer
 * that knows nothing but whether a connection is taken sends it nothing too early; earlier, as not ready, where the
 * start has to wait for the database or takes long. A start that cannot succeed ends the process with the reason.
 * @param steps the last steps of boot; lib knows nothing of them
 */
export async function startApp(steps: readonly Step[] = []): Promise<void> {
  try {
    const runtime = getRuntime()
    await startTelemetry(runtime)
    recognizeSessions()
    // Frequent requests of agents skip Next's router.
    runtime.edge = createEdge({
      take: (request, response) =>
        mcpEarly(request, response) ||
        cardEarly(request, response) ||
        oauthEarly(request, response) ||
        authEarly(request, response) ||
        restEarly(request, response) ||
        siteEarly(request, response),
      fault: restFault,
    })
    setTimeout(tellServer, LISTEN_MS)
    boot(steps, tellServer).then(tellServer, async (error: unknown) => {
      runtime.log.fatal({ err: error }, 'the start failed')
      await runtime.telemetry.flush?.(LAST_WORDS_MS)
      process.exit(1)
    })
  } catch (error) {
    // The configuration itself is wrong: there may be no log to write to yet.
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`)
    process.exit(1)
  }
}

/** Tells server.js, which waits for this before it listens. `next start` and `next dev` do not wait. */
function tellServer(): void {
  const started: unknown = Reflect.get(globalThis, Symbol.for('incipit.started'))
  if (typeof started === 'function') started()
}
