import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'

const LIMIT = 'limits.generations_waiting'
/** The queue shortens by itself; how fast is unknown. */
const RETRY_SECONDS = 30

/**
 * How many generations a caller has waiting, counted no further than the limit: a subquery.
 * @param at names of the parameters: workspace, caller, limit
 */
export const waitingSql = (workspace: string, caller: string, limit: string) => `(
  SELECT count(*) FROM (SELECT FROM generated_content q WHERE q.workspace_id = ${workspace} AND q.created_by = ${caller}
    AND q.status = 'queued' LIMIT ${limit}) q)`

/**
 * Makes sure that a caller may have so many more generations waiting. Until the transaction ends no other of
 * the caller's is counted, so that the limit holds for several at once.
 * @throws rate_limited
 */
export async function assertRoomToWait(tx: Tx, actor: Actor, more: number): Promise<void> {
  const { workspaceId, id: callerId } = actor
  const most = getRuntime().config.limits.generations_waiting
  await tx.$executeRaw`
    SELECT FROM actor WHERE workspace_id = ${workspaceId}::uuid AND id = ${callerId}::uuid FOR NO KEY UPDATE`
  const [row] = await tx.$queryRawUnsafe<{ waiting: number }[]>(
    `SELECT ${waitingSql('$1::uuid', '$2::uuid', '$3::integer')}::integer AS waiting`,
    workspaceId,
    callerId,
    most,
  )
  const waiting = row?.waiting ?? 0
  if (waiting + more <= most) return
  throw appError(
    'rate_limited',
    `You may have ${most} generations waiting (${LIMIT}); ${waiting} are, and this asks for ${more} more. Wait until some have ended, or stop them.`,
    { retryAfter: RETRY_SECONDS, extra: { limit: LIMIT, allowed: most, used: waiting, asked: more } },
  )
}
