import type { Actor } from '../../access/actor.ts'
import type { ChangeContext } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import { brokenByRevert } from '../saving/broken-by-revert.ts'
import { assertUnchanged, readHolders, readReverted } from '../saving/reverted.ts'
import { writeReverted } from '../saving/write-reverted.ts'
import type { SaveEffect } from '../saving-schema.ts'

export interface RevertInput {
  /** The change that this is a part of. */
  context: ChangeContext
  /** What `savePrompts` did. */
  effects: readonly SaveEffect[]
  /** The caller knows what labels break that move back, and wants it. */
  accepts: boolean
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
 * @throws conflict that names what changed since, what includes a prompt, or `would_break`; forbidden, unavailable
 */
export const revertSavedPrompts = operation('revertSavedPrompts', run)

async function run(actor: Actor, { context, effects, accepts }: RevertInput): Promise<Reverted> {
  assertMay(actor, 'write')
  const prompts = await readReverted(context.tx, actor, effects)
  const holders = await readHolders(context.tx, actor, prompts)
  await assertUnchanged(context.tx, actor, prompts, holders)
  const broken = await brokenByRevert(context.tx, actor, prompts, accepts)
  return writeReverted(context, actor, { prompts, holders, broken })
}
