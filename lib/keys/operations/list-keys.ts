import type { Actor } from '../../access/actor.ts'
import { newestPage, type Position } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayRead, mayManage } from '../policy.ts'
import type { ApiKey, ApiKeyPage, ListKeysQuery } from '../schema.ts'
import { type FoundKey, KEY_COLUMNS, KEY_JOINS, keyAnswer } from '../stored-key.ts'

const timeOf = ({ created_at }: ApiKey) => created_at

/**
 * A page of keys, the newest first, without their texts: one's own; who manages members sees all.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listKeys = operation('listKeys', run)

async function run(actor: Actor, input: ListKeysQuery): Promise<ApiKeyPage> {
  assertMayRead(actor)
  const { kind } = input
  const isRevoked = input.revoked === 'true'
  const scope = { list: 'keys', filters: { kind, revoked: isRevoked } }
  return newestPage(scope, input, timeOf, async (after, most) => {
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<FoundKey>(statement(actor, { kind, isRevoked, after, most })),
    )
    return rows.map(keyAnswer)
  })
}

interface Filter {
  kind: ListKeysQuery['kind']
  isRevoked: boolean
  after: Position | undefined
  most: number
}

function statement(actor: Actor, { kind, isRevoked, after, most }: Filter) {
  const values: unknown[] = []
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const where = [
    `k.workspace_id = ${bind(actor.workspaceId, 'uuid')}`,
    `today.hash IS ${isRevoked ? '' : 'NOT '}NULL`,
  ]
  if (!mayManage(actor)) where.push(`k.person_actor_id = ${bind(actor.id, 'uuid')}`)
  if (kind !== undefined) where.push(`k.person_actor_id IS ${kind === 'service' ? '' : 'NOT '}NULL`)
  if (after !== undefined)
    where.push(`(k.created_at, k.id) < (${bind(after[0], 'timestamptz')}, ${bind(after[1], 'uuid')})`)
  const text = `SELECT ${KEY_COLUMNS} FROM api_key k ${KEY_JOINS} WHERE ${where.join(' AND ')}
    ORDER BY k.created_at DESC, k.id DESC LIMIT ${bind(most, 'integer')}`
  return { text, values }
}
