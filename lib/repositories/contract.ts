import { CHANGE_ONE, contract, DELETE_ONE, READ_ONE } from '../contract.ts'
import {
  CreateRepositoryInput,
  HookAnswer,
  ListRepositoriesQuery,
  NewRepository,
  PatchRepositoryInput,
  Push,
  Repository,
  RepositoryPage,
  RepositoryPath,
} from './schema.ts'

const TAG = 'Repositories'

export const listRepositoriesContract = contract({
  id: 'listRepositories',
  method: 'GET',
  path: '/api/repositories',
  tag: TAG,
  summary: 'List repositories that prompts are taken from',
  description: 'The newest first, without their secrets.',
  query: ListRepositoriesQuery,
  output: RepositoryPage,
  status: 200,
  errors: ['forbidden'],
})

export const createRepositoryContract = contract({
  id: 'createRepository',
  method: 'POST',
  path: '/api/repositories',
  tag: TAG,
  summary: 'Take prompts from a repository',
  description:
    'Its secret is answered this once. Prompts are made with the rights of who makes or last changed it. Addresses of private networks are refused.',
  body: CreateRepositoryInput,
  output: NewRepository,
  status: 201,
  errors: ['forbidden', 'unprocessable', 'too_large'],
  etag: true,
  location: ({ id }) => `/api/repositories/${id}`,
})

export const getRepositoryContract = contract({
  id: 'getRepository',
  method: 'GET',
  path: '/api/repositories/{id}',
  tag: TAG,
  summary: 'Read a repository, and what came of its last push',
  params: RepositoryPath,
  output: Repository,
  ...READ_ONE,
})

export const patchRepositoryContract = contract({
  id: 'patchRepository',
  method: 'PATCH',
  path: '/api/repositories/{id}',
  tag: TAG,
  summary: 'Change a repository, or switch it on or off',
  description: 'From then on prompts are made with the rights of who changed it.',
  params: RepositoryPath,
  body: PatchRepositoryInput,
  output: Repository,
  ...CHANGE_ONE,
})

export const deleteRepositoryContract = contract({
  id: 'deleteRepository',
  method: 'DELETE',
  path: '/api/repositories/{id}',
  tag: TAG,
  summary: 'Take no more from a repository',
  description: 'The prompts that came from it stay.',
  params: RepositoryPath,
  ...DELETE_ONE,
})

export const rotateRepositorySecretContract = contract({
  id: 'rotateRepositorySecret',
  method: 'POST',
  path: '/api/repositories/{id}/rotate',
  tag: TAG,
  summary: 'Give a repository a new secret',
  description: 'The one before is refused from then on.',
  params: RepositoryPath,
  output: NewRepository,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const syncRepositoryContract = contract({
  id: 'syncRepository',
  method: 'POST',
  path: '/api/repositories/{id}/sync',
  tag: TAG,
  summary: 'Look at a repository now',
  description: 'As if it had been pushed to; `last_sync` has what came of it.',
  params: RepositoryPath,
  output: Repository,
  status: 202,
  errors: ['forbidden', 'not_found', 'conflict'],
})

/** Not of the table of routes: whoever signs is nobody that has rights. */
export const repositoryHookContract = contract({
  id: 'repositoryHook',
  method: 'POST',
  path: '/api/repositories/{id}/hook',
  tag: TAG,
  summary: 'Tell of a push, as git hosts do',
  description:
    'Signed with the secret of the repository: `X-Hub-Signature-256` (GitHub, Gitea, Forgejo), `X-Gitlab-Token` (GitLab), or `webhook-id`, `webhook-timestamp` and `webhook-signature` as Standard Webhooks describes. Anything else is 401, whether there is such a repository or not.',
  params: RepositoryPath,
  body: Push,
  output: HookAnswer,
  status: 202,
  errors: ['unauthenticated'],
})
