import { contract } from '../contract.ts'
import { ListTagsQuery, TagPage } from './list-schema.ts'
import { ListPromptsQuery, PromptPage } from './schema.ts'

const TAG = 'Prompts'

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
