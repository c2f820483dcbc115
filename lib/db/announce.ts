import type { Actor } from '../access/actor.ts'
import { newId } from '../id.ts'
import type { OutboxMessage } from '../outbox/message.ts'
import { inSlices } from '../pacing.ts'
import type { AuditEntry } from './change.ts'
import type { Tx } from './client.ts'

/** What of a change others can hear of, besides the labels that it moves and what goes to the archive or comes back. */
const HEARD: Readonly<Record<string, string>> = {
  'version.create': 'version.created',
  'prompt.create': 'prompt.created',
  'prompt.archive': 'prompt.archived',
  'prompt.restore': 'prompt.restored',
  'import.create': 'import.finished',
  'import.undo': 'import.undone',
}
const MOVING = new Set([
  'label.set',
  'label.delete',
  'version.create',
  'prompt.create',
  'prompt.archive',
  'prompt.restore',
])
const MOVED = 'label.moved'

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
 * not kept. Of what nobody listens to there are none.
 */
export async function announcements(
  tx: Tx,
  actor: Actor,
  entries: readonly AuditEntry[],
): Promise<OutboxMessage[]> {
  const heard = entries.filter((entry) => typesOf(entry).length > 0 || labelsOf(entry).length > 0)
  if (heard.length === 0) return []
  const wanted = await readWanted(tx, actor)
  if (wanted.size === 0) return []
  const moves = wanted.has(MOVED) ? await readMoves(tx, actor, heard) : []
  const ofPrompt = Map.groupBy(moves, ({ prompt_id }) => prompt_id)
  const messages: OutboxMessage[] = []
  const breathe = inSlices()
  for (const entry of heard) {
    const facts = factsOf(entry)
    for (const type of typesOf(entry))
      if (wanted.has(type)) messages.push(messageOf(actor, entry, { id: newId(), type, facts }))
    const labels = new Set(labelsOf(entry))
    for (const move of ofPrompt.get(entry.target.id) ?? [])
      if (labels.has(move.label)) messages.push(moveMessage(actor, entry, move))
    // An import has ten thousand of them.
    await breathe()
  }
  return messages
}

/** The events that some webhook or rule of the workspace listens to. */
async function readWanted(tx: Tx, { workspaceId }: Actor): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ type: string }[]>`
    SELECT DISTINCT unnest(events) AS type FROM webhook WHERE workspace_id = ${workspaceId}::uuid AND enabled
    UNION SELECT ${MOVED} WHERE EXISTS (
      SELECT FROM alert_rule WHERE workspace_id = ${workspaceId}::uuid AND enabled AND kind = 'label_moved')`
  return new Set(rows.map(({ type }) => type))
}

/** What an entry is heard as; what changes a prompt may bring it back from the archive besides, or take it there. */
function typesOf({ action, target, before, after }: AuditEntry): string[] {
  const type = HEARD[action]
  const [was, is] = target.kind === 'prompt' ? [before?.['archived'], after?.['archived']] : []
  const back = was === true && is === false ? ['prompt.restored'] : []
  const gone = was === false && is === true ? ['prompt.archived'] : []
  return [...new Set([...back, ...(type === undefined ? [] : [type]), ...gone])]
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
  return messageOf(actor, entry, { id, type: MOVED, facts })
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
