import { Agent, request } from 'node:http'
import { brotliDecompressSync, unzipSync, zstdDecompressSync } from 'node:zlib'
import type { Received } from '../protocol/exchange.ts'
import type { Request } from './request.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/**
 * Sends a request over a connection that is kept, and reads the answer; of an event stream its beginning
 * alone. A connection that breaks is an answer of status 0.
 */
export function send({ url }: { url: string }, { method, path, headers, body }: Request): Promise<Received> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const outgoing = request({ hostname, port, method, path, headers, agent }, (incoming) => {
      const chunks: Buffer[] = []
      const done = () => resolve(received(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks)))
      const isStream = String(incoming.headers['content-type']).startsWith('text/event-stream')
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (isStream) incoming.destroy()
      })
      incoming.once('close', done)
    })
    outgoing.once('error', (error) => resolve(received(0, {}, Buffer.from(String(error)))))
    outgoing.end(body)
  })
}

function received(status: number, headers: NodeJS.Dict<string | string[]>, body: Buffer): Received {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  const text = decoded(body, headers['content-encoding']).toString('utf8')
  const isJson = text !== '' && /\bjson\b/.test(String(headers['content-type']))
  return { status, headers: Object.fromEntries(flat), text, json: isJson ? parsed(text) : undefined }
}

/** A request may ask for any encoding, and then gets one. A part of a stream is not whole: it stays as it is. */
function decoded(body: Buffer, encoding: string | string[] | undefined): Buffer {
  if (body.byteLength === 0) return body
  if (encoding === 'gzip' || encoding === 'deflate') return unzipSync(body)
  if (encoding === 'br') return brotliDecompressSync(body)
  return encoding === 'zstd' ? zstdDecompressSync(body) : body
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Does something with each of many, so many at a time, in order. */
export async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as Item, index)
  }
  await Promise.all(Array.from({ length: width }, lane))
}
