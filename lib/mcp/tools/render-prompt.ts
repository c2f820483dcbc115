import { z } from 'zod'
import { isPromptName, VersionNumber } from '../../prompts/name.ts'
import { describePrompt } from '../../prompts/operations/describe-prompt.ts'
import { quickRenderInput } from '../../prompts/render-input.ts'
import { RenderInput } from '../../prompts/render-schema.ts'
import { ReadSelector } from '../../prompts/schema.ts'
import { byName } from '../did-you-mean.ts'
import { withForm } from '../form.ts'
import { assertUseInScope, selectorOf } from '../visibility.ts'
import { renderAsTool } from './render-as-tool.ts'
import { READS, tool } from './tool.ts'

/** Any text: a malformed name leads to similar names, as a mistyped one does. */
export const TemplateName = z.string().min(1).describe('Name of the prompt template, or an alias of it')
/** Any text as well: the error for an unknown label lists the labels of the prompt. */
const Label = z
  .string()
  .min(1)
  .optional()
  .describe('A label of the prompt, or "latest" for its newest version; "production" when left out')
/** Which version of a prompt a tool is to use. */
export const Selector = { label: Label, version: VersionNumber.optional() }
/** Which one it is to read, also of the past. */
export const PastSelector = {
  ...Selector,
  at: ReadSelector.shape.at.describe('A time of the past, ISO 8601: the version that the label meant then'),
}

export const renderPromptTool = tool({
  name: 'render_prompt',
  scope: 'prompts:read',
  title: 'Render a prompt',
  description:
    'Fills a prompt template with values for its variables and returns the finished text. Without a label or a version the released version ("production") is used. Errors name each missing or wrong variable.',
  annotations: READS,
  countsItself: true,
  input: z.strictObject({
    template_name: TemplateName,
    variables: RenderInput.shape.variables,
    ...PastSelector,
  }),
  fastPath({ template_name: name, ...rest }) {
    const given = typeof name === 'string' && isPromptName(name) ? quickRenderInput(rest) : undefined
    return given === undefined ? undefined : { ...given, template_name: String(name) }
  },
  run: (caller, { template_name: name, variables: given = {}, label, version, at }) =>
    byName(caller, name, async () => {
      const named = { label, version, at }
      const counting = { operation: 'tool', tool: 'render_prompt' } as const
      await assertUseInScope(caller, counting, { name, ...named })
      const describe = () => describePrompt(caller.actor, { name, ...selectorOf(caller, named) })
      const { content, _meta } = await withForm(caller, given, describe, (variables) =>
        renderAsTool(caller, { name, variables, tool: 'render_prompt', named }),
      )
      return { text: content, meta: _meta }
    }),
})
