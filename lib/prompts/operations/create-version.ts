import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { CreateVersionInput, Prompt } from '../schema.ts'

/** Either `if_match` (REST) or `base_version` (MCP) says what the author has seen. */
export type CreateVersionRequest = CreateVersionInput & {
  name: string
  if_match?: string
  base_version?: number
}

/** Makes a new version from the newest one. */
export async function createVersion(_actor: Actor, _input: CreateVersionRequest): Promise<Prompt> {
  throw appError('internal', 'createVersion is being built.')
}
