import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Behaviour } from './behaviour.ts'
import type { Dialect } from './dialects.ts'

/** What an answer is made for. */
export interface Asked {
  model: string
  /** The key as it was sent. */
  key: string | undefined
  /** Characters that were sent. */
  length: number
}

const FLOOD_BYTES = 100 * 1024 * 1024
const FLOOD_PIECE = 'x'.repeat(64 * 1024)

/** Answers one call as its behaviour says; ends quietly when the caller goes away. */
export async function answer(
  response: ServerResponse,
  dialect: Dialect,
  behaviour: Behaviour,
  asked: Asked,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    if (behaviour.firstDelayMs) await delay(behaviour.firstDelayMs, undefined, { signal: gone.signal })
    if (behaviour.fault === 'hang') await once(response, 'close')
    else if (refuse(response, dialect, behaviour, asked)) return
    else await stream(response, dialect, behaviour, asked, gone.signal)
  } catch (error) {
    if (!gone.signal.aborted) throw error
  }
}

/** Whether it answered with an error status. */
function refuse(response: ServerResponse, dialect: Dialect, behaviour: Behaviour, asked: Asked): boolean {
  const { fault, headers = {} } = behaviour
  if (fault === 'redirect') {
    response
      .writeHead(307, { location: behaviour.message ?? 'http://169.254.169.254/latest/meta-data/' })
      .end()
    return true
  }
  const status = fault === 'quote_key' ? 401 : behaviour.status
  if (status === undefined) return false
  const message =
    fault === 'quote_key'
      ? `Incorrect API key provided: ${asked.key}. Sent as Bearer ${asked.key}.`
      : (behaviour.message ?? `The double was told to answer ${status}.`)
  response.writeHead(status, {
    'content-type': 'application/json',
    [dialect.requestIdHeader]: 'req_double',
    ...headers,
  })
  response.end(behaviour.body ?? JSON.stringify(dialect.problem(message, behaviour.code ?? 'double_error')))
  return true
}

async function stream(
  response: ServerResponse,
  dialect: Dialect,
  behaviour: Behaviour,
  asked: Asked,
  gone: AbortSignal,
): Promise<void> {
  const { fault, chunks = [], delayMs = 0 } = behaviour
  const write = async (text: string) => {
    if (!response.write(text)) await once(response, 'drain', { signal: gone })
  }
  response.writeHead(200, {
    'content-type': fault === 'html' ? 'text/html' : 'text/event-stream',
    [dialect.requestIdHeader]: 'req_double',
    ...behaviour.headers,
  })
  if (fault === 'html') return void response.end('<html><body>Welcome to the proxy</body></html>')
  if (fault === 'garbage') return void response.end('event: response.created\ndata: {"type": nonsense\n\n')
  await write(dialect.begin(asked.model))
  if (fault === 'flood' || fault === 'flood_line') return flood(write, fault, dialect)
  const isCut = fault !== undefined && !fault.endsWith('_at_end')
  for (const [index, text] of chunks.slice(0, isCut ? Math.ceil(chunks.length / 2) : undefined).entries()) {
    if (index > 0 && delayMs > 0) await delay(delayMs, undefined, { signal: gone })
    await write(dialect.piece(text))
  }
  for (const data of behaviour.odd ?? []) await write(dialect.odd(data))
  if (fault === 'stall') await once(response, 'close')
  else if (fault === 'disconnect') {
    // What was written must be on its way before the connection breaks.
    await new Promise((resolve) => void response.write(':\n', resolve))
    response.destroy()
  } else if (fault === 'truncate') response.end()
  else if (fault === 'error_event') response.end(dialect.error('The double broke in the middle.'))
  else {
    const end = endOf(dialect, behaviour, asked)
    if (fault === undefined) return void response.end(end)
    // Without the last event, which is the count or says that nothing follows.
    await write(end.slice(0, end.lastIndexOf('\n\n', end.length - 3) + 2))
    if (fault === 'stall_at_end') return void (await once(response, 'close'))
    await new Promise((resolve) => void response.write(':\n', resolve))
    response.destroy()
  }
}

function endOf(dialect: Dialect, behaviour: Behaviour, { length }: Asked): string {
  const { chunks = [], finish, reported, usage } = behaviour
  if (reported !== undefined) return dialect.endWith(finish, reported)
  const tokens = { input: Math.ceil(length / 4), output: chunks.length }
  return dialect.end(finish, usage === false ? undefined : tokens)
}

async function flood(write: (text: string) => Promise<void>, fault: string, dialect: Dialect): Promise<void> {
  if (fault === 'flood_line') await write('data: ')
  for (let sent = 0; sent < FLOOD_BYTES; sent += FLOOD_PIECE.length)
    await write(fault === 'flood' ? dialect.piece(FLOOD_PIECE) : FLOOD_PIECE)
}
