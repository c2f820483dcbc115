import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import type { ExampleList } from '../../example-schema.ts'
import { assertMay } from '../../policy.ts'
import { readExamples } from '../../store/examples.ts'
import { findReadable } from '../../store/find-readable.ts'

export interface ListExamplesRequest {
  name: string
}

/**
 * The saved inputs of a prompt, by name. They belong to no version: an actor pinned to a label is told of none.
 * @throws not_found, forbidden, unavailable
 */
export const listExamples = operation('listExamples', run)

async function run(actor: Actor, input: ListExamplesRequest): Promise<ExampleList> {
  assertMay(actor, 'read')
  return findReadable(actor, input.name, async ({ prompt, query }) => ({
    items: actor.label === null ? await readExamples(query, actor.workspaceId, prompt.id) : [],
    next_cursor: null,
  }))
}
