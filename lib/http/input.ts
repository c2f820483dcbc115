import { z } from 'zod'
import type { Contract } from '../contract.ts'
import { appError } from '../errors.ts'
import { parseBody } from './body.ts'
import { ifMatch, lastEventId } from './conditional.ts'
import type { Endpoint, Input } from './endpoint.ts'
import { issueDetails, schemaFault } from './issues.ts'
import type { HttpRequest } from './message.ts'
import { pathParameters } from './path.ts'
import type { Place, PlacedDetail } from './problem.ts'

const Nothing = z.strictObject({})

/**
 * Reads path, query and body into the one object that the operation takes.
 * @throws invalid_input that names each wrong field, precondition_required
 */
export function readInput(endpoint: Endpoint, request: HttpRequest, body: Uint8Array): Input {
  const { contract } = endpoint
  const takesBody = contract.method !== 'GET'
  const sent = takesBody ? parseBody(body) : undefined
  const quick = endpoint.quickInput?.(request, sent)
  if (quick !== undefined) return quick
  const parts: Part[] = [
    { place: 'path', schema: contract.params, value: pathParameters(contract.path, request.path) },
    { place: 'query', schema: contract.query, value: queryParameters(request.search) },
  ]
  if (takesBody) parts.push({ place: 'body', schema: contract.body, value: sent })
  return {
    ...parse(parts),
    ...(contract.ifMatch === true && { if_match: ifMatch(request) }),
    ...(contract.stream === true && lastEventId(request, contract)),
  }
}

interface Part {
  place: Place
  schema: Contract['params']
  value: unknown
}

/** Every part is looked at, so that the caller learns of all faults at once. */
function parse(parts: Part[]): Input {
  const input: Input = {}
  const details: PlacedDetail[] = []
  for (const { place, schema, value } of parts) {
    const parsed = (schema ?? Nothing).safeParse(value)
    if (parsed.success) Object.assign(input, parsed.data)
    else details.push(...issueDetails(parsed.error.issues, place))
  }
  if (details.length > 0) throw schemaFault(details)
  return input
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

/** What URLSearchParams finds, at a third of its price: renders by GET come by the thousand. */
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
