import { followChangesContract } from '../changes/contract.ts'
import { followChanges } from '../changes/operations/follow-changes.ts'
import { endpoint, resource } from './endpoint.ts'

/** `GET /api/changes`, for the route file and for the hot path alike. */
export const changesResource = resource(endpoint(followChangesContract, followChanges))
