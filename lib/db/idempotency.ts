import type { Actor } from '../access/actor.ts'
import { appError } from '../errors.ts'
import type { Tx } from './client.ts'

/**
 * The stored answer of an earlier request with the same Idempotency-Key; undefined when there is none
 * or no key was sent. Takes a transaction lock on the key: while the first request is under way its row
 * is not visible yet, so only the lock shows it.
 * @throws conflict while the first is running, unprocessable when the body differs
 */
export async function findStoredAnswer<T>(tx: Tx, actor: Actor): Promise<{ answer: T } | undefined> {
  const idempotency = actor.request.idempotency
  if (idempotency === undefined) return undefined
  const { route, key, bodyHash } = idempotency
  const identity = `${actor.workspaceId} ${actor.id} ${route} ${key}`
  const [lock] = await tx.$queryRaw<{ locked: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${identity}, 0)) AS locked`
  if (lock?.locked !== true)
    throw appError('conflict', 'A request with this Idempotency-Key is still running. Try again shortly.', {
      retryAfter: 1,
    })
  const row = await tx.idempotencyKey.findFirst({
    where: {
      workspace_id: actor.workspaceId,
      actor_id: actor.id,
      route,
      key,
      expires_at: { gt: new Date() },
    },
    select: { body_hash: true, answer: true },
  })
  if (row === null) return undefined
  if (row.body_hash !== bodyHash)
    throw appError('unprocessable', 'This Idempotency-Key was used with another body. Use a new key.', {
      details: [{ path: ['Idempotency-Key'], code: 'key_reused', message: 'used before with another body' }],
    })
  // storeAnswer wrote it from a T; answers are JSON anyway.
  return { answer: row.answer as T }
}

/** How many answers of one caller are kept, and for how long. */
interface KeptAnswers {
  /** Hours until an answer expires. */
  idempotency_hours: number
  /** Most answers; the newest stay. */
  idempotency_keys: number
}

/** Keeps the answer for the Idempotency-Key, if one was sent, in the transaction of the work. */
export async function storeAnswer(
  tx: Tx,
  actor: Actor,
  answer: unknown,
  { idempotency_hours: hours, idempotency_keys: most }: KeptAnswers,
): Promise<void> {
  const idempotency = actor.request.idempotency
  if (idempotency === undefined) return
  const { route, key, bodyHash } = idempotency
  const identity = { workspace_id: actor.workspaceId, actor_id: actor.id, route, key }
  const kept = {
    body_hash: bodyHash,
    answer: JSON.parse(JSON.stringify(answer)),
    expires_at: new Date(Date.now() + hours * 3_600_000),
  }
  await tx.idempotencyKey.upsert({
    where: { workspace_id_actor_id_route_key: identity },
    create: { ...identity, ...kept },
    update: { ...kept, created_at: new Date() },
  })
  await forgetOldest(tx, actor, most)
}

/** More than one at a time, so that a lower limit takes effect. Locked rows are skipped. */
const FORGOTTEN_AT_ONCE = 100

async function forgetOldest(tx: Tx, { workspaceId, id }: Actor, most: number): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM idempotency_key k USING (
      SELECT route, key FROM idempotency_key WHERE workspace_id = ${workspaceId}::uuid AND actor_id = ${id}::uuid
      ORDER BY created_at DESC OFFSET ${most} LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED
    ) old
    WHERE k.workspace_id = ${workspaceId}::uuid AND k.actor_id = ${id}::uuid AND k.route = old.route AND k.key = old.key`
}
