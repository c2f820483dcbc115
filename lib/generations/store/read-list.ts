import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import type { Reading } from '../../access/list-download.ts'
import { decodeCursor, encodeCursor, Position } from '../../cursor.ts'
import { readReplica } from '../../db/read.ts'
import type { GenerationSummary, ListGenerationsQuery } from '../schema.ts'
import { figureOf, listStatement } from './list-statement.ts'
import { assertSense, resolveNarrowed } from './narrow.ts'

/** A count of milliseconds or tokens, or dollars with their fraction. */
const FigureKey = z.tuple([z.string().regex(/^-?\d{1,12}(\.\d{1,10})?$/), z.uuid()])

interface ListRow {
  /** null: a search has looked so far without finding a whole page. */
  item: GenerationSummary | null
  sort_key: string
  id: string
}

/**
 * Prepares a question to the list. An actor that is pinned to a label sees those of its label.
 * @throws invalid_input (cursor, range, bounds)
 */
export function generationReading(
  actor: Actor,
  input: ListGenerationsQuery,
): Reading<GenerationSummary, Position> {
  const { limit: _limit, cursor, format: _format, columns: _columns, sort = '-created_at', ...asked } = input
  const { q: words, ...narrowing } = asked
  assertSense(narrowing)
  const q = words?.trim() || undefined
  const scope = { list: 'generations', sort, filters: { ...narrowing, q, pin: actor.label } }
  return {
    after: decodeCursor(scope, figureOf(sort) === 'created_at' ? Position : FigureKey, cursor),
    cursorOf: (position) => encodeCursor(scope, position),
    read: (after, limit) =>
      readReplica(actor, async (pool) => {
        const narrowed = await resolveNarrowed(pool, actor, narrowing)
        if (narrowed === undefined) return { items: [], next: undefined }
        const filter = { ...narrowed, q, sort, after, limit }
        const { rows } = await pool.query<ListRow>(listStatement(actor.workspaceId, filter))
        const found = rows.flatMap(({ item }) => (item === null ? [] : [item]))
        const last = found.length > limit ? rows[limit - 1] : rows.find(({ item }) => item === null)
        return { items: found.slice(0, limit), next: last && [last.sort_key, last.id] }
      }),
  }
}
