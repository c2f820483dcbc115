import type { z } from 'zod'
import type { ErrorDetail } from '../errors.ts'
import { parseJson } from '../json.ts'
import { issueDetails, schemaFault } from '../rest/issues.ts'
import { getRuntime } from '../runtime.ts'
import { invalidParams } from './errors.ts'
import { isObject, type JsonObject } from './transport/message.ts'

/** Leaving out what is empty may show more of the same, in the parts that were not read before. */
const MOST_READINGS = 4

/**
 * Checks a tool's arguments. Many models fill in every field: what is empty (null, "", a list or an object without
 * members) and cannot be meant, since the schema refuses it, counts as left out.
 * @param shown the schema that clients see; where it wants another type than a text, the text of one is read
 * @throws invalid_input naming each wrong argument, so that a model can mend its call
 */
export function parseArguments<T extends z.ZodType>(
  schema: T,
  shown: JsonObject,
  value: JsonObject,
): z.infer<T> {
  let given = asShown(shown, value)
  for (let reading = 1; ; reading++) {
    const parsed = schema.safeParse(given)
    if (parsed.success) return parsed.data
    const { issues } = parsed.error
    const left = reading < MOST_READINGS ? withoutEmpty(given, issueDetails(issues, 'body', Infinity)) : given
    if (left === given) throw schemaFault(issueDetails(issues, 'body'))
    given = left
  }
}

/** The value without the members that are refused and empty; the value itself where there are none. */
function withoutEmpty(value: unknown, refused: readonly Pick<ErrorDetail, 'path'>[]): unknown {
  const paths = refused.map(({ path }) => path).filter((path) => path.length > 0 && isEmptyAt(value, path))
  if (paths.length === 0) return value
  const copy = structuredClone(value)
  for (const path of paths) {
    const holder = memberAt(copy, path.slice(0, -1))
    if (isObject(holder)) delete holder[String(path.at(-1))]
  }
  return copy
}

/** Whether an object's member is there and empty. Nothing is taken out of lists, whose places count. */
function isEmptyAt(value: unknown, path: (string | number)[]): boolean {
  const holder = memberAt(value, path.slice(0, -1))
  const key = String(path.at(-1))
  return isObject(holder) && Object.hasOwn(holder, key) && isEmpty(holder[key])
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === null || value === '' || (isObject(value) && Object.keys(value).length === 0)
}

function memberAt(value: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>((holder, key) => {
    if (Array.isArray(holder)) return holder[Number(key)]
    return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
  }, value)
}

/**
 * A value in the types of the schema that clients see, at every depth. Models at times send objects, lists, numbers
 * and booleans as texts: a text that is plainly one is read as one.
 */
function asShown(shown: unknown, given: unknown): unknown {
  if (!isObject(shown)) return given
  const value = typeof given === 'string' ? fromText(shown.type, given) : given
  if (Array.isArray(value))
    return isObject(shown.items) ? value.map((item) => asShown(shown.items, item)) : value
  if (!isObject(value) || !isObject(shown.properties)) return value
  const { properties } = shown
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      Object.hasOwn(properties, name) ? asShown(properties[name], member) : member,
    ]),
  )
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/

function fromText(type: unknown, text: string): unknown {
  switch (type) {
    case 'object':
    case 'array': {
      const value = parsedJson(text)
      return (type === 'array' ? Array.isArray(value) : isObject(value)) ? value : text
    }
    case 'integer':
    case 'number':
      return NUMBER.test(text.trim()) ? Number(text) : text
    case 'boolean': {
      const word = text.trim().toLowerCase()
      return word === 'true' || word === 'false' ? word === 'true' : text
    }
    default:
      return text
  }
}

/** An object that was sent as itself or as JSON text; undefined for anything else. */
export function readObject(given: unknown): JsonObject | undefined {
  const value = typeof given === 'string' ? parsedJson(given) : given
  return isObject(value) ? value : undefined
}

function parsedJson(text: string): unknown {
  const { json_depth: depth, json_keys: keys, json_values: values } = getRuntime().config.limits
  try {
    return parseJson(text, { depth, keys, values })
  } catch {
    return undefined
  }
}

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
