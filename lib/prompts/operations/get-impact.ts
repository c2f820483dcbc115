import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { findVersion } from '../cache/find-version.ts'
import { contractChanges } from '../impact/contract-changes.ts'
import { judgeCallers } from '../impact/judge-callers.ts'
import { impactSince, readCallers } from '../impact/read-callers.ts'
import type { Impact, ImpactQuery } from '../impact-schema.ts'
import { LATEST, PRODUCTION } from '../name.ts'
import { assertMay, assertMaySeeUsage } from '../policy.ts'
import { poolQuery } from '../store/stored-prompt.ts'

export type GetImpactRequest = ImpactQuery & { name: string }

const CALLERS = 200
const INCLUDED_BY = 50

/**
 * Who uses a label or a version of a prompt, with which variables, and whom another version would refuse.
 * @throws not_found for an unknown prompt, label or version; forbidden without usage:read; unavailable
 */
export const getImpact = operation('getImpact', run)

async function run(actor: Actor, input: GetImpactRequest): Promise<Impact> {
  assertMay(actor, 'read')
  assertMaySeeUsage(actor)
  const { name, from = PRODUCTION, to = LATEST } = input
  const find = async (side: string | number) =>
    findVersion(actor, name, typeof side === 'number' ? { version: side } : { label: side })
  const [older, newer] = await Promise.all([find(from), find(to)])
  const { prompt, versionId } = older.resolution
  const inUse = typeof from === 'number' ? { version: from } : { label: from }
  const since = impactSince()
  return readReplica(actor, async (pool) => {
    const query = poolQuery(pool)
    const [rows, including] = await Promise.all([
      readCallers(query, actor.workspaceId, prompt.id, inUse, since),
      query<Impact['included_by'][number]>(INCLUDING, [actor.workspaceId, prompt.id, versionId, INCLUDED_BY]),
    ])
    const { variables } = older.version
    const { callers, breaking } = judgeCallers(
      rows,
      contractChanges(variables, newer.version.variables),
      variables,
    )
    return {
      name: prompt.name,
      from: older.version.stored.version,
      to: newer.version.stored.version,
      since: since.toISOString(),
      uses: callers.reduce((sum, { uses }) => sum + uses, 0),
      breaking,
      callers: callers.slice(0, CALLERS),
      callers_left_out: Math.max(0, callers.length - CALLERS),
      included_by: including,
    }
  })
}

const INCLUDING = `SELECT t.name, v.number AS version, array(SELECT l.label FROM prompt_label l
      WHERE l.workspace_id = $1::uuid AND l.prompt_id = v.prompt_id AND l.version_number = v.number
      ORDER BY l.label) AS labels
  FROM version_include i
  JOIN prompt_version v ON v.workspace_id = i.workspace_id AND v.id = i.version_id
  JOIN prompt_template t ON t.workspace_id = v.workspace_id AND t.id = v.prompt_id
  WHERE i.workspace_id = $1::uuid AND i.included_prompt_id = $2::uuid AND i.depth = 1
    AND i.included_version_id = $3::uuid AND t.archived_at IS NULL
  GROUP BY t.name, v.prompt_id, v.number, t.next_version
  ORDER BY v.number = t.next_version - 1 DESC, t.name, v.number DESC LIMIT $4::integer`
