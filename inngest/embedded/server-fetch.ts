import type { SentEvent } from './event.ts'
import type { Op } from './protocol.ts'

/** What the SDK asks a server for, as far as the runner does it. */
export interface ServerPart {
  /** @returns the ids of the events */
  send(events: SentEvent[]): Promise<string[]>
  /** Keeps what steps of a running call came to. @returns false: the call is to end, others go on with the run */
  keep(call: string, steps: Op[]): Promise<boolean>
}

/**
 * A `fetch` for the client's option of that name, by which the runner plays the server's part: events
 * (`POST {base}/e/{key}`) and the results of steps (`POST {base}/v1/checkpoint/{run}/async`) go to it.
 * Anything else would need a server, and there is none.
 */
export function serverFetch(server: () => ServerPart): typeof fetch {
  return async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const body = init?.method === 'POST' && typeof init.body === 'string' ? init.body : undefined
    try {
      if (body !== undefined && /^\/e\/[^/]+$/.test(pathname)) {
        const ids = await server().send(JSON.parse(body) as SentEvent[])
        return Response.json({ ids, status: 200 })
      }
      if (body !== undefined && /^\/v1\/checkpoint\/[^/]+\/async$/.test(pathname)) {
        const { qi_id: call, steps } = JSON.parse(body) as { qi_id: string; steps: Op[] }
        const goesOn = await server().keep(call, steps)
        return new Response(null, { status: goesOn ? 200 : 409 })
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return Response.json({ ids: [], error: message, status: 503 }, { status: 503 })
    }
    const error = `The embedded runner has no ${pathname}.`
    return Response.json({ error, status: 404 }, { status: 404 })
  }
}
