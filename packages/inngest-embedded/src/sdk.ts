import { randomBytes } from 'node:crypto'
import { type Inngest, InngestCommHandler, type InngestFunction } from 'inngest'
import type { Op } from './protocol.ts'

/** A call of the SDK's handler: of a request no more than it asks for. */
export interface HandlerCall {
  method: 'PUT' | 'POST'
  url: URL
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body: string
}

export interface HandlerAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

export type Handler = (call: HandlerCall) => Promise<HandlerAnswer>

/**
 * The SDK's handler over functions, for calls inside this process: nothing is signed, for nobody else can
 * call it, and no Request or Response is made for it.
 */
export function inProcessHandler(client: Inngest.Any, functions: readonly InngestFunction.Any[]): Handler {
  return new InngestCommHandler({
    frameworkName: 'embedded',
    client,
    functions,
    enableUnauthedSync: false,
    skipSignatureValidation: true,
    handler: (call: HandlerCall) => ({
      body: () => call.body,
      headers: (name) => call.headers[name.toLowerCase()] ?? null,
      method: () => call.method,
      url: () => call.url,
      transformResponse: ({ status, headers, body }): HandlerAnswer => ({ status, headers, body }),
    }),
  }).createHandler()
}

/** What the SDK hands over while a call runs. */
export interface Checkpoints {
  /** Keeps what steps of a running call came to. @returns false: the call is to end, others go on with the run */
  keep(call: string, steps: Op[]): Promise<boolean>
}

/**
 * The options of a client whose functions the runner calls.
 * @param runner asked at each call, for the client is made first; undefined while there is none
 */
export function embeddedClientOptions(runner: () => Checkpoints | undefined) {
  return {
    isDev: false,
    // The SDK's requests end in `fetch`: nothing goes there.
    baseUrl: 'http://embedded.invalid',
    eventKey: 'embedded',
    // Nobody knows it: a handler that serves the same functions over HTTP refuses every call.
    signingKey: `signkey-embedded-${randomBytes(32).toString('hex')}`,
    // No call ends for the sake of a gateway's patience.
    checkpointing: { bufferedSteps: 1, maxRuntime: 0 },
    fetch: checkpointFetch(runner),
  }
}

/**
 * A `fetch` by which the runner plays the server's part: the results of steps
 * (`POST {base}/v1/checkpoint/{run}/async`) go to it. Anything else would need a server, and there is none.
 */
export function checkpointFetch(runner: () => Checkpoints | undefined): typeof fetch {
  return async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const isCheckpoint = init?.method === 'POST' && /^\/v1\/checkpoint\/[^/]+\/async$/.test(pathname)
    if (!isCheckpoint || typeof init.body !== 'string') return refusal(404, `${told(pathname)}.`)
    const own = runner()
    if (own === undefined) return refusal(503, 'The embedded runner has not started.')
    const { qi_id: call, steps } = JSON.parse(init.body) as { qi_id: string; steps: Op[] }
    try {
      return new Response(null, { status: (await own.keep(call, steps)) ? 200 : 409 })
    } catch (error) {
      return refusal(503, error instanceof Error ? error.message : String(error))
    }
  }
}

function told(pathname: string): string {
  return pathname.startsWith('/e/')
    ? 'The embedded runner takes events by its own send(), not by client.send or step.sendEvent'
    : `The embedded runner has no ${pathname}`
}

/** In the shape of an answer to events, whose error the SDK repeats. */
function refusal(status: number, error: string): Response {
  return Response.json({ ids: [], error, status }, { status })
}
