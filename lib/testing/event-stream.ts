/** An open event stream, read message by message. */
export interface EventStream {
  readonly status: number
  readonly headers: Headers
  /** The next message; undefined at the end. Comments are skipped. */
  next(): Promise<Record<string, unknown> | undefined>
  close(): Promise<void>
}

/** Opens an event stream; its messages wait until they are asked for. */
export async function openEvents(url: string, init: RequestInit = {}): Promise<EventStream> {
  const ending = new AbortController()
  const response = await fetch(url, { ...init, signal: ending.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''

  async function next(): Promise<Record<string, unknown> | undefined> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end !== -1) {
        const event = text.slice(0, end)
        text = text.slice(end + 2)
        const data = /^data: (.*)$/m.exec(event)?.[1]
        if (data !== undefined) return JSON.parse(data) as Record<string, unknown>
        continue
      }
      const part = await reader?.read()
      if (part === undefined || part.done) return undefined
      text += part.value
    }
  }

  return {
    status: response.status,
    headers: response.headers,
    next,
    async close() {
      ending.abort()
      await reader?.cancel().catch(() => undefined)
    },
  }
}
