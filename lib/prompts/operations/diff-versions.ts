import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { DiffQuery, VersionDiff } from '../diff-schema.ts'

export type DiffVersionsRequest = DiffQuery & { name: string }

/** How two versions differ. */
export async function diffVersions(_actor: Actor, _input: DiffVersionsRequest): Promise<VersionDiff> {
  throw appError('internal', 'diffVersions is being built.')
}
