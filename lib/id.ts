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

/** Version 00 of W3C Trace Context: trace, parent and flags, none of the ids all zeros. */
const TRACEPARENT = /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

/**
 * The `traceparent` that a caller sent, in a header or in `_meta` of an MCP request. One that is malformed is
 * left out, as the specification asks (W3C Trace Context, "Processing Model").
 */
export function readTrace(value: unknown): string | undefined {
  return typeof value === 'string' && TRACEPARENT.test(value) ? value : undefined
}

/** The id of the trace in a valid `traceparent`. */
export function traceId(traceparent: string): string {
  return traceparent.slice(3, 35)
}

/** The same trace with a parent of its own, for a request that we make as a part of it. */
export function childOf(traceparent: string): string {
  return `${traceparent.slice(0, 36)}${randomBytes(8).toString('hex')}${traceparent.slice(52)}`
}
