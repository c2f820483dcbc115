import type { Actor } from '../../access/actor.ts'
import { type ComparedVersion, diffVersions as compare } from '../comparison/version-diff.ts'
import type { DiffQuery, VersionDiff } from '../diff-schema.ts'
import { assertMay } from '../policy.ts'
import type { Found } from '../reading/cache.ts'
import { findVersion } from '../reading/find-version.ts'

export type DiffVersionsRequest = DiffQuery & { name: string }

/**
 * How two versions of a prompt differ: title, description, content, variables, config and publish, by
 * lines, and by words inside changed lines.
 * @throws not_found, also for versions that the actor may not see; forbidden, unavailable
 */
export async function diffVersions(actor: Actor, input: DiffVersionsRequest): Promise<VersionDiff> {
  assertMay(actor, 'read')
  const find = async (side: DiffQuery['from']) =>
    findVersion(actor, input.name, typeof side === 'number' ? { version: side } : { label: side })
  const [older, newer] = await Promise.all([find(input.from), find(input.to)])
  return {
    name: newer.resolution.prompt.name,
    from: older.version.stored.version,
    to: newer.version.stored.version,
    fields: compare(compared(older), compared(newer)),
  }
}

function compared({ version }: Found): ComparedVersion {
  const { title, description, config, publish } = version.stored
  return { title, description, config, publish, content: version.content, variables: version.variables }
}
