import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { noAccount, personOf } from '../members/own-person.ts'
import { entryOf } from '../members/stored-member.ts'
import { assertSelf } from '../policy.ts'
import type { Me, PatchMeInput } from '../schema.ts'
import { getMe } from './get-me.ts'

/**
 * Changes one's own name, in every workspace.
 * @throws forbidden, conflict while there is no account, unavailable
 */
export const patchMe = operation('patchMe', run)

async function run(actor: Actor, { name }: PatchMeInput): Promise<Me> {
  assertSelf(actor)
  const personId = await onPrimary(({ pool }) => personOf(pool, actor))
  if (personId === undefined) throw noAccount()
  await change(actor, async ({ tx, record }) => {
    const renamed = await tx.$executeRaw`UPDATE person SET name = ${name}, updated_at = now()
      WHERE id = ${personId}::uuid AND name <> ${name}`
    if (renamed === 0) return
    await tx.$executeRaw`UPDATE actor a SET display = ${name} FROM member m
      WHERE m.person_id = ${personId}::uuid AND a.workspace_id = m.workspace_id AND a.id = m.actor_id`
    record(entryOf('member.rename', { id: actor.id, name }))
  })
  return getMe(actor)
}
