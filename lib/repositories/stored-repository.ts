import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { actorJson, isoTime } from '../db/columns.ts'
import { appError } from '../errors.ts'
import { etagOf } from '../etag.ts'
import { getRuntime } from '../runtime.ts'
import type { Repository } from './schema.ts'

/** What can be changed of a repository, besides what is sealed. */
export interface RepositoryRow {
  id: string
  name: string
  archive_url: string
  ref: string
  folder: string
  on_conflict: Repository['on_conflict']
  labels: boolean
  category: string | null
  enabled: boolean
  revision: number
}

export type FoundRepository = Omit<Repository, 'etag' | 'hook_url'> & { revision: number }

/** Repositories `r` as callers see them; the workspace is the first value. */
export const SELECT_REPOSITORIES = `SELECT r.id, r.name, r.archive_url, r.ref, r.folder, r.on_conflict, r.labels,
    r.category, r.enabled, r.revision, r.asked > r.done AS waiting, ${isoTime('r.next_at')} AS next_at,
    EXISTS (SELECT FROM repository_secret s WHERE s.workspace_id = r.workspace_id AND s.repository_id = r.id
      AND s.use = 'authorization') AS has_authorization,
    CASE WHEN r.last_at IS NOT NULL THEN json_build_object('at', ${isoTime('r.last_at')}, 'commit', r.last_commit,
      'counts', r.last_counts, 'error', r.last_error, 'import', r.last_import) END AS last_sync,
    ${actorJson('f')} AS acts_for, ${actorJson('a')} AS created_by, ${isoTime('r.created_at')} AS created_at,
    ${isoTime('r.updated_at')} AS updated_at
  FROM repository r
  JOIN actor a ON a.workspace_id = r.workspace_id AND a.id = r.created_by
  JOIN actor f ON f.workspace_id = r.workspace_id AND f.id = r.acts_for
  WHERE r.workspace_id = $1::uuid`

export function repositoryAnswer({ revision, ...repository }: FoundRepository): Repository {
  const { id } = repository
  const hook = `${getRuntime().config.publicUrl}/api/repositories/${id}/hook`
  return { ...repository, hook_url: hook, etag: etagOf({ id, revision }) }
}

export function noRepository() {
  return appError('not_found', 'There is no such repository.')
}

/** Locks a repository until the transaction ends. @throws not_found */
export async function lockRepository(tx: Tx, { workspaceId }: Actor, id: string): Promise<RepositoryRow> {
  const [row] = await tx.$queryRaw<RepositoryRow[]>`
    SELECT id, name, archive_url, ref, folder, on_conflict, labels, category, enabled, revision FROM repository
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`
  if (row === undefined) throw noRepository()
  return row
}

/** The repository as the transaction leaves it. @throws not_found */
export async function readRepository(tx: Tx, { workspaceId }: Actor, id: string): Promise<Repository> {
  const [row] = await tx.$queryRawUnsafe<FoundRepository[]>(
    `${SELECT_REPOSITORIES} AND r.id = $2::uuid`,
    workspaceId,
    id,
  )
  if (row === undefined) throw noRepository()
  return repositoryAnswer(row)
}
