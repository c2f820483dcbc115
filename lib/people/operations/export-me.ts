import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { noAccount, personOf } from '../members/own-person.ts'
import { readExport } from '../members/read-export.ts'
import { assertSelf } from '../policy.ts'
import type { PersonExport } from '../schema.ts'

/**
 * What is kept of oneself.
 * @throws forbidden, conflict while there is no account, unavailable
 */
export const exportMe = operation('exportMe', run)

async function run(actor: Actor): Promise<PersonExport> {
  assertSelf(actor)
  return onPrimary(async ({ pool }) => {
    const personId = await personOf(pool, actor)
    const of = { personId: personId ?? '', workspaceId: actor.workspaceId, everywhere: true }
    const exported = personId === undefined ? undefined : await readExport(pool, of)
    if (exported === undefined) throw noAccount()
    return exported
  })
}
