/** One server-sent event. */
export interface ServerEvent {
  event: string
  id: string | undefined
  data: Record<string, unknown>
}

/** An open stream of server-sent events, read one by one with their names and ids. */
export interface ServerEvents {
  readonly status: number
  readonly headers: Headers
  /** The next event; undefined at the end. Comments are skipped. */
  next(): Promise<ServerEvent | undefined>
  close(): Promise<void>
}

/** Opens a stream; its events wait until they are asked for. */
export async function openServerEvents(url: string, init: RequestInit = {}): Promise<ServerEvents> {
  const ending = new AbortController()
  const response = await fetch(url, { ...init, signal: ending.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''

  async function next(): Promise<ServerEvent | undefined> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end !== -1) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const member = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        const data = member('data')
        if (data === undefined) continue
        return {
          event: member('event') ?? 'message',
          id: member('id'),
          data: JSON.parse(data) as Record<string, unknown>,
        }
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
