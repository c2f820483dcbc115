import type { Actor } from '../../access/actor.ts'
import { RIGHTS_KIND } from '../../access/current-rights.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { newKeyText, shownPrefix } from '../key-text.ts'
import { assertMayChange, assertMayRotate } from '../policy.ts'
import { OVERLAP_HOURS } from '../rules.ts'
import type { NewApiKey, RotateKeyInput } from '../schema.ts'
import { type KeyRow, lockKey, readKey, usualEnd, writeText } from '../stored-key.ts'

const HOUR_MS = 3_600_000

/**
 * Gives a key a new text, which is answered this once and lives as long as the one before was given. The old text
 * goes on working for the overlap, at most until its own end.
 * @throws not_found, conflict when it is revoked, forbidden, unavailable
 */
export const rotateKey = operation('rotateKey', run)

async function run(actor: Actor, input: RotateKeyInput & { id: string }): Promise<NewApiKey> {
  assertMayChange(actor)
  const { id, overlap_hours = OVERLAP_HOURS.usual } = input
  const text = newKeyText()
  const key = await change(actor, async ({ tx, record }) => {
    const before = await lockKey(tx, actor, id)
    assertMayRotate(actor, before)
    if (before.text_made_at === null)
      throw appError('conflict', `The key "${before.name}" is revoked. Make a new one.`)
    await endTexts(tx, actor, before, overlap_hours)
    await writeText(tx, actor, before, text)
    const expiresAt = nextEnd(before)
    await tx.$executeRaw`UPDATE api_key SET prefix = ${shownPrefix(text)}, expires_at = ${expiresAt}::timestamptz
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
    const after = await readKey(tx, actor, id)
    const { prefix, expires_at, previous_until } = after
    record({
      action: 'key.rotate',
      target: { kind: RIGHTS_KIND, id, name: before.name },
      before: { prefix: before.prefix, expires_at: before.expires_at?.toISOString() ?? null },
      after: { prefix, expires_at, previous_until },
    })
    return after
  })
  return { ...key, key: text, notes: [] }
}

/** A text that would have ended earlier still does; what has ended is forgotten. */
async function endTexts(
  tx: Tx,
  { workspaceId }: Actor,
  { id, expires_at }: KeyRow,
  hours: number,
): Promise<void> {
  const end = new Date(Date.now() + hours * HOUR_MS)
  await tx.$executeRaw`UPDATE api_key_secret SET ends_at = least(ends_at, ${end}::timestamptz, ${expires_at}::timestamptz)
    WHERE workspace_id = ${workspaceId}::uuid AND key_id = ${id}::uuid`
  await tx.$executeRaw`DELETE FROM api_key_secret
    WHERE workspace_id = ${workspaceId}::uuid AND key_id = ${id}::uuid AND ends_at <= ${new Date()}::timestamptz`
}

function nextEnd({ expires_at, text_made_at }: KeyRow): Date | null {
  if (expires_at === null) return null
  if (text_made_at === null) return usualEnd()
  return new Date(Date.now() + expires_at.getTime() - text_made_at.getTime())
}
