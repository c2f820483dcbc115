import { randomUUID } from 'node:crypto'

const REQUEST_ID = /^[\w.:-]{8,128}$/

/** The caller's request id when it is a sane one, else a new one. */
export function requestId(given: string | undefined): string {
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID()
}
