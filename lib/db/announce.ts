import type { Actor } from '../access/actor.ts'
import { newId } from '../id.ts'
import type { OutboxMessage } from '../outbox/message.ts'
import type { AuditEntry } from './change.ts'
import type { Tx } from './client.ts'

/** What of a change others can hear of, besides the labels that it moves. */
const HEARD: Readonly<Record<string, string>> = {
  'version.create': 'version.created',
  'prompt.create': 'prompt.created',
  'prompt.archive': 'prompt.archived',
  'prompt.restore': 'prompt.restored',
  'import.create': 'import.finished',
  'import.undo': 'import.undone',
}
const MOVING = new Set(['label.set', 'label.delete', 'version.create', 'prompt.create'])

interface LabelMove {
  id: string
  prompt_id: string
  label: string
  from_version: number | null
  to_version: number | null
  protected: boolean
}

/**
 * The messages that tell alerts and webhooks of a change, for its own transaction: none is lost, none tells of what was
 * not kept. Where nobody listens there are none.
 */
export async function announcements(
  tx: Tx,
  actor: Actor,
  entries: readonly AuditEntry[],
): Promise<OutboxMessage[]> {
  const heard = entries.filter(
    ({ action, isOneOfMany }) => isOneOfMany !== true && (action in HEARD || MOVING.has(action)),
  )
  if (heard.length === 0 || !(await hasListeners(tx, actor))) return []
  const moves = await readMoves(tx, actor, heard)
  return heard.flatMap((entry) => {
    const facts = factsOf(entry)
    const type = HEARD[entry.action]
    const own = type === undefined ? [] : [messageOf(actor, entry, { id: newId(), type, facts })]
    const labels = new Set(labelsOf(entry))
    const moved = moves.filter(({ prompt_id, label }) => prompt_id === entry.target.id && labels.has(label))
    return [...own, ...moved.map((move) => moveMessage(actor, entry, move))]
  })
}

async function hasListeners(tx: Tx, { workspaceId }: Actor): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT FROM webhook WHERE workspace_id = ${workspaceId}::uuid AND enabled)
      OR EXISTS (SELECT FROM alert_rule WHERE workspace_id = ${workspaceId}::uuid AND enabled AND kind = 'label_moved')
      AS any`
  return row?.any === true
}

/**
 * The events of the labels that the change names, which this transaction wrote. They need not be the newest: one that
 * began before another one, and waited for it, has the earlier time.
 */
async function readMoves(
  tx: Tx,
  { workspaceId }: Actor,
  entries: readonly AuditEntry[],
): Promise<LabelMove[]> {
  const wanted = entries.flatMap((entry) => labelsOf(entry).map((label) => ({ id: entry.target.id, label })))
  if (wanted.length === 0) return []
  return tx.$queryRaw<LabelMove[]>`
    SELECT e.id, e.prompt_id, e.label, e.from_version, e.to_version,
      (e.label = 'production' OR coalesce(r.protected, false)) AS protected
    FROM unnest(${wanted.map(({ id }) => id)}::uuid[], ${wanted.map(({ label }) => label)}::text[]) AS w (id, label)
    CROSS JOIN LATERAL (SELECT * FROM label_event l WHERE l.workspace_id = ${workspaceId}::uuid AND l.prompt_id = w.id
      AND l.label = w.label AND l.xmin = pg_current_xact_id()::xid ORDER BY l.occurred_at DESC, l.id DESC LIMIT 1) e
    LEFT JOIN label_rule r ON r.workspace_id = ${workspaceId}::uuid AND r.label = e.label`
}

function labelsOf({ action, before, after }: AuditEntry): string[] {
  if (!MOVING.has(action)) return []
  const label = after?.['label'] ?? before?.['label']
  if (typeof label === 'string') return [label]
  const labels = after?.['labels']
  return Array.isArray(labels) ? labels.map(String) : []
}

function factsOf({ target, after }: AuditEntry): Record<string, unknown> {
  if (target.kind === 'import') return { counts: after ?? {} }
  const { version, labels } = after ?? {}
  return { ...(version !== undefined && { version, labels: labels ?? [] }) }
}

function moveMessage(actor: Actor, entry: AuditEntry, move: LabelMove): OutboxMessage {
  const { id, label, from_version, to_version, protected: isProtected } = move
  const facts = { label, protected: isProtected, from_version, to_version }
  return messageOf(actor, entry, { id, type: 'label.moved', facts })
}

function messageOf(
  actor: Actor,
  { target: { kind, id: targetId, name } }: AuditEntry,
  { id, type, facts }: { id: string; type: string; facts: Record<string, unknown> },
): OutboxMessage {
  return {
    target: 'events',
    // In the order in which things happened to a prompt.
    subject: targetId,
    id: `event ${id}`,
    name: type,
    data: {
      workspace_id: actor.workspaceId,
      id,
      actor_id: actor.id,
      occurred_at: new Date().toISOString(),
      ...(kind === 'import'
        ? { import: { id: targetId, origin: name } }
        : { prompt: { id: targetId, name } }),
      ...facts,
    },
  }
}
