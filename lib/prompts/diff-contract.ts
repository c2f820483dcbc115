import { contract } from '../contract.ts'
import { DiffQuery, VersionDiff } from './diff-schema.ts'
import { PromptPath } from './schema.ts'

export const diffVersionsContract = contract({
  id: 'diffVersions',
  method: 'GET',
  path: '/api/prompts/{name}/diff',
  tag: 'Versions',
  summary: 'Compare two versions of a prompt line by line and word by word',
  params: PromptPath,
  query: DiffQuery,
  output: VersionDiff,
  status: 200,
  errors: ['forbidden', 'not_found'],
})
