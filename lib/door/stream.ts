import type { ServerResponse } from 'node:http'
import type { Sink, StreamStart } from '../event-stream.ts'

/** Sends an event stream over a Node response, until either side ends it. */
export function sendStream(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  start: StreamStart,
): void {
  // The client may have gone meanwhile; no later event would show it.
  if (response.destroyed) return
  response.writeHead(200, headers)
  const sink: Sink = {
    write: (frame) => response.writable && response.write(frame),
    onDrain: (listener) => void response.on('drain', listener),
    end: () => void response.end(),
    fail: () => void response.destroy(),
  }
  const stop = start(sink)
  response.on('close', stop)
}

/** An event stream as the body of a Web response. */
export function readableStream(start: StreamStart): ReadableStream<Uint8Array> {
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
        fail() {
          if (open) controller.error(new Error('The answer was broken off.'))
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
