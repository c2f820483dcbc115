import type { Actor } from '../../access/actor.ts'
import type { ChangeContext } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import { assertUnchanged, readHolders, readReverted } from '../saving/reverted.ts'
import { writeReverted } from '../saving/write-reverted.ts'
import type { SaveEffect } from '../saving-schema.ts'

export interface RevertInput {
  /** The change that this is a part of. */
  context: ChangeContext
  /** What `savePrompts` did. */
  effects: readonly SaveEffect[]
}

export interface Reverted {
  /** Prompts that were archived. */
  archived: number
  /** Prompts that got a version with what was there before. */
  reverted: number
  labels: number
}

/**
 * Takes back what `savePrompts` did, by adding to it: prompts that it made are archived, others get a version with what
 * was there before, labels move back.
 * @throws conflict that names what changed since, or what includes a prompt; forbidden, unavailable
 */
export const revertSavedPrompts = operation('revertSavedPrompts', run)

async function run(actor: Actor, { context, effects }: RevertInput): Promise<Reverted> {
  assertMay(actor, 'write')
  const prompts = await readReverted(context.tx, actor, effects)
  const holders = await readHolders(context.tx, actor, prompts)
  await assertUnchanged(context.tx, actor, prompts, holders)
  return writeReverted(context, actor, prompts, holders)
}
