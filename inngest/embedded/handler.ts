import { type Inngest, InngestCommHandler, type InngestFunction } from 'inngest'

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
