import { z } from 'zod'
import { createPrompt } from '../../prompts/operations/create-prompt.ts'
import { CreatePromptInput } from '../../prompts/schema.ts'
import { withOneContent } from './one-content.ts'
import { PromptResult, toPromptResult, warningLines } from './prompt-result.ts'
import { ADDS, tool } from './tool.ts'

export const createPromptTemplateTool = tool({
  name: 'create_prompt_template',
  title: 'Create a prompt template',
  description:
    'Adds a prompt template to the registry. Give template_content (one Liquid text, {{ variable }} inserts a value) or messages (a chat). Its first version is released at once where you may release. See list_categories for the categories.',
  annotations: ADDS,
  advice: {
    conflict: 'Choose another name, or make a new version of that prompt with update_prompt_template.',
  },
  // Labels are a choice of people: an agent's prompt gets the usual one.
  input: CreatePromptInput.omit({ labels: true }).extend({
    // Any text: a category that does not exist is told with those that do.
    category: z.string().min(1).optional().describe('Slug of a category'),
  }),
  output: PromptResult,
  async run({ actor }, input) {
    const prompt = await createPrompt(actor, withOneContent(input))
    const released = prompt.labels.map(({ label }) => label).join(', ')
    return {
      text: `Created ${prompt.name}, version ${prompt.version}${released === '' ? ', not released yet' : ` (${released})`}.${warningLines(prompt)}`,
      data: toPromptResult(prompt),
    }
  },
})
