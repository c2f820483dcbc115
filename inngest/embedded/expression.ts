import { Environment } from '@marcbachmann/cel-js'
import type { StoredEvent } from './event.ts'

/** What an expression may name: the event of the run, and the one that arrives (`async`). */
export interface ExpressionContext {
  event: StoredEvent
  async?: StoredEvent
}

/** An expression (CEL, as Inngest's), parsed once. */
export interface Expression {
  readonly text: string
  /** Its value; undefined when the event lacks what it asks for. */
  evaluate(context: ExpressionContext): unknown
}

/**
 * @param variables what it may name
 * @throws Error that says what is wrong with it
 */
export function parseExpression(text: string, variables: readonly ('event' | 'async')[]): Expression {
  const environment = new Environment()
  for (const name of variables) environment.registerVariable(name, 'map')
  const parsed = environment.parse(text)
  const { valid, error } = parsed.check()
  if (!valid) throw new Error(error?.message.split('\n', 1)[0] ?? 'it is not valid')
  return {
    text,
    evaluate(context) {
      try {
        const value: unknown = parsed({ ...context })
        return typeof value === 'bigint' ? Number(value) : value
      } catch {
        return undefined
      }
    },
  }
}

const MATCH = /^event\.([\w.]+) == async\.([\w.]+)$/

/** What is compared when an expression is one equality, as the SDK's `match` makes it. */
export interface Match {
  /** Path into the event of the run, such as ["data", "id"]. */
  own: string[]
  /** Path into the event that arrives. */
  arriving: string[]
}

export function parseMatch(text: string): Match | undefined {
  const [, own, arriving] = MATCH.exec(text) ?? []
  return own === undefined || arriving === undefined
    ? undefined
    : { own: own.split('.'), arriving: arriving.split('.') }
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
