import { z } from 'zod'
import { VersionNumber } from '../../prompts/name.ts'
import { createVersion } from '../../prompts/operations/create-version.ts'
import { CreateVersionInput } from '../../prompts/schema.ts'
import { byName } from '../did-you-mean.ts'
import { withOneContent } from './one-content.ts'
import { PromptResult, toPromptResult, warningLines } from './prompt-result.ts'
import { TemplateName } from './render-prompt.ts'
import { ADDS, tool } from './tool.ts'

export const updatePromptTemplateTool = tool({
  name: 'update_prompt_template',
  title: 'Make a new version of a prompt template',
  description:
    'Makes a new version from the newest one; what you leave out stays as it is. base_version is the latest_version you have read (get_prompt): if somebody has made another since, nothing is changed and you are told. No label moves, so agents keep getting the released version until a person releases this one.',
  annotations: ADDS,
  input: z.strictObject({
    template_name: TemplateName,
    base_version: VersionNumber.describe('The newest version that you know; read it with get_prompt'),
    ...CreateVersionInput.omit({ labels: true }).shape,
  }),
  output: PromptResult,
  run: (caller, { template_name: name, ...input }) =>
    byName(caller, name, async () => {
      const prompt = await createVersion(caller.actor, { name, ...withOneContent(input) })
      const made = `Made version ${prompt.version} of ${prompt.name}. No label was moved: it is not released yet.`
      return { text: `${made}${warningLines(prompt)}`, data: toPromptResult(prompt) }
    }),
})
