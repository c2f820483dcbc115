import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { noImport } from '../errors.ts'
import { assertMayImport } from '../policy.ts'
import type { ImportDetail } from '../schema.ts'
import { selectImports } from '../stored-import.ts'

const GET = `${selectImports(', i.items, i.unread')} AND i.id = $2::uuid`

/**
 * What came of an import.
 * @throws not_found, also once `limits.import_retention_days` have gone by; forbidden, unavailable
 */
export const getImport = operation('getImport', run)

async function run(actor: Actor, { id }: { id: string }): Promise<ImportDetail> {
  assertMayImport(actor)
  const { rows } = await onPrimary(({ pool }) => pool.query<ImportDetail>(GET, [actor.workspaceId, id]))
  const [found] = rows
  if (found === undefined) throw noImport(id)
  return found
}
