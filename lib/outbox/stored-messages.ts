import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'
import type { Unsent } from './message.ts'

/** The first message of each subject. A message that another relay locks or has claimed meanwhile is left to it. */
const CLAIM = `WITH head AS MATERIALIZED (
    SELECT o.workspace_id, o.id FROM outbox o
    WHERE o.target = $1 AND o.due_at <= now() AND o.tries < $2 AND NOT EXISTS (
      SELECT FROM outbox e WHERE e.workspace_id = o.workspace_id AND e.target = o.target AND e.subject = o.subject
        AND (e.written_at, e.id) < (o.written_at, o.id))
    ORDER BY o.due_at, o.written_at LIMIT $3 FOR UPDATE OF o SKIP LOCKED
  ), claimed AS (
    UPDATE outbox o SET due_at = clock_timestamp() + $4 * interval '1 ms' FROM head
    WHERE o.workspace_id = head.workspace_id AND o.id = head.id
    RETURNING o.workspace_id AS "workspaceId", o.id, o.target, o.subject, o.name, o.data, o.tries, o.written_at
  )
  SELECT "workspaceId", id, target, subject, name, data, tries FROM claimed ORDER BY written_at, id`

/**
 * Takes messages for this process, for `limits.outbox_claim_ms`, those first that have been due for longest.
 * @throws unavailable
 */
export async function claimMessages(target: string, most: number): Promise<Unsent[]> {
  const { outbox_tries, outbox_claim_ms } = getRuntime().config.limits
  const values = [target, outbox_tries, most, outbox_claim_ms]
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Unsent>({ name: 'outbox.claim', text: CLAIM, values }),
  )
  return rows
}

const REMOVE = `WITH sent AS (
    DELETE FROM outbox o USING unnest($1::uuid[], $2::text[]) AS s (workspace_id, id)
    WHERE o.workspace_id = s.workspace_id AND o.id = s.id
    RETURNING o.workspace_id, o.target, o.subject
  )
  SELECT FROM outbox n JOIN sent USING (workspace_id, target, subject) WHERE n.id <> ALL ($2::text[]) LIMIT 1`

/**
 * Deletes what was sent.
 * @returns whether others of the same subjects have waited for it
 * @throws unavailable
 */
export async function removeMessages(messages: readonly Unsent[]): Promise<boolean> {
  const { rowCount } = await onPrimary(({ pool }) =>
    pool.query({ name: 'outbox.remove', text: REMOVE, values: keysOf(messages) }),
  )
  return rowCount === 1
}

/** A message that was not taken. */
export interface Postponed {
  message: Unsent
  tries: number
  /** Until it is due. */
  ms: number
}

const POSTPONE = `UPDATE outbox o SET due_at = clock_timestamp() + p.ms * interval '1 ms', tries = p.tries
  FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::float8[]) AS p (workspace_id, id, tries, ms)
  WHERE o.workspace_id = p.workspace_id AND o.id = p.id`

/** @throws unavailable */
export async function postponeMessages(postponed: readonly Postponed[]): Promise<void> {
  const values = [
    ...keysOf(postponed.map(({ message }) => message)),
    postponed.map(({ tries }) => tries),
    postponed.map(({ ms }) => ms),
  ]
  await onPrimary(({ pool }) => pool.query({ name: 'outbox.postpone', text: POSTPONE, values }))
}

function keysOf(messages: readonly Unsent[]): [string[], string[]] {
  return [messages.map(({ workspaceId }) => workspaceId), messages.map(({ id }) => id)]
}

/**
 * Whether a message of the table `outbox` is late when it is old. A webhook or a repository that fails is tried again for hours, and
 * what comes after it waits: that is late once nobody has taken it or means to try it again.
 */
export const COUNTS_AS_LATE = `(outbox.target NOT IN ('webhooks', 'repositories') OR NOT EXISTS (SELECT FROM outbox h
    WHERE h.workspace_id = outbox.workspace_id AND h.target = outbox.target AND h.subject = outbox.subject
      AND h.due_at > now()))`
