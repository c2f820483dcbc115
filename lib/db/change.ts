import type { Actor } from '../access/actor.ts'
import { appError } from '../errors.ts'
import { newId } from '../id.ts'
import type { OutboxMessage, Unsent } from '../outbox/message.ts'
import { outbox } from '../outbox/outbox.ts'
import { writeMessages } from '../outbox/write-messages.ts'
import { getRuntime } from '../runtime.ts'
import { announcements } from './announce.ts'
import { askPrimary } from './ask.ts'
import { CHANNEL, type ChangeNotice, encodeNotice, type ListScope } from './changes/notice.ts'
import type { Tx } from './client.ts'
import { findStoredAnswer, storeAnswer } from './idempotency.ts'
import { insertRows } from './insert-rows.ts'

/** One line of the audit log. `before` and `after` hold facts about the thing, never a version's text. */
export interface AuditEntry {
  action: string
  target: { kind: string; id: string; name: string }
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
  /** Lists of agents that look different after the change. */
  lists?: ListScope[]
}

export interface ChangeContext {
  tx: Tx
  record: (entry: AuditEntry) => void
  /** Writes something that is to be sent once the change is committed, and never if it is not (ADR 76). */
  send: (message: OutboxMessage) => void
}

/**
 * Runs one change as one transaction: the work, the workspace's next revision, the audit rows, the
 * stored answer for an Idempotency-Key, the notification and what it starts elsewhere commit together or
 * not at all.
 *
 * The revision is raised last: its row lock then spans only the commit, and revisions are still in
 * commit order. Work that records nothing changed nothing: it raises no revision.
 *
 * @param work may run more than once: it is retried when the database rolled it back for another change
 * @returns what `work` returned, or the stored answer of the first request with this Idempotency-Key
 * @param options.timeoutMs for work that takes longer than a statement may
 * @throws unavailable when the database goes away meanwhile: whether the change was kept is then not
 *   known, which is what Idempotency-Key and If-Match are for; overloaded, storage_full, read_only or
 *   lock_timeout when it answers and refuses: then nothing was kept
 */
export async function change<T>(
  actor: Actor,
  work: (context: ChangeContext) => Promise<T>,
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<T> {
  const runtime = getRuntime()
  const { primary, troubles } = runtime.database
  let notice: ChangeNotice | undefined
  let unsent: Unsent[] = []
  const transact = () =>
    primary.prisma.$transaction(
      async (tx) => {
        notice = undefined
        unsent = []
        const stored = await findStoredAnswer<T>(tx, actor)
        if (stored !== undefined) {
          actor.request.outcome.replayed = true
          return stored.answer
        }
        const entries: AuditEntry[] = []
        const messages: OutboxMessage[] = []
        const answer = await work({
          tx,
          record: (entry) => void entries.push(entry),
          send: (message) => void messages.push(message),
        })
        messages.push(...(await announcements(tx, actor, entries)))
        unsent = await writeMessages(tx, actor.workspaceId, messages)
        if (entries.length > 0) notice = await commitEntries(tx, actor, entries)
        await storeAnswer(tx, actor, answer, runtime.config.limits)
        return answer
      },
      timeoutMs === undefined ? {} : { timeout: timeoutMs },
    )
  const result = await askPrimary(transact)
  if (notice !== undefined) {
    troubles.written()
    actor.request.outcome.revision = notice.revision
    runtime.feed.apply(notice)
  }
  outbox().sendNow(unsent)
  return result
}

async function commitEntries(tx: Tx, actor: Actor, entries: AuditEntry[]): Promise<ChangeNotice> {
  const workspace = await tx.workspace.update({
    where: { id: actor.workspaceId },
    data: { revision: { increment: 1 } },
    select: { revision: true },
  })
  const revision = Number(workspace.revision)
  if (revision >= Number.MAX_SAFE_INTEGER) throw appError('internal', 'The workspace has no revisions left.')
  const origin = originOf(actor)
  await insertRows(
    tx,
    'audit_event',
    entries.map((entry) => ({
      id: newId(),
      workspace_id: actor.workspaceId,
      revision,
      actor_id: actor.id,
      action: entry.action,
      target_kind: entry.target.kind,
      target_id: entry.target.id,
      target_name: loggedName(actor, entry),
      before: entry.before ?? null,
      after: entry.after ?? null,
      lists: entry.lists ?? [],
      request_id: actor.request.id,
      ...origin,
    })),
  )
  const notice: ChangeNotice = {
    workspace_id: actor.workspaceId,
    revision,
    targets: entries.map((entry) => ({
      ...entry.target,
      name: loggedName(actor, entry),
      action: entry.action,
    })),
    lists: uniqueScopes(entries.flatMap((entry) => entry.lists ?? [])),
    knows_skills: true,
  }
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, ${encodeNotice(notice)})`
  return notice
}

/**
 * The name of a target as it is logged. Names of people and addresses of those who are invited can be erased, rows of
 * the log cannot: it has none, and asks for them when it is read.
 */
function loggedName({ id, kind }: Actor, { target }: AuditEntry): string {
  const isOfApp = kind === 'system' && target.id === id
  return target.kind === 'invitation' || (target.kind === 'actor' && !isOfApp) ? '' : target.name
}

/** Who is behind an actor, and where the request came from. */
function originOf({ credential, request }: Actor) {
  return {
    key_id: credential.kind === 'key' ? credential.id : null,
    client_id: credential.kind === 'token' ? credential.clientId : null,
    on_behalf_of: 'personActorId' in credential ? credential.personActorId : null,
    address: request.address ?? null,
    surface: request.surface,
  }
}

/** Of a thousand prompts that moved, most are shown in the same lists. */
function uniqueScopes(scopes: ListScope[]): ListScope[] {
  return [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).values()]
}
