import { AsyncResource } from 'node:async_hooks'
import type pg from 'pg'
import { type Span, type Tracing, tracing } from './telemetry.ts'

/** Where a pool leads, in words of the conventions. */
export interface Place {
  /** A PostgreSQL address. */
  url: string
}

type Query = (...args: unknown[]) => unknown

/**
 * Gives each statement on the connections of a pool a span in the trace that it is a part of: with the statement's
 * name, never with its values.
 */
export function observePool(pool: pg.Pool, { url }: Place): void {
  const attributes = placeOf(url)
  const connect: Query = pool.connect.bind(pool)
  // A caller that waits is called by whoever gives a connection back, in their trace.
  const bound = (callback?: unknown) => {
    if (typeof callback !== 'function') return connect()
    return connect(tracing() === undefined ? callback : AsyncResource.bind(callback as Query))
  }
  Object.assign(pool, { connect: bound })
  pool.on('connect', (client) => observeClient(client, attributes))
}

function observeClient(client: pg.PoolClient, attributes: Record<string, string | number>): void {
  const query: Query = client.query.bind(client)
  const observed = (...args: unknown[]) => {
    const traces = tracing()
    const statement = traces?.active()?.isOpen === true ? statementOf(args[0]) : undefined
    if (traces === undefined || statement === undefined) return query(...args)
    return observeQuery(traces, { statement, attributes, args, query })
  }
  Object.assign(client, { query: observed })
}

interface Observed {
  statement: Statement
  attributes: Record<string, string | number>
  args: unknown[]
  query: Query
}

function observeQuery(traces: Tracing, { statement, attributes, args, query }: Observed): unknown {
  const { summary, operation } = statement
  const span = traces.start(() => ({
    name: summary,
    kind: 'client',
    attributes: { ...attributes, 'db.query.summary': summary, 'db.operation.name': operation },
  }))
  const last = args.at(-1)
  if (typeof last === 'function')
    return query(...args.slice(0, -1), (error: unknown, ...rest: unknown[]) => {
      end(span, error)
      Reflect.apply(last, undefined, [error, ...rest])
    })
  const answer = query(...args)
  if (answer instanceof Promise)
    answer.then(
      () => end(span, undefined),
      (error: unknown) => end(span, error),
    )
  else span.end()
  return answer
}

function end(span: Span, error: unknown): void {
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
    // The message of the database may quote a value; its code says as much.
    span.set({ 'db.response.status_code': code })
    span.fail(code ?? error.name)
  }
  span.end()
}

/** A statement as it is told. */
interface Statement {
  summary: string
  operation: string
}

const known = new Map<string, Statement>()
/** Texts whose lists vary in length must not pile up. */
const MOST_KNOWN = 1000

/** @returns undefined for what is no statement, such as a cursor */
function statementOf(asked: unknown): Statement | undefined {
  const config = typeof asked === 'string' ? { text: asked } : asked
  if (typeof config !== 'object' || config === null || 'submit' in config) return undefined
  const text = 'text' in config && typeof config.text === 'string' ? config.text : ''
  const name = 'name' in config && typeof config.name === 'string' ? config.name : ''
  const key = `${name}\n${text}`
  const found = known.get(key) ?? summaryOf(text, name)
  if (known.size < MOST_KNOWN) known.set(key, found)
  return found
}

/** Prisma's statements are numbered: they are told by what they do, and to which table. */
const NUMBERED = /^(?:s\d+)?$/
const TABLE = /\b(?:FROM|INTO|UPDATE|TABLE|JOIN)\s+(?:ONLY\s+)?(?:"?public"?\.)?"?([a-z_]\w*)"?/i

/** A statement in a few words: our own name for it, else its verb and the first table. */
export function summaryOf(text: string, name = ''): Statement {
  const operation = /^[\s(]*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'QUERY'
  if (!NUMBERED.test(name)) return { summary: name, operation }
  const table = TABLE.exec(text)?.[1]
  return { summary: table === undefined ? operation : `${operation} ${table}`, operation }
}

function placeOf(url: string): Record<string, string | number> {
  const found: Record<string, string | number> = { 'db.system.name': 'postgresql' }
  if (!URL.canParse(url)) return found
  const { hostname, port, pathname, searchParams } = new URL(url)
  const database = decodeURIComponent(pathname.slice(1))
  if (database !== '') found['db.namespace'] = database
  found['server.address'] = hostname || searchParams.get('host') || 'localhost'
  found['server.port'] = Number(port || 5432)
  return found
}
