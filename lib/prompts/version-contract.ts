import { contract, READ_ONE } from '../contract.ts'
import { PageQuery } from '../page.ts'
import { DiffQuery, VersionDiff } from './diff-schema.ts'
import { SavedVersion } from './impact/schema.ts'
import { CreateVersionInput, PromptPath, PromptVersion, VersionPage, VersionPath } from './schema.ts'

const TAG = 'Versions'

export const createVersionContract = contract({
  id: 'createVersion',
  method: 'POST',
  path: '/api/prompts/{name}/versions',
  tag: TAG,
  summary: 'Make a new version from the newest one',
  description:
    'What is left out stays as it was; includes are pinned anew. `labels` moves labels to the new version in the same change; where a label’s rule has `contract: "required"`, one that breaks callers is refused unless `accept_breaking` is true.',
  params: PromptPath,
  body: CreateVersionInput,
  output: SavedVersion,
  status: 201,
  errors: [
    'forbidden',
    'not_found',
    'conflict',
    'precondition_failed',
    'precondition_required',
    'unprocessable',
    'too_large',
  ],
  etag: true,
  ifMatch: true,
  idempotent: true,
  location: (prompt) => `/api/prompts/${prompt.name}/versions/${prompt.version}`,
})

export const listVersionsContract = contract({
  id: 'listVersions',
  method: 'GET',
  path: '/api/prompts/{name}/versions',
  tag: TAG,
  summary: 'List the versions of a prompt, newest first, without their text',
  params: PromptPath,
  query: PageQuery,
  output: VersionPage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const getVersionContract = contract({
  id: 'getVersion',
  method: 'GET',
  path: '/api/prompts/{name}/versions/{version}',
  tag: TAG,
  summary: 'Read one version with its source',
  params: VersionPath,
  output: PromptVersion,
  ...READ_ONE,
})

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
