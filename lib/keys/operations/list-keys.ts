import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMayRead, mayManage } from '../policy.ts'
import type { ApiKeyPage, ListKeysQuery } from '../schema.ts'
import { type FoundKey, KEY_COLUMNS, KEY_JOINS, keyAnswer } from '../stored-key.ts'

const Key = z.tuple([CursorTime, z.uuid()])

/**
 * A page of keys, the newest first, without their texts: one's own; who manages members sees all.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listKeys = operation('listKeys', run)

async function run(actor: Actor, input: ListKeysQuery): Promise<ApiKeyPage> {
  assertMayRead(actor)
  const limit = pageSize(input.limit)
  const isRevoked = input.revoked === 'true'
  const scope = { list: 'keys', filters: { kind: input.kind, revoked: isRevoked } }
  const after = decodeCursor(scope, Key, input.cursor)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundKey>(statement(actor, { kind: input.kind, isRevoked, after, limit })),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(keyAnswer),
    next_cursor: last === undefined ? null : encodeCursor(scope, [last.created_at, last.id]),
  }
}

interface Filter {
  kind: ListKeysQuery['kind']
  isRevoked: boolean
  after: [string, string] | undefined
  limit: number
}

function statement(actor: Actor, { kind, isRevoked, after, limit }: Filter) {
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
    ORDER BY k.created_at DESC, k.id DESC LIMIT ${bind(limit + 1, 'integer')}`
  return { text, values }
}
