import { z } from 'zod'
import type { Contract, Input } from '../contract.ts'
import { parseBody } from '../door/body.ts'
import type { HttpRequest } from '../door/message.ts'
import type { Place, PlacedDetail } from '../door/problem.ts'
import { pathParameters, queryParameters } from './address.ts'
import { ifMatch, lastEventId } from './conditional.ts'
import { issueDetails, schemaFault } from './issues.ts'
import { QUICK_INPUTS, type QuickInput } from './quick-render.ts'

const Nothing = z.strictObject({})

/**
 * Reads path, query and body into the one object that the operation takes.
 * @throws invalid_input that names each wrong field, precondition_required
 */
export function readInput(
  contract: Contract,
  request: HttpRequest,
  body: Uint8Array,
  readQuickly: QuickInput | undefined = QUICK_INPUTS[contract.id],
): Input {
  const takesBody = contract.method !== 'GET'
  const sent = takesBody ? parseBody(body) : undefined
  const quick = readQuickly?.(request, sent)
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
