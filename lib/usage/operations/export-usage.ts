import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import type { UsageExportQuery, UsageExportSlice } from '../schema.ts'
import { settledUpTo } from '../sums/roll-up.ts'

const AT_ONCE = 2000

/**
 * The next part of the single uses between two times, as they are stored: one line of JSON each, with every column
 * of the table, in the order of time and id. Each part is a statement of its own, so that a long export holds no
 * snapshot and can go on after a break: the last line that was kept says where.
 * Without `to` it ends where the days begin that an instance may still add uses to: what a later export adds is exact.
 * @throws invalid_input when `from` is not before the end or `after` is no place in an export; forbidden; unavailable
 */
export const exportUsage = operation('exportUsage', run)

async function run(actor: Actor, input: UsageExportQuery): Promise<UsageExportSlice> {
  assertMayReadUsage(actor)
  const to = input.to === undefined ? settledUpTo(new Date()) : new Date(input.to)
  const from = new Date(input.from ?? 0)
  if (from >= to) throw refused('from', 'invalid_range', `is not before the end, ${to.toISOString()}`)
  const limit = input.limit ?? AT_ONCE
  const after = input.after === undefined ? undefined : placeOf(input.after)
  const start = after !== undefined && after.time > from ? after : { time: from, id: FIRST_ID }
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ line: string; occurred_at: Date; id: string }>({
      name: 'export-usage',
      text: SLICE,
      values: [actor.workspaceId, start.time, start.id, to, limit],
    }),
  )
  const last = rows.at(-1)
  return {
    lines: rows.map(({ line }) => line),
    last: last === undefined ? null : `${last.occurred_at.toISOString()}/${last.id}`,
    hasMore: rows.length === limit,
    to: to.toISOString(),
  }
}

/** No use has it: ids hold the time at which they were made. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** The bound by time alone lets PostgreSQL leave out the days before; the one by both goes on within a millisecond. */
const SLICE = `SELECT row_to_json(usage)::text AS line, usage.occurred_at, usage.id FROM prompt_usage usage
  WHERE usage.workspace_id = $1 AND usage.occurred_at >= $2::timestamptz AND usage.occurred_at < $4::timestamptz
    AND (usage.occurred_at, usage.id) > ($2::timestamptz, $3::uuid)
  ORDER BY usage.occurred_at, usage.id LIMIT $5`

function placeOf(text: string): { time: Date; id: string } {
  const [moment = '', id = ''] = text.split('/')
  const time = new Date(moment)
  if (!Number.isNaN(time.getTime()) && UUID.test(id)) return { time, id }
  throw refused(
    'after',
    'invalid_cursor',
    'is not the `occurred_at` and the `id` of a line with a / between them',
  )
}

function refused(name: 'from' | 'after', code: string, problem: string) {
  return appError('invalid_input', `\`${name}\` ${problem}.`, {
    details: [{ path: [name], code, message: problem }],
  })
}
