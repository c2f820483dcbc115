/** One event of a stream (text/event-stream). */
export interface StreamEvent {
  event: string
  data: string
  /** Of this event, or of the last one that had one. */
  id: string
}

/** Longest line that is kept: a stream that sends no line end must not fill the memory. */
const LINE_MAX = 4_000_000

/**
 * Reads events as they arrive.
 * @param onBytes told of every piece, comments included: the stream is alive
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  const pending = { event: 'message', data: [] as string[], id: '' }
  for await (const bytes of body) {
    onBytes()
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    if (rest.length > LINE_MAX) throw new Error('The stream of changes sends a line without end.')
    for (const line of lines) {
      if (line !== '') take(pending, line)
      else if (pending.data.length > 0) {
        yield { event: pending.event, data: pending.data.join('\n'), id: pending.id }
        Object.assign(pending, { event: 'message', data: [] })
      } else pending.event = 'message'
    }
  }
}

function take(pending: { event: string; data: string[]; id: string }, line: string): void {
  const at = line.indexOf(':')
  const field = at === -1 ? line : line.slice(0, at)
  const value = at === -1 ? '' : line.slice(at + 1).replace(/^ /, '')
  if (field === 'event') pending.event = value
  else if (field === 'data') pending.data.push(value)
  else if (field === 'id') pending.id = value
}
