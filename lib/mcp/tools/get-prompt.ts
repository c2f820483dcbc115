import { z } from 'zod'
import { getPrompt } from '../../prompts/operations/get-prompt.ts'
import { Prompt } from '../../prompts/schema.ts'
import { byName } from '../did-you-mean.ts'
import { promptMarkdown, withoutBytes } from '../markdown.ts'
import { assertUseInScope, selectorOf } from '../visibility.ts'
import { PromptResult, toPromptResult } from './prompt-result.ts'
import { PastSelector, TemplateName } from './render-prompt.ts'
import { READS, tool } from './tool.ts'

export const getPromptTool = tool({
  name: 'get_prompt',
  scope: 'prompts:read',
  title: 'Read a prompt template',
  description:
    'Returns the source of a prompt template with its variables, versions and labels: read it before you change it. Use render_prompt to get the finished text.',
  annotations: READS,
  countsItself: true,
  input: z.strictObject({ template_name: TemplateName, ...PastSelector }),
  output: PromptResult.extend({
    ...Prompt.pick({ kind: true, format: true, template_content: true, tags: true, aliases: true }).shape,
    messages: z.array(z.unknown()).optional(),
  }),
  run: (caller, { template_name: name, label, version, at }) =>
    byName(caller, name, async () => {
      const named = { label, version, at }
      const counting = { operation: 'tool', tool: 'get_prompt' } as const
      await assertUseInScope(caller, counting, { name, ...named })
      const prompt = await getPrompt(caller.actor, { name, ...selectorOf(caller, named) }, counting)
      const { kind, format, template_content, messages, tags, aliases } = prompt
      return {
        text: promptMarkdown(prompt),
        data: {
          ...toPromptResult(prompt),
          kind,
          format,
          ...(template_content === undefined
            ? { messages: withoutBytes(messages ?? []) }
            : { template_content }),
          tags,
          aliases,
        },
      }
    }),
})
