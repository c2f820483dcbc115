import type { Actor } from '../../access/actor.ts'
import type { ExampleList } from '../example-schema.ts'
import { assertMay } from '../policy.ts'
import { findReadable } from '../reading/find-readable.ts'
import { readExamples } from '../reading/stored-example.ts'

export interface ListExamplesRequest {
  name: string
}

/**
 * The saved inputs of a prompt, by name.
 * @throws not_found, forbidden, unavailable
 */
export async function listExamples(actor: Actor, input: ListExamplesRequest): Promise<ExampleList> {
  assertMay(actor, 'read')
  return findReadable(actor, input.name, async ({ prompt, query }) => ({
    items: await readExamples(query, actor.workspaceId, prompt.id),
    next_cursor: null,
  }))
}
