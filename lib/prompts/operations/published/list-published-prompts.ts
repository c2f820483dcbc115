import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { publishedPage } from '../../cache/published.ts'
import type { PublishedPage, PublishedPrompt, PublishedQuery } from '../../list-schema.ts'
import type { PublishedRow } from '../../store/published-rows.ts'
import { argumentDescription } from '../../variables/allowed-values.ts'
import { readVariables } from '../../variables/variables.ts'

/**
 * A page of the prompts that agents see, in order of name: active, with the label, published as a prompt.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listPublishedPrompts = operation('listPublishedPrompts', run)

function run(actor: Actor, query: PublishedQuery): Promise<PublishedPage<PublishedPrompt>> {
  return publishedPage(actor, 'prompts', query, toPrompt)
}

function toPrompt({ name, title, description, category, variables }: PublishedRow): PublishedPrompt {
  return {
    name,
    title,
    description,
    category,
    variables: readVariables(variables).map((variable) => {
      const { name, required } = variable
      const description = argumentDescription(variable)
      return { name, required, ...(description === undefined ? {} : { description }) }
    }),
  }
}
