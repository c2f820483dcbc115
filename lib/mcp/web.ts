import { webRequest } from '../http/route.ts'
import { answer, type Endpoint } from './endpoint.ts'
import { bodyText, isStream, type McpAnswer, type Sink, type StreamAnswer } from './exchange.ts'

type Handler = (request: Request) => Promise<Response>
type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** The exports of a route file; the methods that are not possible answer 405 in the protocol's form. */
export function mcpRoute(endpoint: Endpoint): Record<Method, Handler> {
  const handler: Handler = async (request) => toResponse(request, await answer(endpoint, webRequest(request)))
  return {
    GET: handler,
    HEAD: handler,
    POST: handler,
    PUT: handler,
    PATCH: handler,
    DELETE: handler,
    OPTIONS: handler,
  }
}

function toResponse(request: Request, answered: McpAnswer): Response {
  if (isStream(answered)) return new Response(toReadable(answered), { headers: answered.headers })
  const { status, headers, body } = answered
  const sent = body === undefined || request.method === 'HEAD' ? null : bodyText(body)
  return new Response(sent, { status, headers })
}

function toReadable({ start }: StreamAnswer): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const drained = new Set<() => void>()
  let stop: () => void = () => undefined
  let open = true
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const sink: Sink = {
        write(frame) {
          if (!open) return false
          controller.enqueue(typeof frame === 'string' ? encoder.encode(frame) : frame)
          return (controller.desiredSize ?? 0) > 0
        },
        onDrain: (listener) => void drained.add(listener),
        end() {
          if (open) controller.close()
          open = false
        },
      }
      stop = start(sink)
    },
    pull() {
      for (const listener of drained) listener()
    },
    cancel() {
      open = false
      stop()
    },
  })
}
