import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { readMembers } from '../members/stored-member.ts'
import { assertMayManage } from '../policy.ts'
import { NAME_LENGTH } from '../rules.ts'
import type { ListMembersQuery, MemberPage } from '../schema.ts'

const Key = z.tuple([z.string().max(2 * NAME_LENGTH), z.uuid()])
const SCOPE = { list: 'members' }

/**
 * A page of members, by name.
 * @throws invalid_input (cursor, limit), forbidden, unavailable
 */
export const listMembers = operation('listMembers', run)

async function run(actor: Actor, input: ListMembersQuery): Promise<MemberPage> {
  assertMayManage(actor)
  const limit = pageSize(input.limit)
  const after = decodeCursor(SCOPE, Key, input.cursor)
  const found = await onPrimary(({ pool }) =>
    readMembers(pool, actor.workspaceId, { after, limit: limit + 1 }),
  )
  const last = found.length > limit ? found[limit - 1] : undefined
  return {
    items: found.slice(0, limit).map(({ member }) => member),
    next_cursor: last === undefined ? null : encodeCursor(SCOPE, last.key),
  }
}
