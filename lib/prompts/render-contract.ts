import { contract } from '../contract.ts'
import { RenderDraftInput, RenderedDraft, RenderedPrompt, RenderInput, RenderQuery } from './render-schema.ts'
import { PromptPath } from './schema.ts'

const TAG = 'Rendering'

export const renderPromptByQueryContract = contract({
  id: 'renderPromptByQuery',
  method: 'GET',
  path: '/api/prompts/{name}/render',
  tag: TAG,
  summary: 'Render a prompt; each query parameter is a variable',
  description:
    '`_label` and `_version` choose the version; without them: `production`. `_at` beside a label: the version that it meant then.',
  params: PromptPath,
  query: RenderQuery,
  output: RenderedPrompt,
  status: 200,
  errors: ['forbidden', 'not_found', 'unprocessable', 'too_large'],
})

export const renderPromptContract = contract({
  id: 'renderPrompt',
  method: 'POST',
  path: '/api/prompts/{name}/render',
  tag: TAG,
  summary: 'Render a prompt',
  params: PromptPath,
  body: RenderInput,
  output: RenderedPrompt,
  status: 200,
  errors: ['forbidden', 'not_found', 'unprocessable', 'too_large'],
})

export const renderDraftContract = contract({
  id: 'renderDraft',
  method: 'POST',
  path: '/api/render',
  tag: TAG,
  summary: 'Check and render a text that is not saved',
  body: RenderDraftInput,
  output: RenderedDraft,
  status: 200,
  errors: ['forbidden', 'unprocessable', 'too_large'],
})
