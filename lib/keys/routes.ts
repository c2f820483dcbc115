import { endpoint } from '../contract.ts'
import { createKeyContract, listKeysContract, revokeKeyContract, rotateKeyContract } from './contract.ts'
import { createKey } from './operations/create-key.ts'
import { listKeys } from './operations/list-keys.ts'
import { revokeKey } from './operations/revoke-key.ts'
import { rotateKey } from './operations/rotate-key.ts'

/** What REST offers of API keys, in the order of its document. Everybody has some of their own. */
export const keyRoutes = [
  endpoint(listKeysContract, listKeys, 'prompts:read'),
  endpoint(createKeyContract, createKey, 'prompts:read'),
  endpoint(rotateKeyContract, rotateKey, 'prompts:read'),
  endpoint(revokeKeyContract, revokeKey, 'prompts:read'),
]
