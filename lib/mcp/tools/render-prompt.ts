import { z } from 'zod'
import { isPromptName } from '../../prompts/name.ts'
import { renderPrompt } from '../../prompts/operations/render-prompt.ts'
import { quickRenderInput } from '../../prompts/render-input.ts'
import { RenderedPrompt, RenderInput } from '../../prompts/render-schema.ts'
import { PromptPath } from '../../prompts/schema.ts'
import { toToolContent } from '../blocks.ts'
import { selectorOf } from '../selector.ts'
import { assertInScope } from '../visibility.ts'
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
  // The text is the answer's content already.
  output: RenderedPrompt.omit({ content: true }),
  async run(caller, { template_name: name, variables, label, version }) {
    await assertInScope(caller, name)
    const rendered = await renderPrompt(
      caller.actor,
      { name, variables, ...selectorOf(caller, { label, version }) },
      { operation: 'tool', tool: 'render_prompt' },
    )
    const { content: _text, ...data } = rendered
    return { text: toToolContent(rendered.messages, caller.revision), data }
  },
})
