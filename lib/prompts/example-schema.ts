import { z } from 'zod'
import { pageOf } from '../page.ts'
import { storedText } from './content/content.ts'
import { VariableName } from './name.ts'
import { EXAMPLE_NAME_LENGTH } from './rules.ts'
import { Author, PromptPath } from './schema.ts'

const ExampleName = storedText(EXAMPLE_NAME_LENGTH)
  .refine((name) => name.trim() !== '', 'An example needs a name')
  .describe('What people read; unique among the examples of its prompt')
const Values = z
  .record(VariableName, z.json())
  .describe('Values by variable; they need not fit or fill the variables of any version')

export const ExamplePath = PromptPath.extend({ example: z.uuid().describe('Id of the example') })
/** The path of the prompt where the body holds another `name`. */
export const ExamplesPath = PromptPath.transform(({ name }) => ({ prompt: name }))
export const CurrentExamplePath = ExamplePath.transform(({ name, example }) => ({ prompt: name, example }))

export const CreateExampleInput = z.strictObject({ name: ExampleName, values: Values })
export type CreateExampleInput = z.infer<typeof CreateExampleInput>

export const ReplaceExampleInput = z.strictObject({
  name: ExampleName.optional().describe('New name; the old one stays when it is left out'),
  values: Values.optional().describe('All values; the old ones stay when they are left out'),
})
export type ReplaceExampleInput = z.infer<typeof ReplaceExampleInput>

/** Inputs that were saved with a prompt, to try its versions with. */
export const PromptExample = z.object({
  id: z.string(),
  name: z.string(),
  values: z.record(z.string(), z.unknown()),
  author: Author,
  created_at: z.iso.datetime(),
})
export type PromptExample = z.infer<typeof PromptExample>

export const ExampleList = pageOf(PromptExample).extend({
  next_cursor: z.null().describe('All examples of a prompt fit on one page'),
})
export type ExampleList = z.infer<typeof ExampleList>
