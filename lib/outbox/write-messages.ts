import type { Tx } from '../db/client.ts'
import { getRuntime } from '../runtime.ts'
import type { OutboxMessage, Unsent } from './message.ts'

/**
 * A statement that writes messages. The writer holds a lock on their subject, so that `written_at` is in the order
 * of the commits. A message that stands behind another one of its subject is due at once: no process has it for
 * itself.
 * @param sql the workspace, a JSON array of messages and the milliseconds that the writer has for sending them;
 *   `from`: rows of the statement around it without which nothing is written, with a comma
 */
export function insertMessages(sql: {
  workspace: string
  messages: string
  claimMs: string
  from?: string
}): string {
  const { workspace, messages, claimMs, from = '' } = sql
  return `INSERT INTO outbox (workspace_id, id, target, subject, name, data, due_at)
    SELECT ${workspace}, m.id, m.target, m.subject, m.name, m.data, CASE WHEN EXISTS (
        SELECT FROM outbox o WHERE o.workspace_id = ${workspace} AND o.target = m.target AND o.subject = m.subject
      ) OR row_number() OVER (PARTITION BY m.target, m.subject ORDER BY m.place) > 1 THEN now() ELSE now() + ${claimMs} * interval '1 ms' END
    FROM ${from}ROWS FROM (json_to_recordset(${messages}) AS (id text, target text, subject text, name text, data json))
      WITH ORDINALITY AS m (id, target, subject, name, data, place)
    ON CONFLICT (workspace_id, id) DO NOTHING
    RETURNING id, due_at > now() AS is_first`
}

const INSERT = insertMessages({ workspace: '$1::uuid', messages: '$2::json', claimMs: '$3::integer' })

/**
 * Messages in one statement. Those of the first are sent by the process itself; what comes after them waits for a
 * relay, which takes some at a time.
 */
const AT_ONCE = 200

/**
 * Writes messages in a transaction; one with the id of a message that is still there is left out.
 * @returns those that the process has to send once the transaction is committed: the first of each subject, of some
 *   hundred at most
 */
export async function writeMessages(
  tx: Tx,
  workspaceId: string,
  messages: readonly OutboxMessage[],
): Promise<Unsent[]> {
  if (messages.length === 0) return []
  const { outbox_claim_ms: claimMs } = getRuntime().config.limits
  const own = messages.slice(0, AT_ONCE)
  const write = (part: readonly OutboxMessage[], ms: number) =>
    tx.$queryRawUnsafe<{ id: string; is_first: boolean }[]>(INSERT, workspaceId, JSON.stringify(part), ms)
  const rows = await write(own, claimMs)
  for (let at = AT_ONCE; at < messages.length; at += AT_ONCE) await write(messages.slice(at, at + AT_ONCE), 0)
  const first = new Set(rows.filter(({ is_first }) => is_first).map(({ id }) => id))
  const subjects = new Set<string>()
  return asUnsent(workspaceId, own).filter(({ id, target, subject }) => {
    const key = `${target} ${subject}`
    if (!first.has(id) || subjects.has(key)) return false
    subjects.add(key)
    return true
  })
}

/** Messages of a statement of one's own, for which nothing can be waiting. */
export function asUnsent(workspaceId: string, messages: readonly OutboxMessage[]): Unsent[] {
  return messages.map((message) => ({ ...message, workspaceId, tries: 0 }))
}
