import type { Generation } from '#lib/generations/schema.ts'
import { declareVariables } from '#lib/prompts/variables/variables.ts'
import type { TakenOver } from './use-take-over.ts'

/** The parts of a generation that the playground takes over. A module of its own: it imports the schemas. */
export function takenOf({ id, draft, variables }: Generation): TakenOver {
  if (draft === null) return { id, values: variables, text: undefined }
  const { messages, template_content: text = '' } = draft
  return {
    id,
    values: variables,
    text: {
      content: messages === undefined ? { kind: 'text', template_content: text } : { kind: 'chat', messages },
      variables: draft.variables && declareVariables(draft.variables),
    },
  }
}
