import type { Pool } from 'pg'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { onPrimary, readReplica } from '../db/read.ts'
import { appError } from '../errors.ts'
import { CursorTime } from '../time.ts'
import { assertVersionOfPrompt, wholeHour } from './span.ts'
import { resolvePromptId } from './stats-queries.ts'
import { type Mark, markOfTail, readMark, tailAt } from './tail.ts'
import { filterValues, readSource, type UsageFilter, WHERE } from './usage-source.ts'
import type { Use, UsesQuery } from './use-schema.ts'

const Position = z.tuple([CursorTime, z.uuid()])
type Position = z.infer<typeof Position>

/** Uses in the order of a list, and how to ask for those after them. */
interface UsesSlice {
  items: Use[]
  /** undefined: there are no more. */
  next: Position | undefined
  /** Asks for what is written from now on. */
  tail: string
}

/** A question to the single uses: what its filters leave, newest first. */
export interface UsesReading {
  /** @throws not_found for an unknown prompt; unavailable */
  read(after: Position | undefined, limit: number): Promise<UsesSlice>
  /** The position of the cursor that the question came with. */
  readonly after: Position | undefined
  cursorOf(position: Position): string
}

/**
 * Prepares a question to the single uses of the actor's workspace.
 * @throws invalid_input (cursor, tail, `from` not before `to`, `version` without `prompt`)
 */
export function usesReading(
  actor: Actor,
  { limit: _limit, format: _format, cursor, after: tail, ...query }: UsesQuery,
): UsesReading {
  assertVersionOfPrompt(query)
  const { from, to, prompt } = query
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) throw emptySpan()
  const scope = { list: 'uses', filters: query }
  const since = tail === undefined ? undefined : markOfTail(tail)
  const { workspaceId } = actor
  const readFrom = async (pool: Pool, after: Position | undefined, limit: number): Promise<UsesSlice> => {
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const mark = await readMark(pool)
    const filter = { ...query, workspaceId, promptId, since, after, limit }
    const { rows } = await pool.query<Use>(statement(filter, await hoursOfClient(pool, filter)))
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return { items: rows.slice(0, limit), next: last && [last.occurred_at, last.id], tail: tailAt(mark) }
  }
  return {
    after: decodeCursor(scope, Position, cursor),
    cursorOf: (position) => encodeCursor(scope, position),
    // What follows a tail comes from where it was written: a replica may not have it yet.
    read: (after, limit) =>
      since === undefined
        ? readReplica(actor, (pool) => readFrom(pool, after, limit))
        : onPrimary(({ pool }) => readFrom(pool, after, limit)),
  }
}

function emptySpan() {
  return appError('invalid_input', '`from` must be before `to`.', {
    details: [{ path: ['from'], code: 'invalid_range', message: 'is not before `to`' }],
  })
}

interface Filter extends Omit<UsesQuery, 'limit' | 'cursor' | 'format' | 'after' | 'prompt'> {
  workspaceId: string
  promptId: string | undefined
  /** Only what an answer with this mark does not know. */
  since: Mark | undefined
  after: Position | undefined
  limit: number
}

/** Conditions with their values, in the order of their parameters. */
class Conditions {
  readonly values: unknown[] = []
  readonly #texts: string[] = []

  bind(value: unknown, type: string): string {
    return `$${this.values.push(value)}::${type}`
  }

  add(text: string): void {
    this.#texts.push(text)
  }

  equal(expression: string, value: unknown, type: string): void {
    if (value !== undefined) this.add(`${expression} = ${this.bind(value, type)}`)
  }

  get text(): string {
    return this.#texts.join(' AND ')
  }
}

/** Who used what. */
function addCaller(where: Conditions, filter: Filter): void {
  const { workspaceId, promptId, version, label, surface, client, actor } = filter
  where.equal('u.workspace_id', workspaceId, 'uuid')
  where.equal('u.prompt_id', promptId, 'uuid')
  where.equal('u.version_number', version, 'integer')
  where.equal('u.label', label, 'text')
  where.equal('u.surface', surface, 'text')
  where.equal(`coalesce(u.client_name, '')`, client, 'text')
  where.equal('u.actor_id', actor, 'uuid')
}

/** Some hours that lie one after another. */
interface Hours {
  first: Date
  end: Date
}

/** What is asked of a use beyond what the sums tell apart. */
const OWN_FILTERS = ['label', 'actor', 'operation', 'failed', 'outcome', 'code', 'variable', 'asked'] as const

/** No use is older or newer. */
const EVER = { from: new Date(0), to: new Date(Date.UTC(3000, 0, 1)) }

/**
 * The hours that hold the next uses of a client, by the sums. Without them those of a client that was last seen in
 * spring would be looked for in all days since.
 */
async function hoursOfClient(pool: Pool, filter: Filter): Promise<Hours | undefined> {
  const { workspaceId, promptId, version, surface, client, from, to, since, after, limit } = filter
  if (client === undefined || since !== undefined) return undefined
  const end = after?.[0] ?? to
  const counted: UsageFilter = {
    workspaceId,
    promptId,
    version,
    surface,
    client,
    from: from === undefined ? EVER.from : wholeHour(new Date(from)),
    // The hour of the cursor may hold more.
    to: end === undefined ? EVER.to : new Date(Date.parse(end) + 1),
  }
  const { wayHours } = await readSource(pool, counted)
  const { rows } = await pool.query<{ first: Date | null; end: Date | null }>(
    `SELECT min(hour) AS first, max(hour) + interval '1 hour' AS end FROM (
       SELECT DISTINCT usage.hour FROM ${wayHours} WHERE ${WHERE} ORDER BY usage.hour DESC LIMIT $8
     ) AS newest`,
    // Each hour has one use at least, but for the first, which may be cut, and where sums do not know what is asked for.
    [...filterValues(counted), OWN_FILTERS.some((name) => filter[name] !== undefined) ? null : limit + 2],
  )
  // Without an hour there is nothing.
  return { first: rows[0]?.first ?? EVER.to, end: rows[0]?.end ?? EVER.to }
}

const time = `to_char(u.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Names of prompts and people are read anew: a prompt may be renamed, and an erased person is gone. */
const COLUMNS = `u.id, ${time} AS occurred_at, u.operation, u.tool, p.name AS prompt, u.version_number AS version,
  u.label, u.asked, u.surface, u.client_name AS client, u.client_version,
  json_build_object('id', a.id, 'kind', a.kind, 'display', a.display) AS actor, u.outcome,
  (SELECT coalesce(json_agg(json_build_object('code', r ->> 'code', 'variable', r ->> 'variable')), '[]')
    FROM jsonb_array_elements(u.reasons) r) AS reasons,
  CASE u.variables WHEN '' THEN '{}' ELSE string_to_array(u.variables, ',') END AS variables,
  u.refused_values AS values, u.duration_us / 1000.0::float8 AS duration_ms, u.request_id`

const NEWEST_FIRST = 'ORDER BY u.occurred_at DESC, u.id DESC'

/** A version 7 id with a time and nothing else: ids that were made from then on are greater. */
const ID_SINCE = (ms: string) => `(lpad(to_hex(${ms}), 12, '0') || '70008000000000000000')::uuid`
/** What instances held back for longer before they wrote it is not told to followers; the list has it. */
const HELD_BACK_MS = 60_000

function addOwn(where: Conditions, filter: Filter, hours: Hours | undefined): void {
  const { from, to, operation, failed, outcome, code, variable, asked, since, after } = filter
  if (from !== undefined) where.add(`u.occurred_at >= ${where.bind(new Date(from), 'timestamptz')}`)
  if (to !== undefined) where.add(`u.occurred_at < ${where.bind(new Date(to), 'timestamptz')}`)
  if (hours !== undefined) {
    where.add(`u.occurred_at >= ${where.bind(hours.first, 'timestamptz')}`)
    where.add(`u.occurred_at < ${where.bind(hours.end, 'timestamptz')}`)
  }
  where.equal('u.operation', operation, 'text')
  where.equal('u.outcome', outcome, 'text')
  // In these words, so that PostgreSQL takes the index of uses that failed.
  if (failed === 'true' || [code, variable, asked].some((each) => each !== undefined))
    where.add(`u.outcome <> 'ok'`)
  where.equal('u.asked', asked, 'text')
  if (failed === 'false') where.add(`u.outcome = 'ok'`)
  if (code !== undefined || variable !== undefined)
    where.add(`u.reasons @> ${where.bind(JSON.stringify([{ code, variable }]), 'jsonb')}`)
  if (since !== undefined) addSince(where, since)
  if (after !== undefined)
    where.add(
      `(u.occurred_at, u.id) < (${where.bind(after[0], 'timestamptz')}, ${where.bind(after[1], 'uuid')})`,
    )
}

/** An id says when its row was first to be written; one whose transaction took longer is told by that. */
function addSince(where: Conditions, { time, transaction }: Mark): void {
  const ms = where.bind(time, 'bigint')
  const oldest = where.bind(Math.max(0, time - HELD_BACK_MS), 'bigint')
  where.add(`u.id >= ${ID_SINCE(oldest)} AND u.occurred_at >= to_timestamp(${oldest} / 1000.0)`)
  const xid = `${where.bind(String(transaction), 'text')}::xid`
  where.add(`(u.id >= ${ID_SINCE(ms)} OR age(u.xmin) <= age(${xid}))`)
}

/** Holds only the conditions that are asked for, so that PostgreSQL takes the index that serves them. */
function statement(filter: Filter, hours: Hours | undefined): { text: string; values: unknown[] } {
  const where = new Conditions()
  addCaller(where, filter)
  addOwn(where, filter, hours)
  const limit = where.bind(filter.limit + 1, 'integer')
  // Uses are chosen before names are looked up: without statistics PostgreSQL would join all of them.
  const text = `SELECT ${COLUMNS} FROM (
      SELECT * FROM prompt_usage u WHERE ${where.text} ${NEWEST_FIRST} LIMIT ${limit}
    ) u JOIN actor a ON a.workspace_id = u.workspace_id AND a.id = u.actor_id
    LEFT JOIN prompt_template p ON p.workspace_id = u.workspace_id AND p.id = u.prompt_id
    ${NEWEST_FIRST}`
  return { text, values: where.values }
}
