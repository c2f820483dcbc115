import type pg from 'pg'
import { getRuntime } from '../runtime.ts'

/** A statement of this process that took long. */
export interface SlowStatement {
  /** The name that the code gives it, else the beginning of its text: values are never in it. */
  name: string
  milliseconds: number
  /** ISO 8601 */
  at: string
}

/** Statements that are remembered, each once, at its slowest. */
const MOST = 20
const SHOWN = 80

/** Names that Prisma's adapter gives. */
const NUMBERED = /^s\d+$/

type Slowest = Map<string, SlowStatement>

const ring = (): Slowest => getRuntime().once('db.slow-statements', () => new Map())

/** The slowest statements of this process since its start, the slowest first. */
export function slowStatements(): SlowStatement[] {
  return [...ring().values()].toSorted((one, other) => other.milliseconds - one.milliseconds)
}

/**
 * Remembers a statement when it is among the slowest.
 * @param text with placeholders in place of values
 */
function noteStatement(statement: { name?: string; text: string }, milliseconds: number): void {
  const slowest = ring()
  const name = nameOf(statement)
  const known = slowest.get(name)
  if (known !== undefined && known.milliseconds >= milliseconds) return
  if (known === undefined && slowest.size >= MOST) {
    const least = slowStatements().at(-1)
    if (least === undefined || least.milliseconds >= milliseconds) return
    slowest.delete(least.name)
  }
  slowest.set(name, { name, milliseconds: Math.round(milliseconds), at: new Date().toISOString() })
}

function nameOf({ name, text }: { name?: string; text: string }): string {
  if (name && !NUMBERED.test(name)) return name
  // A literal in a text would be a value.
  const shown = text
    .replaceAll(/'[^']*'/g, "'…'")
    .replaceAll(/\s+/g, ' ')
    .trim()
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown
}

/** Milliseconds from which on a statement is looked at: most never are. */
const SLOW_MS = 20

/** Times what a connection of the pool is asked. */
export function timeStatements(client: pg.PoolClient): void {
  const query: (...args: unknown[]) => unknown = client.query.bind(client)
  const timed = (...args: unknown[]) => {
    const from = performance.now()
    const done = () => {
      const milliseconds = performance.now() - from
      if (milliseconds >= SLOW_MS) noteStatement(statementOf(args[0]), milliseconds)
    }
    const last = args.at(-1)
    if (typeof last === 'function')
      return query(...args.slice(0, -1), (...answer: unknown[]) => {
        done()
        return last(...answer)
      })
    const asked = query(...args)
    if (asked instanceof Promise) asked.then(done, done)
    return asked
  }
  Object.assign(client, { query: timed })
}

function statementOf(asked: unknown): { name?: string; text: string } {
  if (typeof asked === 'string') return { text: asked }
  const { name, text } = asked as { name?: unknown; text?: unknown }
  return {
    ...(typeof name === 'string' && { name }),
    text: typeof text === 'string' ? text : 'a statement',
  }
}
