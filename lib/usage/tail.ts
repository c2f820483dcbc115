import type { Pool } from 'pg'
import { appError } from '../errors.ts'

/** Instances whose clocks differ give ids that seem older: what is as new as this is told once more. */
const OVERLAP_MS = 2000
const TAIL = /^t([0-9a-z]{1,11})\.([0-9a-z]{1,7})$/
const XIDS = 2 ** 32

/** Up to where an answer knows what was written. */
export interface Mark {
  /** In milliseconds since 1970. */
  time: number
  /** The oldest transaction that may not be in the answer, in 32 bits. All that it lacks is as new, or newer. */
  transaction: number
}

/**
 * Where a server stands that is asked for uses now, a replica that lags as well. To be read before them: what is
 * written meanwhile is told once more.
 */
export async function readMark(pool: Pool): Promise<Mark> {
  const time = Math.max(0, Date.now() - OVERLAP_MS)
  const { rows } = await pool.query<{ transaction: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS transaction',
  )
  return { time, transaction: Number(BigInt(rows[0]?.transaction ?? 0) % BigInt(XIDS)) }
}

/** The `tail` of an answer. */
export function tailAt({ time, transaction }: Mark): string {
  return `t${time.toString(36)}.${transaction.toString(36)}`
}

/**
 * The mark that a tail stands for.
 * @throws invalid_input for a text that is none
 */
export function markOfTail(tail: string): Mark {
  const [, time = '', transaction = ''] = TAIL.exec(tail) ?? []
  const mark = { time: Number.parseInt(time, 36), transaction: Number.parseInt(transaction, 36) }
  // Later ones have no place in an id.
  if (Number.isSafeInteger(mark.time) && mark.time < 2 ** 48 && mark.transaction < XIDS) return mark
  const message = 'is no `tail` of an answer'
  throw appError('invalid_input', `\`after\` ${message}.`, {
    details: [
      {
        path: ['after'],
        code: 'invalid_tail',
        message,
        hint: 'Leave it out, and follow from the `tail` of the answer.',
      },
    ],
  })
}
