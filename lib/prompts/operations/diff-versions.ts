import type { Actor } from '../../access/actor.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { findVersion } from '../cache/find-version.ts'
import type { ResolvedVersion } from '../cache/prompt-cache.ts'
import type { ComparedVersion, CompareOptions } from '../comparison/version-diff.ts'
import type { DiffQuery, VersionDiff } from '../diff-schema.ts'
import { assertMay } from '../policy.ts'
import { callerOf, renderers } from '../render/renderers.ts'

export type DiffVersionsRequest = DiffQuery & { name: string }

/**
 * How two versions of a prompt differ: title, description, content, variables, config and publish, by
 * lines, and by words inside changed lines. Long texts are compared in a worker, and no more than
 * `limits.diff_rows` lines are told.
 * @param view how it is compared, for a page that shows less
 * @throws not_found, also for versions that the actor may not see; forbidden, unavailable; overloaded when
 *   too much waits for a worker; unprocessable when the comparison takes longer than `limits.long_text_ms`
 */
export const diffVersions = operation('diffVersions', run)

async function run(
  actor: Actor,
  input: DiffVersionsRequest,
  view: Partial<CompareOptions> = {},
): Promise<VersionDiff> {
  assertMay(actor, 'read')
  const find = async (side: DiffQuery['from']) =>
    findVersion(actor, input.name, typeof side === 'number' ? { version: side } : { label: side })
  const [older, newer] = await Promise.all([find(input.from), find(input.to)])
  const { diff_rows: most } = getRuntime().config.limits
  const options = { size: Number.POSITIVE_INFINITY, ...view, rows: Math.min(most, view.rows ?? most) }
  return {
    name: newer.resolution.prompt.name,
    from: older.version.stored.version,
    to: newer.version.stored.version,
    ...(await renderers().safe.compare(compared(older), compared(newer), options, callerOf(actor))),
  }
}

function compared({ version }: ResolvedVersion): ComparedVersion {
  const { title, description, config, publish } = version.stored
  return { title, description, config, publish, content: version.content, variables: version.variables }
}
