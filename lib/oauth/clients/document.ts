import { LRUCache } from 'lru-cache'
import { parseJson } from '../../json.ts'
import { getRuntime } from '../../runtime.ts'
import { isOAuthError, oauthError } from '../errors.ts'
import { CLIENT_SCOPES } from '../rules.ts'
import type { Client } from './client.ts'
import { type FetchDocument, fetchDocument } from './fetch-document.ts'
import { readMetadata } from './metadata.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS
/** How long a document is kept that says nothing of it. */
const USUAL_MS = 60 * MINUTE_MS
/** How long a document is not asked for again that could not be used. */
const FAILED_MS = 30_000
const DOCUMENTS_MAX = 1000
/** Documents that are read at the same time: whoever asks for more waits for a moment. */
const AT_ONCE = 16
const ADDRESS_LENGTH = 1000
const JSON_DEPTH = 16

interface Documents {
  readonly kept: LRUCache<string, Promise<Client>>
  reading: number
  fetch: FetchDocument
}

/** The documents that this process has read; a test puts its own fetch there. */
export function documents(): Documents {
  return getRuntime().once('oauth.documents', () => ({
    kept: new LRUCache<string, Promise<Client>>({ max: DOCUMENTS_MAX, ttl: FAILED_MS }),
    reading: 0,
    fetch: (url) => fetchDocument(url),
  }))
}

/**
 * The client that a document describes, whose address is the client's id
 * (draft-ietf-oauth-client-id-metadata-document).
 * @throws OAuthError
 */
export function documentClient(id: string): Promise<Client> {
  const { kept } = documents()
  const known = kept.get(id)
  if (known !== undefined) return known
  const reading = readDocument(id, (milliseconds) => kept.set(id, reading, { ttl: milliseconds }))
  kept.set(id, reading)
  // That others had all places says nothing of this one.
  reading.catch((error: unknown) => {
    if (isOAuthError(error) && error.code === 'temporarily_unavailable') kept.delete(id)
  })
  return reading
}

async function readDocument(id: string, keepFor: (milliseconds: number) => void): Promise<Client> {
  const host = documentHost(id)
  const { text, cacheControl } = await fetched(id)
  const value = parsed(text)
  if (value.client_id !== id)
    throw oauthError('invalid_client', 'The document of this client says that it is another one.')
  if ('client_secret' in value)
    throw oauthError(
      'invalid_client',
      'The document of this client holds a secret, which everybody can read.',
    )
  const { name = host, uri, redirectUris } = readMetadata(value)
  keepFor(lifetime(cacheControl))
  return { id, name, uri, redirectUris, origin: 'document', workspaceId: null, scopes: CLIENT_SCOPES }
}

/** The host of an address that can be a client's id: as it is written is how it is read. @throws OAuthError */
function documentHost(id: string): string {
  const url = id.length > ADDRESS_LENGTH ? null : URL.parse(id)
  const isPlain =
    url !== null && url.href === id && url.pathname !== '/' && !id.includes('#') && url.username === ''
  if (!isPlain)
    throw oauthError(
      'invalid_client',
      'The client_id is no plain https address with a path, as of a document.',
    )
  return url.host
}

async function fetched(id: string) {
  const all = documents()
  if (all.reading >= AT_ONCE)
    throw oauthError('temporarily_unavailable', 'Too many clients ask at once. Try again in a moment.')
  all.reading += 1
  try {
    return await all.fetch(id)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    getRuntime().log.info({ client_id: id, reason: why }, 'the document of an OAuth client could not be read')
    // The reason would tell a stranger what can be reached from here.
    throw oauthError('invalid_client', `The document of this client, ${id}, could not be read.`)
  } finally {
    all.reading -= 1
  }
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = parseJson(text, { depth: JSON_DEPTH })
  } catch {
    value = undefined
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw oauthError('invalid_client', 'The document of this client is no JSON object.')
}

/** Milliseconds that a document is kept: what it says itself, a minute at least and a day at most. */
function lifetime(cacheControl: string): number {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return MINUTE_MS
  const [, seconds] = /\bmax-age=(\d{1,9})/i.exec(cacheControl) ?? []
  return seconds === undefined ? USUAL_MS : Math.min(DAY_MS, Math.max(MINUTE_MS, Number(seconds) * 1000))
}
