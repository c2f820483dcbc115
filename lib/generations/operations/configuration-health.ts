import type { Actor } from '../../access/actor.ts'
import { isoTime } from '../../db/columns.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { ConfigurationHealth } from '../schema.ts'

const HEALTH = `SELECT c.name, day.ended, day.failed, last.status = 'failed' AS is_failing, wrong.item AS last_error
  FROM ai_configuration c
  JOIN LATERAL (
    SELECT t.status FROM generation_attempt t
    WHERE t.workspace_id = c.workspace_id AND t.configuration_id = c.id AND t.status IN ('succeeded', 'failed')
    ORDER BY t.started_at DESC LIMIT 1
  ) last ON true
  CROSS JOIN LATERAL (
    SELECT count(*)::integer AS ended, count(*) FILTER (WHERE t.status = 'failed')::integer AS failed
    FROM generation_attempt t
    WHERE t.workspace_id = c.workspace_id AND t.configuration_id = c.id AND t.status IN ('succeeded', 'failed')
      AND t.started_at > clock_timestamp() - interval '1 day'
  ) day
  LEFT JOIN LATERAL (
    SELECT json_build_object('code', t.error_code, 'message', t.error_message, 'at', ${isoTime('t.started_at')}) AS item
    FROM generation_attempt t
    WHERE t.workspace_id = c.workspace_id AND t.configuration_id = c.id AND t.status = 'failed'
      AND t.started_at > clock_timestamp() - interval '30 days'
    ORDER BY t.started_at DESC LIMIT 1
  ) wrong ON true
  WHERE c.workspace_id = $1::uuid`

/**
 * How the configurations do that were asked already, by name.
 * @throws forbidden, unavailable
 */
export const configurationHealth = operation('configurationHealth', run)

async function run(actor: Actor): Promise<Record<string, ConfigurationHealth>> {
  assertMay(actor, 'read')
  return readReplica(actor, async (pool) => {
    const { rows } = await pool.query<{
      name: string
      ended: number
      failed: number
      is_failing: boolean
      last_error: ConfigurationHealth['lastError']
    }>({ name: 'generations.health', text: HEALTH, values: [actor.workspaceId] })
    return Object.fromEntries(
      rows.map(({ name, ended, failed, is_failing: isFailing, last_error: lastError }) => [
        name,
        { ended, failed, isFailing, lastError },
      ]),
    )
  })
}
