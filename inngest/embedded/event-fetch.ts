import type { SentEvent } from './event.ts'

/**
 * A `fetch` for the client's option of that name: what the SDK would post to an event key (`POST
 * {base}/e/{key}`) goes to `send`. Anything else would need a server, and there is none.
 */
export function eventFetch(send: (events: SentEvent[]) => Promise<string[]>): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (init?.method !== 'POST' || !/^\/e\/[^/]+$/.test(url.pathname) || typeof init.body !== 'string')
      return Response.json(
        { error: `The embedded runner has no ${url.pathname}.`, status: 404 },
        { status: 404 },
      )
    try {
      const ids = await send(JSON.parse(init.body) as SentEvent[])
      return Response.json({ ids, status: 200 })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return Response.json({ ids: [], error: message, status: 503 }, { status: 503 })
    }
  }
}
