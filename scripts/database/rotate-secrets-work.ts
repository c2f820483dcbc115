import type { Actor } from '#lib/access/actor.ts'
import { operatorActorIn } from '#lib/access/identify.ts'
import { getRuntime } from '#lib/runtime.ts'
import { checkSecret, takeSecret } from '#lib/secrets/known-secret.ts'
import { rotateDataKey } from '#lib/secrets/operations/rotate-data-key.ts'
import { rewrapDataKeys } from '#lib/secrets/wraps.ts'

/**
 * Makes a new data key in every workspace and seals everything with it.
 * @param isLost takes the secret of this machine as the right one
 * @returns how much was sealed anew, what could not be read, and both as a sentence
 */
export async function rotateSecrets(
  operator: Actor,
  isLost: boolean,
): Promise<{ resealed: number; unreadable: string[]; text: string }> {
  await (isLost ? takeSecret() : checkSecret())
  await rewrapDataKeys()
  const { pool } = getRuntime().database.primary
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM workspace ORDER BY id')
  const done = [await rotateDataKey(operator, { installation: true })]
  for (const { id } of rows) done.push(await rotateDataKey(await operatorActorIn(id), {}))
  const resealed = done.reduce((sum, each) => sum + each.resealed, 0)
  const unreadable = done.flatMap((each) => each.unreadable)
  const rest =
    unreadable.length === 0 ? '' : ` These cannot be read, enter them again: ${unreadable.join(', ')}.`
  const text = `A new data key seals everything: ${resealed} stored secrets were sealed anew.${rest}`
  return { resealed, unreadable, text }
}
