import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'

/** A new row id: UUID version 7, so that ids made later sort later and indexes stay compact. */
export function newId(): string {
  return v7()
}

/** The first eight and the last twelve digits change with time and chance: enough to tell two rows apart. */
export function shortId(id: string): string {
  return id.slice(-8)
}

/** Version, then trace, parent and flags of W3C Trace Context, none of the ids all zeros; later versions add more. */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-((?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2})(-.*)?$/

/**
 * The `traceparent` that a caller sent, in a header or in `_meta` of an MCP request, as version 00. One that is
 * malformed is left out, as the specification asks (W3C Trace Context, "Processing Model").
 */
export function readTrace(value: unknown): string | undefined {
  const [, version, ids, more] = (typeof value === 'string' ? TRACEPARENT.exec(value) : null) ?? []
  return ids === undefined || (version === '00' && more !== undefined) ? undefined : `00-${ids}`
}

/** The id of the trace in a valid `traceparent`. */
export function traceId(traceparent: string): string {
  return traceparent.slice(3, 35)
}

/** The same trace with a parent of its own, for a request that we make as a part of it. */
export function childOf(traceparent: string): string {
  return `${traceparent.slice(0, 36)}${randomBytes(8).toString('hex')}${traceparent.slice(52)}`
}
