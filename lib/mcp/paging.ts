import { invalidParams } from './errors.ts'
import type { JsonObject } from './message.ts'

/**
 * The cursor of a list method, passed on as it came; clients that fill in every field send null or "" for the
 * first page.
 * @throws an error for what is no text
 */
export function readCursor({ cursor }: JsonObject): string | undefined {
  if (cursor === undefined || cursor === null || cursor === '') return undefined
  if (typeof cursor === 'string') return cursor
  throw invalidParams('The cursor is not one that a list gave out')
}
