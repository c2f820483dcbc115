import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import type { PageQuery } from '../../page.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMayUseRules } from '../policy.ts'
import type { RulePage } from '../schema.ts'
import { type FoundRule, RULE_COLUMNS, RULE_JOINS, ruleAnswer } from '../stored-rule.ts'

const Key = z.tuple([CursorTime, z.uuid()])
const SCOPE = { list: 'alert-rules' }

const SELECT = `SELECT ${RULE_COLUMNS} FROM alert_rule r ${RULE_JOINS} WHERE r.workspace_id = $1::uuid
    AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2::timestamptz, $3::uuid))
  ORDER BY r.created_at DESC, r.id DESC LIMIT $4`

/**
 * A page of alert rules, the newest first.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listRules = operation('listRules', run)

async function run(actor: Actor, input: PageQuery): Promise<RulePage> {
  assertMayUseRules(actor)
  const limit = pageSize(input.limit)
  const [time = null, id = null] = decodeCursor(SCOPE, Key, input.cursor) ?? []
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundRule>({
      name: 'alerts.list',
      text: SELECT,
      values: [actor.workspaceId, time, id, limit + 1],
    }),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(ruleAnswer),
    next_cursor: last === undefined ? null : encodeCursor(SCOPE, [last.created_at, last.id]),
  }
}
