import { contract } from '../contract.ts'
import { ApiKeyPage, CreateKeyInput, KeyPath, ListKeysQuery, NewApiKey, RotateKeyInput } from './schema.ts'

const TAG = 'Keys'

export const listKeysContract = contract({
  id: 'listKeys',
  method: 'GET',
  path: '/api/keys',
  tag: TAG,
  summary: 'List API keys, the newest first',
  description:
    'Your own; whoever manages members sees all keys of the workspace. Their texts are never answered.',
  query: ListKeysQuery,
  output: ApiKeyPage,
  status: 200,
  errors: ['forbidden'],
})

export const createKeyContract = contract({
  id: 'createKey',
  method: 'POST',
  path: '/api/keys',
  tag: TAG,
  summary: 'Make an API key',
  description:
    'Needs a fresh sign-in. The answer holds the key this once: an Idempotency-Key is ignored, since nothing keeps the answer.',
  body: CreateKeyInput,
  output: NewApiKey,
  status: 201,
  errors: ['forbidden', 'conflict', 'unprocessable', 'too_large'],
})

export const rotateKeyContract = contract({
  id: 'rotateKey',
  method: 'POST',
  path: '/api/keys/{id}/rotate',
  tag: TAG,
  summary: 'Give an API key a new text',
  description:
    'Needs a fresh sign-in. The old text goes on working for the overlap, at most until it would have expired. Scopes, label and categories stay.',
  params: KeyPath,
  body: RotateKeyInput,
  output: NewApiKey,
  status: 201,
  errors: ['forbidden', 'not_found', 'conflict'],
})

export const revokeKeyContract = contract({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/api/keys/{id}',
  tag: TAG,
  summary: 'Revoke an API key',
  description:
    'Needs a fresh sign-in. It is refused everywhere within two seconds, and its open streams end.',
  params: KeyPath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})
