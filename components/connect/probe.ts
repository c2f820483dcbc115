import { z } from 'zod'

/** The findings of a client at the other end. */
export interface Probe {
  server: string
  version: string
  /** The revision of the protocol that both agreed on. */
  revision: string
  prompts: number
  /** Milliseconds of the handshake and of a page of prompts/list, as seen from this browser. */
  handshakeMs: number
  listMs: number
}

const NEWEST_WITH_HANDSHAKE = '2025-11-25'
const Initialized = z.object({
  protocolVersion: z.string(),
  serverInfo: z.object({ name: z.string(), title: z.string().optional(), version: z.string() }),
})
const Listed = z.object({ prompts: z.array(z.unknown()), nextCursor: z.string().optional() })
const Failed = z.object({ error: z.object({ code: z.number(), message: z.string() }) })

/** What a client sends, and how long it waits. */
interface Sending {
  signal: AbortSignal
  /** Left out where nobody asks for one. */
  key: string | undefined
}

/**
 * Connects as a client does: initialize, then every page of prompts/list.
 * @throws Error whose message tells the fault in plain words
 */
export async function probe(path: string, sending: Sending): Promise<Probe> {
  const initialize = {
    protocolVersion: NEWEST_WITH_HANDSHAKE,
    capabilities: {},
    clientInfo: { name: 'incipit-workbench', version: '1' },
  }
  const hello = await call(path, 'initialize', initialize, undefined, sending)
  const { protocolVersion: revision, serverInfo } = read(Initialized, hello.result)
  let prompts = 0
  let listMs: number | undefined
  let cursor: string | undefined
  do {
    const params = cursor === undefined ? {} : { cursor }
    const page = await call(path, 'prompts/list', params, revision, sending)
    const listed = read(Listed, page.result)
    prompts += listed.prompts.length
    listMs ??= page.ms
    cursor = listed.nextCursor
  } while (cursor !== undefined)
  return {
    server: serverInfo.title ?? serverInfo.name,
    version: serverInfo.version,
    revision,
    prompts,
    handshakeMs: hello.ms,
    listMs,
  }
}

async function call(
  path: string,
  method: string,
  params: object,
  revision: string | undefined,
  { signal, key }: Sending,
): Promise<{ result: unknown; ms: number }> {
  const started = performance.now()
  const response = await reach(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(revision !== undefined && { 'mcp-protocol-version': revision }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    // As a client elsewhere, which has no cookie of ours.
    credentials: 'omit',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal,
  })
  const answer = await readAnswer(response)
  const failed = Failed.safeParse(answer)
  if (failed.success) throw new Error(`The server refused ${method}: ${failed.data.error.message}`)
  if (!response.ok) throw new Error(`The server answered ${method} with status ${response.status}.`)
  const { result } = read(z.object({ result: z.unknown() }), answer)
  return { result, ms: performance.now() - started }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'TimeoutError')
      throw new Error('The server did not answer in time.', { cause })
    if (init.signal?.aborted === true) throw cause
    throw new Error('The server is not reached. Is it running?', { cause })
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    const words = `What answered is no MCP server: status ${response.status}, and not JSON.`
    throw new Error(`${words} A proxy in between may have answered.`, { cause })
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error('What answered does not speak the Model Context Protocol.')
}
