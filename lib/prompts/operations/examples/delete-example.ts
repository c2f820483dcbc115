import type { Actor } from '../../../access/actor.ts'
import { change } from '../../../db/change.ts'
import { operation } from '../../../telemetry/operation.ts'
import { assertMay, assertMayWriteIn } from '../../policy.ts'
import { findExample } from '../../store/examples.ts'
import { lockPrompt } from '../../store/lock-prompt.ts'

export interface DeleteExampleRequest {
  name: string
  example: string
}

/**
 * Deletes saved inputs.
 * @throws not_found, forbidden, unavailable
 */
export const deleteExample = operation('deleteExample', run)

async function run(actor: Actor, input: DeleteExampleRequest): Promise<void> {
  assertMay(actor, 'write')
  await change(actor, async ({ tx, record }) => {
    const prompt = await lockPrompt(tx, actor, input.name)
    assertMayWriteIn(actor, prompt.category_id)
    const { id, name, values } = await findExample(tx, actor, prompt, input.example)
    await tx.promptExample.delete({ where: { id, workspace_id: actor.workspaceId }, select: { id: true } })
    record({
      action: 'example.delete',
      target: { kind: 'prompt', id: prompt.id, name: prompt.name },
      before: { example: id, name, variables: Object.keys(values) },
      after: null,
    })
  })
}
