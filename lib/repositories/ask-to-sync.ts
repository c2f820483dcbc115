import type { ChangeContext } from '../db/change.ts'
import type { RepositoryKey } from './sealed-secrets.ts'
import { noRepository } from './stored-repository.ts'

/**
 * Asks for a look at a repository, in the transaction of what asks. Looks at one go one after another; one that has
 * begun later than it was asked for answers it as well.
 * @param commit as the push told it
 */
export async function askToSync(
  { tx, send }: Pick<ChangeContext, 'tx' | 'send'>,
  { workspaceId, id }: RepositoryKey,
  commit: string | null,
): Promise<void> {
  const [row] = await tx.$queryRaw<{ asked: number }[]>`UPDATE repository
    SET asked = asked + 1, tries = 0, next_at = NULL, told_commit = ${commit}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid RETURNING asked`
  if (row === undefined) throw noRepository()
  send({
    target: 'repositories',
    subject: id,
    id: `repository ${id} ${row.asked}`,
    name: 'repository/sync',
    data: { workspace_id: workspaceId, id, asked: row.asked },
  })
}
