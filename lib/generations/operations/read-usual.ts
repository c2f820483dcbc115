import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { UsualFigures, UsualFiguresAnswer, UsualFiguresQuery } from '../schema.ts'
import { findConfiguration } from '../store/narrow.ts'
import { QUEUE_MS, SPEED } from '../store/stored-generation.ts'

/** Answers of each configuration that its figures come from: more would not move their middle. */
const LOOKED_AT = 300

const middle = (expression: string) => `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${expression})`

/** Each configuration's newest answers stand together in an index that holds these figures. */
const USUAL = `SELECT c.name AS configuration, last.* FROM ai_configuration c CROSS JOIN LATERAL (
    SELECT count(*)::integer AS count, ${middle('n.latency_ms')} AS latency_ms, ${middle('n.first_token_ms')} AS first_token_ms,
      ${middle('n.speed')} AS tokens_per_second, ${middle('n.queue_ms')} AS queue_ms, ${middle('n.cost')} AS cost
    FROM (
      SELECT g.latency_ms, g.first_token_ms, ${SPEED}::float8 AS speed, ${QUEUE_MS} AS queue_ms, g.cost::float8 AS cost
      FROM generated_content g
      WHERE g.workspace_id = c.workspace_id AND g.configuration_id = c.id AND g.status = 'succeeded'
        AND g.created_at > now() - make_interval(days => $2::integer) AND ($4::text IS NULL OR g.label = $4::text)
      ORDER BY g.created_at DESC LIMIT ${LOOKED_AT}
    ) n
  ) last
  WHERE c.workspace_id = $1::uuid AND ($3::uuid IS NULL OR c.id = $3::uuid) AND last.count > 0 ORDER BY c.name`

/**
 * What is usual of each configuration: the medians of its last answers, within `limits.generation_usual_days`. An
 * actor that is pinned to a label has those of its label.
 * @throws not_found for a configuration that there is not, forbidden, unavailable
 */
export const readUsual = operation('readUsual', run)

async function run(actor: Actor, { configuration }: UsualFiguresQuery): Promise<UsualFiguresAnswer> {
  assertMay(actor, 'read')
  const { workspaceId, label } = actor
  const days = getRuntime().config.limits.generation_usual_days
  return readReplica(actor, async (pool) => {
    const id = configuration === undefined ? null : await findConfiguration(pool, workspaceId, configuration)
    const values = [workspaceId, days, id, label]
    const { rows } = await pool.query<UsualFigures>({ name: 'generations.usual', text: USUAL, values })
    return { days, items: rows }
  })
}
