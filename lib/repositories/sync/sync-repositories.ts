import { z } from 'zod'
import { actorNow } from '../../access/kept-actor.ts'
import { may } from '../../access/rights.ts'
import { appError, ERROR_CATALOGUE, isAppError } from '../../errors.ts'
import { newId } from '../../id.ts'
import type { Later, OutboxMessage } from '../../outbox/message.ts'
import { getRuntime } from '../../runtime.ts'
import { importPrompts } from '../../transfer/operations/import-prompts.ts'
import { openSecretOf, type RepositoryKey } from '../sealed-secrets.ts'
import { fetchArchive } from './fetch-archive.ts'
import { filesOfArchive } from './files-of-archive.ts'
import { beginLook, endLook, type Look, type Looked, leaveLook } from './stored-sync.ts'

const Data = z.object({ workspace_id: z.uuid(), id: z.uuid(), asked: z.number().int() })

/**
 * Brings in what repositories hold that were pushed to.
 * @returns those that are looked at again
 */
export async function syncRepositories(messages: readonly OutboxMessage[]): Promise<Later[]> {
  const later: Later[] = []
  for (const message of messages) {
    const ms = await syncOne(message)
    if (ms !== undefined) later.push({ id: message.id, ms })
  }
  return later
}

/** @returns after how many milliseconds its message is wanted again */
async function syncOne({ data }: OutboxMessage): Promise<number | undefined> {
  const { workspace_id: workspaceId, id, asked } = Data.parse(data)
  const key = { workspaceId, id }
  const look = await beginLook(key, asked)
  if (look === undefined) return undefined
  if ('waitMs' in look) return look.waitMs
  const end = ending()
  try {
    const looked = look.enabled ? await bringIn(key, look, end) : OFF
    return await endLook(key, look, looked)
  } catch (error) {
    if (end.aborted || !isAppError(error)) {
      await leaveLook(key)
      if (!end.aborted) throw error
      return getRuntime().config.limits.outbox_retry_ms
    }
    return await endLook(key, look, { ...NOTHING, error: error.message, isPassing: mayPass(error.code) })
  }
}

const NOTHING = { counts: null, error: null, import: null }
const OFF: Looked & { isPassing: boolean } = { ...NOTHING, error: 'It is switched off.', isPassing: false }

/** What others do at the same time, or a host that is away for a while. */
function mayPass(code: keyof typeof ERROR_CATALOGUE): boolean {
  return code === 'conflict' || ERROR_CATALOGUE[code].status >= 502
}

/** Aborted when this process ends and waits no longer. */
function ending(): AbortSignal {
  return getRuntime().once('repositories.ending', (runtime) => {
    const made = new AbortController()
    runtime.onShutdown('drain', 'repositories', () => made.abort())
    return made
  }).signal
}

async function bringIn(
  { workspaceId }: RepositoryKey,
  look: Look,
  end: AbortSignal,
): Promise<Looked & { isPassing: boolean }> {
  const actor = await actingActor(workspaceId, look)
  const archive = await fetchArchive(
    look.archive_url,
    openSecretOf(workspaceId, look.sealed, 'authorization'),
    end,
  )
  const files = await filesOfArchive(archive, look.folder)
  const { on_conflict, labels, category } = look
  const at = look.told_commit === null ? look.ref : look.told_commit.slice(0, 12)
  const answer = await importPrompts(actor, {
    brought: { files, origin: `${look.name} (${at})`.slice(0, 200) },
    plan: { defaults: { on_conflict, labels, ...(category !== null && { category }) } },
  })
  return { counts: answer.counts, error: null, import: answer.id, isPassing: false }
}

/** Whoever made or last changed it, with what is left of the rights of then. @throws forbidden */
async function actingActor(workspaceId: string, { acts_for, kind, acting_rights, labels }: Look) {
  const request = { surface: 'rest', requestId: newId() } as const
  const actor = await actorNow(
    workspaceId,
    { id: acts_for, kind, rights: acting_rights, ...request },
    'prompts:write',
  )
  const lost =
    actor === undefined
      ? 'prompts:write'
      : labels && !may(actor, 'prompts:release')
        ? 'prompts:release'
        : null
  if (actor === undefined || lost !== null)
    throw appError(
      'forbidden',
      `Who made or last changed this repository has lost the right ${lost}. Somebody who has it saves the repository anew.`,
    )
  return actor
}
