import { contract, READ_ONE } from '../contract.ts'
import { PageQuery } from '../page.ts'
import { BulkAnswer, BulkPromptsInput } from './bulk-schema.ts'
import { ListTagsQuery, TagPage } from './list-schema.ts'
import {
  CreatePromptInput,
  CurrentPromptPath,
  DuplicatePromptInput,
  ListPromptsQuery,
  PatchPromptInput,
  Prompt,
  PromptPage,
  PromptPath,
  ReadSelector,
  UsedByPage,
} from './schema.ts'

/** Prompts and lists of them; versions, labels, examples and renders have contracts of their own beside this file. */

const TAG = 'Prompts'

export const createPromptContract = contract({
  id: 'createPrompt',
  method: 'POST',
  path: '/api/prompts',
  tag: TAG,
  summary: 'Create a prompt with its first version',
  description: 'The first version gets the label `production` when its author may release.',
  body: CreatePromptInput,
  output: Prompt,
  status: 201,
  errors: ['forbidden', 'conflict', 'unprocessable', 'too_large'],
  etag: true,
  idempotent: true,
  location: (prompt) => `/api/prompts/${prompt.name}`,
})

export const getPromptContract = contract({
  id: 'getPrompt',
  method: 'GET',
  path: '/api/prompts/{name}',
  tag: TAG,
  summary: 'Read a prompt with one of its versions',
  description:
    'Without a selector: `production`. A prompt without the label answers 404 with its `labels`. An alias answers with the current name.',
  params: PromptPath,
  query: ReadSelector,
  output: Prompt,
  ...READ_ONE,
})

export const patchPromptContract = contract({
  id: 'patchPrompt',
  method: 'PATCH',
  path: '/api/prompts/{name}',
  tag: TAG,
  summary: 'Change category, tags, aliases, name, or archive and restore',
  description:
    'What a version holds is not patched: make a new version. A renamed prompt keeps its old name as an alias. The answer shows the version that `production` names, else the newest.',
  params: CurrentPromptPath,
  body: PatchPromptInput,
  output: Prompt,
  status: 200,
  errors: [
    'forbidden',
    'not_found',
    'conflict',
    'precondition_failed',
    'precondition_required',
    'unprocessable',
  ],
  etag: true,
  ifMatch: true,
})

export const archivePromptContract = contract({
  id: 'archivePrompt',
  method: 'DELETE',
  path: '/api/prompts/{name}',
  tag: TAG,
  summary: 'Archive a prompt',
  description:
    'It keeps its name and is not found until it is restored by PATCH. Refused while the newest version of another prompt includes it.',
  params: PromptPath,
  status: 204,
  errors: ['forbidden', 'not_found', 'conflict', 'precondition_failed', 'precondition_required'],
  ifMatch: true,
})

export const duplicatePromptContract = contract({
  id: 'duplicatePrompt',
  method: 'POST',
  path: '/api/prompts/{name}/duplicate',
  tag: TAG,
  summary: 'Make a new prompt from the newest version of this one',
  params: CurrentPromptPath,
  body: DuplicatePromptInput,
  output: Prompt,
  status: 201,
  errors: ['forbidden', 'not_found', 'conflict', 'unprocessable'],
  etag: true,
  idempotent: true,
  location: (prompt) => `/api/prompts/${prompt.name}`,
})

export const listUsedByContract = contract({
  id: 'listUsedBy',
  method: 'GET',
  path: '/api/prompts/{name}/used-by',
  tag: TAG,
  summary: 'List the prompts that include this one',
  params: PromptPath,
  query: PageQuery,
  output: UsedByPage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const bulkPromptsContract = contract({
  id: 'bulkPrompts',
  method: 'POST',
  path: '/api/prompts/bulk',
  tag: TAG,
  summary: 'Archive, restore, tag or move many prompts at once',
  description:
    'Each prompt has a result of its own: one that cannot be changed keeps no other from it. All that succeed are one change with one revision. An unknown category refuses the whole request.',
  body: BulkPromptsInput,
  output: BulkAnswer,
  status: 200,
  errors: ['forbidden', 'unprocessable'],
  idempotent: true,
})

export const listPromptsContract = contract({
  id: 'listPrompts',
  method: 'GET',
  path: '/api/prompts',
  tag: TAG,
  summary: 'List and search prompts',
  description:
    'Each prompt is shown with its newest version. `q` finds words and parts of words in name, title, description and text. Sorted by relevance, at most 1,000 matches are ranked; the other sorts go through all. Every item has all the words of `q`; where none has, the first page by relevance holds `closest` besides.',
  query: ListPromptsQuery,
  output: PromptPage,
  status: 200,
  errors: ['forbidden'],
})

export const listTagsContract = contract({
  id: 'listTags',
  method: 'GET',
  path: '/api/tags',
  tag: TAG,
  summary: 'List the tags in use with the number of their prompts',
  query: ListTagsQuery,
  output: TagPage,
  status: 200,
  errors: ['forbidden'],
})
