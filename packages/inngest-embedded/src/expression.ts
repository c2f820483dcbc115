import { Environment } from '@marcbachmann/cel-js'
import type { StoredEvent } from './event.ts'

/** An expression over `event` (CEL, as Inngest's), parsed once. */
export interface Expression {
  readonly text: string
  /** Its value; undefined when the event lacks what it asks for. */
  evaluate(event: StoredEvent): unknown
}

/** @throws Error that says what is wrong with it */
export function parseExpression(text: string): Expression {
  const parsed = new Environment().registerVariable('event', 'map').parse(text)
  const { valid, error } = parsed.check()
  if (!valid) throw new Error(error?.message.split('\n', 1)[0] ?? 'it is not valid')
  return {
    text,
    evaluate(event) {
      try {
        const value: unknown = parsed({ event })
        return typeof value === 'bigint' ? Number(value) : value
      } catch {
        return undefined
      }
    },
  }
}

const MATCH = /^(event|async)\.([\w.]+) == (event|async)\.([\w.]+)$/

/** What a cancellation compares. */
export interface Match {
  /** Path into the event of the run, such as ["data", "id"]. */
  own: string[]
  /** Path into the event that arrives. */
  arriving: string[]
}

/** Reads one equality of the run's event and the one that arrives, in either order; `match` makes such a one. */
export function parseMatch(text: string): Match | undefined {
  const [, left, first = '', right, second = ''] = MATCH.exec(text) ?? []
  if (left === right) return undefined
  const [own, arriving] = left === 'event' ? [first, second] : [second, first]
  return { own: own.split('.'), arriving: arriving.split('.') }
}

/** The value at a path, as JSON text; undefined when there is none. */
export function valueAt(event: StoredEvent, path: readonly string[]): string | undefined {
  let value: unknown = event
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value === undefined ? undefined : JSON.stringify(value)
}
