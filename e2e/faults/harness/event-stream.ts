/** An open stream of notifications, as an MCP client of a revision with a handshake opens it. */
export interface EventStream {
  /** Everything that arrived so far. */
  readonly text: string
  /** Whether the server ended it in an orderly way (true), broke it (false), or it is open. */
  readonly ended: boolean | undefined
  close(): void
}

/** Opens one and waits for its first bytes. */
export async function openEventStream(app: { url: string }): Promise<EventStream> {
  const abort = new AbortController()
  const response = await fetch(`${app.url}/api/mcp`, {
    headers: { accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25' },
    signal: abort.signal,
  })
  if (response.status !== 200 || response.body === null) throw new Error(`stream: ${response.status}`)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const state: { text: string; ended: boolean | undefined } = { text: '', ended: undefined }
  const first = await reader.read()
  state.text += first.value ?? ''
  void follow(reader, state)
  return {
    get text() {
      return state.text
    },
    get ended() {
      return state.ended
    },
    close: () => abort.abort(),
  }
}

async function follow(
  reader: ReadableStreamDefaultReader<string>,
  state: { text: string; ended: boolean | undefined },
): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        state.ended = true
        return
      }
      state.text += value
    }
  } catch {
    state.ended = false
  }
}

/** How many times a list was said to have changed. */
export function changesTold(stream: EventStream, list: 'prompts' | 'tools' | 'resources'): number {
  return stream.text.split(`notifications/${list}/list_changed`).length - 1
}
