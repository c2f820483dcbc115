import { endpoint } from '../contract.ts'
import { followChangesContract } from './contract.ts'
import { followChanges } from './operations/follow-changes.ts'

/** The REST endpoints of changes, in the order of the OpenAPI document. */
export const changeRoutes = [endpoint(followChangesContract, followChanges, 'prompts:read')]
