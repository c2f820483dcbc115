import { appError } from '../errors.ts'

/**
 * The values of a path's parameters: `/api/prompts/{name}` and `/api/prompts/a%20b` give `{name: 'a b'}`.
 * @throws invalid_input for broken percent-encoding or a NUL, not_found when the path is another one
 */
export function pathParameters(template: string, path: string): Record<string, string> {
  const names = template.split('/')
  const parts = path.split('/')
  const found: Record<string, string> = {}
  if (names.length !== parts.length) throw unknownPath(path)
  for (const [index, name] of names.entries()) {
    const value = parts[index] ?? ''
    if (name.startsWith('{')) found[name.slice(1, -1)] = decode(value)
    else if (name !== value) throw unknownPath(path)
  }
  return found
}

/**
 * The error for a path that leads nowhere.
 * @param path as it was asked for
 */
export function unknownPath(path: string): Error {
  if (path.startsWith('/api/public/')) return notOfLangfuse()
  return appError('not_found', 'There is nothing at this path. /api/openapi.json lists what there is.')
}

/** Clients of Langfuse send more than is read of prompts here. */
function notOfLangfuse(): Error {
  const message =
    'Langfuse’s clients read prompts here (/api/public/v2/prompts), and nothing else: traces, scores and datasets stay in Langfuse. Switch tracing off, or send it there.'
  return appError('not_found', message)
}

function decode(value: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(value)
  } catch (error) {
    throw appError('invalid_input', 'The path holds broken percent-encoding.', { cause: error })
  }
  if (decoded.includes('\0')) throw appError('invalid_input', 'The path holds a NUL character.')
  return decoded
}

/** The query as an object; a parameter that is repeated is a list. @throws invalid_input */
export function queryParameters(search: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {}
  if (search === '') return found
  for (const [name, value] of queryPairs(search)) {
    if (name === '__proto__' || name === 'constructor') throw queryFault(name, 'is not allowed as a name')
    if (value.includes('\0') || name.includes('\0')) throw queryFault(name, 'holds a NUL character')
    if (!Object.hasOwn(found, name)) found[name] = value
    else found[name] = [found[name] ?? '', value].flat()
  }
  return found
}

/** The pairs that URLSearchParams finds, at a third of its cost: renders by GET are frequent. */
function queryPairs(search: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const pair of search.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    pairs.push([decodeQuery(name), equals === -1 ? '' : decodeQuery(pair.slice(equals + 1))])
  }
  return pairs
}

function decodeQuery(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return decodeLeniently(spaced)
  }
}

/**
 * Decodes percent-encoding. A "%" that begins no escape stands for itself, as in `?q=100%`.
 * @throws invalid_input for escapes that are no UTF-8
 */
export function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch (error) {
    const detail = { in: 'query', path: [], code: 'not_utf8', message: 'holds bytes that are no UTF-8' }
    throw appError('invalid_input', 'The query holds percent-encoded bytes that are no UTF-8.', {
      details: [detail],
      cause: error,
    })
  }
}

function queryFault(name: string, message: string): Error {
  const detail = { in: 'query', path: [name], code: 'invalid_parameter', message }
  return appError('invalid_input', `The query parameter ${name.replaceAll('\0', '')} ${message}.`, {
    details: [detail],
  })
}
