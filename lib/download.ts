import type { Sink, StreamStart } from './event-stream.ts'

/** A file that is sent while it is made. */
export interface Download {
  /** The name that a browser saves it under. */
  readonly fileName: string
  /** With its parameters: `text/csv; charset=utf-8`. */
  readonly mediaType: string
  readonly start: StreamStart
}

/**
 * Sends the parts of a file one after another, as fast as its reader takes them.
 * @param onEnd is called once, with the error when there was one; the answer is then broken off, so that nobody
 *   takes a part for the whole
 */
export function sendParts(
  sink: Sink,
  parts: AsyncIterable<string | Uint8Array>,
  onEnd: (error?: unknown) => void,
): () => void {
  let isOpen = true
  let wake = (): void => undefined
  sink.onDrain(() => wake())
  const send = async (): Promise<void> => {
    for await (const part of parts) {
      if (isOpen && !sink.write(part)) await new Promise<void>((resolve) => (wake = resolve))
      if (!isOpen) return
    }
    sink.end()
  }
  void send().then(
    () => onEnd(),
    (error: unknown) => {
      if (isOpen) breakOff(sink)
      onEnd(error)
    },
  )
  return () => {
    isOpen = false
    wake()
  }
}

/** Ends an answer so that its reader sees that it is not whole. */
export function breakOff(sink: Sink): void {
  if (sink.fail === undefined) sink.end()
  else sink.fail()
}
