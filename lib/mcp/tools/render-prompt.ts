import { z } from 'zod'
import { isPromptName } from '../../prompts/name.ts'
import { describePrompt } from '../../prompts/operations/describe-prompt.ts'
import { quickRenderInput } from '../../prompts/render-input.ts'
import { RenderInput } from '../../prompts/render-schema.ts'
import { PromptPath } from '../../prompts/schema.ts'
import { byName } from '../did-you-mean.ts'
import { withForm } from '../form.ts'
import { selectorOf } from '../selector.ts'
import { assertInScope } from '../visibility.ts'
import { renderAsTool } from './render-as-tool.ts'
import { READS, tool } from './tool.ts'

export const TemplateName = PromptPath.shape.name.describe('Name of the prompt template, or an alias of it')

export const renderPromptTool = tool({
  name: 'render_prompt',
  title: 'Render a prompt',
  description:
    'Fills a prompt template with values for its variables and returns the finished text. Without a label or a version the released version ("production") is used. Errors name each missing or wrong variable.',
  annotations: READS,
  countsItself: true,
  input: z.strictObject({ template_name: TemplateName, ...RenderInput.shape }),
  quick({ template_name: name, ...rest }) {
    const given = typeof name === 'string' && isPromptName(name) ? quickRenderInput(rest) : undefined
    return given === undefined ? undefined : { ...given, template_name: String(name) }
  },
  run: (caller, { template_name: name, variables: given = {}, label, version }) =>
    byName(caller, name, async () => {
      await assertInScope(caller, name)
      const named = { label, version }
      const describe = () => describePrompt(caller.actor, { name, ...selectorOf(caller, named) })
      const { content, _meta } = await withForm(caller, given, describe, (variables) =>
        renderAsTool(caller, { name, variables, tool: 'render_prompt', named }),
      )
      return { text: content, meta: _meta }
    }),
})
