import { type Dispatcher, request } from 'undici'
import { appError, isAppError, overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { waysOut } from '../../transfer/sources/outgoing.ts'
import { refusedArchive } from '../allowed-url.ts'

/** GitHub leads from its API to codeload.github.com. */
const REDIRECTS = 5

/** Statuses that may be others in a moment. */
const isPassing = (status: number) => status === 408 || status === 425 || status === 429 || status >= 500

/**
 * Fetches the zip of a branch, within `limits.import_source_ms` for each answer to begin and `limits.import_ms` for all
 * of it. Redirects are followed to addresses that are allowed; the authorization goes to the first host alone.
 * @param ending aborted when this process ends
 * @throws upstream_failed, which may pass; unprocessable for what does not: an address that is not called, a refusal;
 *   too_large
 */
export async function fetchArchive(
  address: string,
  authorization: string | undefined,
  ending: AbortSignal,
): Promise<Uint8Array> {
  const first = new URL(address)
  let url = first
  const whole = AbortSignal.any([AbortSignal.timeout(getRuntime().config.limits.import_ms), ending])
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const refused = refusedArchive(url)
    if (refused !== undefined) throw final(refused)
    const isHome = url.origin === first.origin
    const answer = await ask(url, isHome ? authorization : undefined, whole)
    const { statusCode: status, headers, body } = answer
    if (status === 200) return await readBounded(body, whole)
    body.on('error', () => undefined).destroy()
    if (status < 300 || status >= 400) throw faultOf(status, url, authorization !== undefined)
    url = nextOf(headers.location, url, status)
  }
  throw final(`It was redirected more than ${REDIRECTS} times.`)
}

async function ask(
  url: URL,
  authorization: string | undefined,
  whole: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { import_source_ms: ms } = getRuntime().config.limits
  try {
    return await request(url, {
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'Incipit',
        ...(authorization !== undefined && { authorization }),
      },
      headersTimeout: ms,
      bodyTimeout: ms,
      signal: whole,
      dispatcher: waysOut().agent,
    })
  } catch (error) {
    throw failure(error)
  }
}

async function readBounded(body: Dispatcher.ResponseData['body'], whole: AbortSignal): Promise<Uint8Array> {
  const { import_bytes: most } = getRuntime().config.limits
  const pieces: Buffer[] = []
  let size = 0
  try {
    for await (const piece of body) {
      const bytes = Buffer.from(piece)
      size += bytes.length
      if (size > most)
        throw overLimit('limits.import_bytes', `The archive has more than ${most} bytes`, ['archive_url'])
      pieces.push(bytes)
    }
  } catch (error) {
    body.on('error', () => undefined).destroy()
    throw failure(error)
  }
  whole.throwIfAborted()
  return Buffer.concat(pieces)
}

function nextOf(location: string | string[] | undefined, from: URL, status: number): URL {
  const [to] = [location ?? []].flat()
  const url = to === undefined ? null : URL.parse(to, from)
  if (url === null) throw final(`${from.host} answered with ${status} and leads nowhere.`)
  if (from.protocol === 'https:' && url.protocol !== 'https:')
    throw final(`${from.host} leads from https to plain http, which is not followed.`)
  return url
}

function faultOf(status: number, { host }: URL, isAuthorized: boolean) {
  if (isPassing(status)) return passing(`${host} answered with ${status}.`)
  const isHidden = status === 401 || status === 403 || status === 404
  const remedy = isAuthorized
    ? 'Look at the address and at what its authorization may read.'
    : 'Look at the address; a private repository needs an authorization.'
  return final(`${host} answered with ${status}.${isHidden ? ` ${remedy}` : ''}`)
}

function failure(error: unknown): unknown {
  if (isAppError(error) || !(error instanceof Error)) return error
  if ('kind' in error && error.kind === 'blocked_address') return final(error.message)
  const { limits } = getRuntime().config
  if (/Timeout/.test(error.name))
    return passing(
      error.name === 'TimeoutError'
        ? `It took longer than ${limits.import_ms} ms (limits.import_ms).`
        : `It did not answer within ${limits.import_source_ms} ms (limits.import_source_ms).`,
    )
  const said = error.message === '' && error.cause instanceof Error ? error.cause.message : error.message
  return passing(`It cannot be reached (${said}).`)
}

const passing = (message: string) => appError('upstream_failed', message)
const final = (message: string) => appError('unprocessable', message)
