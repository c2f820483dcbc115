import type { Actor } from '../../../access/actor.ts'
import { change } from '../../../db/change.ts'
import { overLimit } from '../../../errors.ts'
import { newId } from '../../../id.ts'
import { getRuntime } from '../../../runtime.ts'
import { operation } from '../../../telemetry/operation.ts'
import type { CreateExampleInput, PromptExample } from '../../example-schema.ts'
import { assertMay, assertMayWriteIn } from '../../policy.ts'
import {
  assertExamplesBytes,
  assertExampleValues,
  findExample,
  takingExampleName,
} from '../../store/examples.ts'
import { lockPrompt } from '../../store/lock-prompt.ts'

export type CreateExampleRequest = CreateExampleInput & { prompt: string }

/**
 * Saves inputs with a prompt. The prompt itself stays as it is, with its ETag.
 * @throws not_found, conflict for a taken name, too_large past `limits.examples`,
 *   `limits.example_length` or `limits.examples_bytes`, forbidden, unavailable
 */
export const createExample = operation('createExample', run)

async function run(actor: Actor, input: CreateExampleRequest): Promise<PromptExample> {
  assertMay(actor, 'write')
  const { name, values } = input
  assertExampleValues(values)
  return takingExampleName(name, () =>
    change(actor, async ({ tx, record }) => {
      const prompt = await lockPrompt(tx, actor, input.prompt)
      assertMayWriteIn(actor, prompt.category_id)
      const where = { workspace_id: actor.workspaceId, prompt_id: prompt.id }
      const limit = getRuntime().config.limits.examples
      if ((await tx.promptExample.count({ where })) >= limit)
        throw overLimit('limits.examples', `A prompt has at most ${limit} examples`)
      await assertExamplesBytes(tx, actor, prompt.id, values)
      const id = newId()
      await tx.$executeRaw`INSERT INTO prompt_example (id, workspace_id, prompt_id, name, "values", created_by)
        VALUES (${id}::uuid, ${actor.workspaceId}::uuid, ${prompt.id}::uuid, ${name},
          ${JSON.stringify(values)}::json, ${actor.id}::uuid)`
      record({
        action: 'example.create',
        target: { kind: 'prompt', id: prompt.id, name: prompt.name },
        after: { example: id, name, variables: Object.keys(values) },
      })
      return findExample(tx, actor, prompt, id)
    }),
  )
}
