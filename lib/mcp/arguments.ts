import type { z } from 'zod'
import { issueDetails, schemaFault } from '../http/issues.ts'
import { parseJson } from '../json.ts'
import { getRuntime } from '../runtime.ts'
import { isObject, type JsonObject } from './message.ts'

/**
 * Checks a tool's arguments.
 * @param shown the schema that the client was told; where it wants an object or a list, JSON text is read
 * @throws invalid_input naming each wrong argument, so that a model can mend its call
 */
export function parseArguments<T extends z.ZodType>(
  schema: T,
  shown: JsonObject,
  value: JsonObject,
): z.infer<T> {
  const parsed = schema.safeParse(withoutJsonText(shown, value))
  if (parsed.success) return parsed.data
  throw schemaFault(issueDetails(parsed.error.issues, 'body'))
}

/** Models send objects and lists as JSON text at times: what is plainly one is read as one. */
function withoutJsonText({ properties }: JsonObject, value: JsonObject): JsonObject {
  if (!isObject(properties)) return value
  const read = Object.entries(value).map(([name, given]) => {
    const wanted = Object.hasOwn(properties, name) ? properties[name] : undefined
    return [name, isObject(wanted) ? fromJsonText(wanted.type, given) : given]
  })
  return Object.fromEntries(read)
}

function fromJsonText(type: unknown, given: unknown): unknown {
  if (typeof given !== 'string' || (type !== 'object' && type !== 'array')) return given
  const value = parsedJson(given)
  return (type === 'array' ? Array.isArray(value) : isObject(value)) ? value : given
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
