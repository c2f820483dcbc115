import { contract } from '../contract.ts'
import {
  CreateExampleInput,
  CurrentExamplePath,
  ExampleList,
  ExamplePath,
  ExamplesPath,
  PromptExample,
  ReplaceExampleInput,
} from './example-schema.ts'
import { PromptPath } from './schema.ts'

const TAG = 'Examples'

export const listExamplesContract = contract({
  id: 'listExamples',
  method: 'GET',
  path: '/api/prompts/{name}/examples',
  tag: TAG,
  summary: 'List the saved inputs of a prompt, by name',
  params: PromptPath,
  output: ExampleList,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const createExampleContract = contract({
  id: 'createExample',
  method: 'POST',
  path: '/api/prompts/{name}/examples',
  tag: TAG,
  summary: 'Save inputs with a prompt',
  description: 'They are offered in the test form and as completions over MCP. The prompt keeps its ETag.',
  params: ExamplesPath,
  body: CreateExampleInput,
  output: PromptExample,
  status: 201,
  errors: ['forbidden', 'not_found', 'conflict', 'too_large'],
  idempotent: true,
})

export const replaceExampleContract = contract({
  id: 'replaceExample',
  method: 'PUT',
  path: '/api/prompts/{name}/examples/{example}',
  tag: TAG,
  summary: 'Rename saved inputs or replace their values',
  description: 'The last change wins: examples have no ETag.',
  params: CurrentExamplePath,
  body: ReplaceExampleInput,
  output: PromptExample,
  status: 200,
  errors: ['forbidden', 'not_found', 'conflict', 'too_large'],
})

export const deleteExampleContract = contract({
  id: 'deleteExample',
  method: 'DELETE',
  path: '/api/prompts/{name}/examples/{example}',
  tag: TAG,
  summary: 'Delete saved inputs',
  params: ExamplePath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})
