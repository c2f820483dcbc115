import { z } from 'zod'
import { VersionNumber } from '../../prompts/name.ts'
import { createPrompt } from '../../prompts/operations/create-prompt.ts'
import { createVersion } from '../../prompts/operations/create-version.ts'
import { CreatePromptInput, CreateVersionInput } from '../../prompts/schema.ts'
import { byName } from '../did-you-mean.ts'
import { PromptResult, toPromptResult, warningLines } from './prompt-result.ts'
import { TemplateName } from './render-prompt.ts'
import { ADDS, tool } from './tool.ts'

/**
 * The author's input without the empty text that models put beside messages when they fill in every field.
 */
function withOneContent<T extends { template_content?: string | undefined; messages?: unknown }>(
  input: T,
): T {
  if (input.template_content !== '' || input.messages === undefined) return input
  const { template_content: _, ...rest } = input
  return rest as T
}

export const createPromptTemplateTool = tool({
  name: 'create_prompt_template',
  scope: 'prompts:write',
  title: 'Create a prompt template',
  description:
    'Adds a prompt template to the registry. Give template_content (one Liquid text, {{ variable }} inserts a value) or messages (a chat). Its first version is released at once where you may release. See list_categories for the categories.',
  annotations: ADDS,
  advice: {
    conflict: 'Choose another name, or make a new version of that prompt with update_prompt_template.',
  },
  // Labels are a choice of people: an agent's prompt gets the usual one.
  input: CreatePromptInput.omit({ labels: true }).extend({
    // Any text: the error for an unknown category lists those that exist.
    category: z.string().min(1).optional().describe('Slug of a category'),
  }),
  output: PromptResult.extend({ notes: z.array(z.string()).optional() }),
  async run({ actor }, input) {
    const prompt = await createPrompt(actor, withOneContent(input))
    const released = prompt.labels.map(({ label }) => label).join(', ')
    const notes = prompt.notes?.map(({ message }) => message)
    const made = `Created ${prompt.name}, version ${prompt.version}${released === '' ? ', not released yet' : ` (${released})`}.`
    return {
      text: [made, ...(notes ?? [])].join(' ') + warningLines(prompt),
      data: { ...toPromptResult(prompt), ...(notes !== undefined && { notes }) },
    }
  },
})

export const updatePromptTemplateTool = tool({
  name: 'update_prompt_template',
  scope: 'prompts:write',
  title: 'Make a new version of a prompt template',
  description:
    'Makes a new version from the newest one; what you leave out stays as it is. base_version is the latest_version you have read (get_prompt): if somebody has made another since, nothing is changed and you are told. No label moves, so agents keep getting the released version until a person releases this one.',
  annotations: ADDS,
  input: z.strictObject({
    template_name: TemplateName,
    base_version: VersionNumber.describe('The newest version that you know; read it with get_prompt'),
    // No label moves, so there is nothing that could break.
    ...CreateVersionInput.omit({ labels: true, accept_breaking: true }).shape,
  }),
  output: PromptResult,
  run: (caller, { template_name: name, ...input }) =>
    byName(caller, name, async () => {
      const prompt = await createVersion(caller.actor, { name, ...withOneContent(input) })
      const made = `Made version ${prompt.version} of ${prompt.name}. No label was moved: it is not released yet.`
      return { text: `${made}${warningLines(prompt)}`, data: toPromptResult(prompt) }
    }),
})
