import { z } from 'zod'
import { contract } from '../contract.ts'
import {
  LangfuseListQuery,
  LangfusePrompt,
  LangfusePromptList,
  LangfusePromptPath,
  LangfusePromptQuery,
} from './schema.ts'

/** What clients of Langfuse read of prompts, at the paths where they look for it. */

const TAG = 'Langfuse'

export const getLangfusePromptContract = contract({
  id: 'getLangfusePrompt',
  method: 'GET',
  path: '/api/public/v2/prompts/{name}',
  tag: TAG,
  summary: 'Read a prompt as Langfuse’s clients do',
  description:
    'Variables become `{{name}}`, includes are written out. A text with tags, filters or braces that are meant as they are answers 422 with the place and what to do.',
  params: LangfusePromptPath,
  query: LangfusePromptQuery,
  output: LangfusePrompt,
  status: 200,
  errors: ['forbidden', 'not_found', 'unprocessable'],
  etag: true,
})

export const listLangfusePromptsContract = contract({
  id: 'listLangfusePrompts',
  method: 'GET',
  path: '/api/public/v2/prompts',
  tag: TAG,
  summary: 'List prompts as Langfuse’s clients do',
  query: LangfuseListQuery,
  output: LangfusePromptList,
  status: 200,
  errors: ['forbidden'],
})

export const getLangfuseHealthContract = contract({
  id: 'getLangfuseHealth',
  method: 'GET',
  path: '/api/public/health',
  tag: TAG,
  summary: 'Whether prompts can be read, as Langfuse’s clients ask',
  output: z.object({ status: z.literal('OK'), version: z.string() }),
  status: 200,
  errors: ['forbidden'],
})
