import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PageQuery } from '../../page.ts'
import type { VersionPage } from '../schema.ts'

export type ListVersionsRequest = PageQuery & { name: string }

/** The versions of a prompt, newest first. */
export async function listVersions(_actor: Actor, _input: ListVersionsRequest): Promise<VersionPage> {
  throw appError('internal', 'listVersions is being built.')
}
