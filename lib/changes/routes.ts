import { endpoint } from '../contract.ts'
import { followChangesContract } from './contract.ts'
import { followChanges } from './operations/follow-changes.ts'

/** What REST offers of what changed, in the order of its document. */
export const changeRoutes = [endpoint(followChangesContract, followChanges, 'prompts:read')]
