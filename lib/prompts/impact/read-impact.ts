import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { ResolvedVersion } from '../cache/prompt-cache.ts'
import { poolQuery } from '../store/stored-prompt.ts'
import { contractChanges } from './contract-changes.ts'
import { judgeCallers } from './judge-callers.ts'
import { type InUse, impactSince, readCallers } from './read-callers.ts'
import type { DraftImpact } from './schema.ts'

const CALLERS = 200
const INCLUDED_BY = 50

/**
 * Who uses a version, with which variables, and whom another contract would refuse.
 * @param inUse whose uses are meant, which `older` is what they get
 * @param variables what would be taken instead, placeholders included
 */
export async function readImpact(
  actor: Actor,
  older: ResolvedVersion,
  inUse: InUse,
  variables: readonly Variable[],
): Promise<DraftImpact> {
  const { workspaceId } = actor
  const { prompt, versionId } = older.resolution
  const since = impactSince()
  return readReplica(actor, async (pool) => {
    const query = poolQuery(pool)
    const [[rows = []], including] = await Promise.all([
      readCallers(query, workspaceId, [{ promptId: prompt.id, inUse }], since),
      query<DraftImpact['included_by'][number]>(INCLUDING, [workspaceId, prompt.id, versionId, INCLUDED_BY]),
    ])
    const { variables: taken } = older.version
    const { callers, breaking } = judgeCallers(rows, contractChanges(taken, variables), taken)
    return {
      name: prompt.name,
      from: older.version.stored.version,
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
