import type { Actor } from '../../access/actor.ts'
import { systemActorIn } from '../../access/identify.ts'
import type { KeptRights } from '../../access/kept-actor.ts'
import { change } from '../../db/change.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import { getRuntime } from '../../runtime.ts'
import type { ImportCounts } from '../../transfer/schema.ts'
import { ringFor, stopRinging } from '../failing.ts'
import { type RepositoryKey, SECRETS, type SealedRow } from '../sealed-secrets.ts'
import type { RepositoryRow } from '../stored-repository.ts'

/** A repository as a look at it begins. */
export interface Look extends Omit<RepositoryRow, 'revision'> {
  asked: number
  done: number
  tries: number
  told_commit: string | null
  acts_for: string
  kind: Actor['kind']
  acting_rights: KeptRights
  sealed: SealedRow[]
}

/** What came of it. */
export interface Looked {
  counts: ImportCounts | null
  error: string | null
  import: string | null
}

/** After it, what is left of a process that died is taken over. Its import may take as long again as its archive. */
const leaseMs = () => 2 * getRuntime().config.limits.import_ms + 10_000

/**
 * Takes a repository for a look, unless another process looks at it.
 * @param asked the look that a message asks for
 * @returns after how many milliseconds to come again, where it has to wait; undefined: there is nothing to do
 */
export async function beginLook(
  { workspaceId, id }: RepositoryKey,
  asked: number,
): Promise<Look | { waitMs: number } | undefined> {
  const actor = await systemActorIn(workspaceId)
  return change(actor, async ({ tx }) => {
    const [row] = await tx.$queryRaw<
      (Omit<Look, 'sealed'> & { next_at: Date | null; claimed_until: Date | null })[]
    >`
      SELECT r.id, r.name, r.archive_url, r.ref, r.folder, r.on_conflict, r.labels, r.category, r.enabled, r.asked,
        r.done, r.tries, r.told_commit, r.acts_for, a.kind, r.acting_rights, r.next_at, r.claimed_until
      FROM repository r JOIN actor a ON a.workspace_id = r.workspace_id AND a.id = r.acts_for
      WHERE r.workspace_id = ${workspaceId}::uuid AND r.id = ${id}::uuid FOR NO KEY UPDATE OF r`
    if (row === undefined || row.done >= asked) return undefined
    const ready = Math.max(row.next_at?.getTime() ?? 0, row.claimed_until?.getTime() ?? 0)
    if (ready > Date.now())
      return { waitMs: Math.min(ready - Date.now(), getRuntime().config.limits.webhook_retry_ms) }
    const until = new Date(Date.now() + leaseMs())
    await tx.$executeRaw`UPDATE repository SET claimed_until = ${until}::timestamptz
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`
    const sealed = await tx.$queryRawUnsafe<SealedRow[]>(SECRETS, workspaceId, id)
    return { ...row, sealed }
  })
}

/** Gives a look back that this process cannot end: another one begins it anew. */
export async function leaveLook({ workspaceId, id }: RepositoryKey): Promise<void> {
  await change(await systemActorIn(workspaceId), async ({ tx }) => {
    await tx.$executeRaw`UPDATE repository SET claimed_until = NULL
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`
  })
}

/**
 * Notes what came of a look. One that may succeed later is begun again, as often as a delivery to a webhook.
 * @returns after how many milliseconds it is begun again; undefined: it is over
 */
export async function endLook(
  { workspaceId, id }: RepositoryKey,
  look: Look,
  looked: Looked & { isPassing: boolean },
): Promise<number | undefined> {
  const { limits } = getRuntime().config
  const tries = look.tries + 1
  const isOver = !looked.isPassing || tries >= limits.webhook_tries
  const ms = Math.min(limits.webhook_retry_ms * 2 ** (tries - 1), limits.webhook_retry_max_ms)
  const next = isOver ? null : new Date(Date.now() + ms)
  const counts = looked.counts === null ? null : JSON.stringify(looked.counts)
  const isNews = await change(await systemActorIn(workspaceId), async ({ tx }) => {
    // A push that came meanwhile begins its own tries.
    await tx.$executeRaw`UPDATE repository SET claimed_until = NULL, last_at = now(), last_commit = ${look.told_commit},
        last_counts = ${counts}::json, last_error = ${looked.error}, last_import = ${looked.import}::uuid,
        done = CASE WHEN ${isOver} THEN greatest(done, ${look.asked}) ELSE done END,
        tries = CASE WHEN ${isOver} OR asked > ${look.asked} THEN 0 ELSE ${tries} END,
        next_at = CASE WHEN asked > ${look.asked} THEN NULL ELSE ${next}::timestamptz END
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`
    if (!isOver) return false
    const { name, enabled } = look
    return looked.error !== null && enabled
      ? ringFor(tx, { workspaceId, id }, { name, reason: looked.error })
      : stopRinging(tx, { workspaceId, id })
  })
  if (isNews) newsPublisher().publish(workspaceId, 'alerts')
  return isOver ? undefined : ms
}
