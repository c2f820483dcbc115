import type { Actor } from '../../access/actor.ts'
import type { Variable } from '../../liquid/variable.ts'
import { operation } from '../../telemetry/operation.ts'
import { findVersion } from '../cache/find-version.ts'
import { assertMay } from '../policy.ts'
import type { Publish, ReadSelector } from '../schema.ts'

export type DescribePromptRequest = ReadSelector & { name: string }

/** What a door must know of a prompt before it reads or renders it. */
export interface PromptFacts {
  readonly id: string
  readonly name: string
  /** Slug. */
  readonly category: string | null
  readonly version: number
  readonly latest_version: number
  readonly title: string
  readonly description: string
  readonly publish: Publish
  readonly variables: readonly Variable[]
}

/**
 * Facts about a prompt, from memory where it was read before. Not counted as a use: it gives out no text.
 * @throws not_found, forbidden, unavailable
 */
export const describePrompt = operation('describePrompt', run)

async function run(actor: Actor, input: DescribePromptRequest): Promise<PromptFacts> {
  assertMay(actor, 'read')
  const { resolution, version } = await findVersion(actor, input.name, input)
  const { prompt } = resolution
  return {
    id: prompt.id,
    name: prompt.name,
    category: prompt.category,
    version: version.stored.version,
    latest_version: actor.label === null ? prompt.latest_version : version.stored.version,
    title: version.stored.title,
    description: version.stored.description,
    publish: version.stored.publish,
    variables: version.variables,
  }
}
