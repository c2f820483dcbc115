import type { Actor } from '../../../access/actor.ts'
import { change } from '../../../db/change.ts'
import { operation } from '../../../telemetry/operation.ts'
import type { PromptExample, ReplaceExampleInput } from '../../example-schema.ts'
import { assertMay, assertMayWriteIn } from '../../policy.ts'
import {
  assertExamplesBytes,
  assertExampleValues,
  findExample,
  takingExampleName,
} from '../../store/examples.ts'
import { lockPrompt } from '../../store/lock-prompt.ts'

export type ReplaceExampleRequest = ReplaceExampleInput & { prompt: string; example: string }

/**
 * Renames saved inputs or replaces their values; a field that is left out stays. The last change wins.
 * @throws not_found, conflict for a taken name, too_large, forbidden, unavailable
 */
export const replaceExample = operation('replaceExample', run)

async function run(actor: Actor, input: ReplaceExampleRequest): Promise<PromptExample> {
  assertMay(actor, 'write')
  if (input.values !== undefined) assertExampleValues(input.values)
  return takingExampleName(input.name, () =>
    change(actor, async ({ tx, record }) => {
      const prompt = await lockPrompt(tx, actor, input.prompt)
      assertMayWriteIn(actor, prompt.category_id)
      const before = await findExample(tx, actor, prompt, input.example)
      const name = input.name ?? before.name
      const values = input.values ?? before.values
      if (name === before.name && JSON.stringify(values) === JSON.stringify(before.values)) return before
      await assertExamplesBytes(tx, actor, prompt.id, values, before.id)
      await tx.$executeRaw`UPDATE prompt_example SET name = ${name}, "values" = ${JSON.stringify(values)}::json
        WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${before.id}::uuid`
      record({
        action: 'example.replace',
        target: { kind: 'prompt', id: prompt.id, name: prompt.name },
        before: { example: before.id, name: before.name, variables: Object.keys(before.values) },
        after: { example: before.id, name, variables: Object.keys(values) },
      })
      return findExample(tx, actor, prompt, before.id)
    }),
  )
}
