import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PromptVersion } from '../schema.ts'

export interface GetVersionRequest {
  name: string
  version: number
}

/** One version with its source. */
export async function getVersion(_actor: Actor, _input: GetVersionRequest): Promise<PromptVersion> {
  throw appError('internal', 'getVersion is being built.')
}
