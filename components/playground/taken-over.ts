import type { Generation } from '#lib/generations/schema.ts'
import { declareVariables } from '#lib/prompts/variables/variables.ts'
import type { TakenOver } from './use-take-over.ts'

/** What of a generation is gone on with. Apart from its use: it brings the schemas along. */
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
