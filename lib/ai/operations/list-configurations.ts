import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { readConfigurations } from '../configurations/read-configurations.ts'
import { assertMay } from '../policy.ts'
import type { ConfigurationPage, ListConfigurationsQuery } from '../schema.ts'

const Key = z.tuple([z.string().max(64)])

/**
 * A page of AI configurations, by name.
 * @throws invalid_input (cursor, limit), forbidden, unavailable
 */
export const listConfigurations = operation('listConfigurations', run)

async function run(actor: Actor, input: ListConfigurationsQuery): Promise<ConfigurationPage> {
  assertMay(actor, 'read')
  const limit = pageSize(input.limit)
  const active = input.active === undefined ? undefined : input.active === 'true'
  const scope = { list: 'configurations', filters: { active } }
  const after = decodeCursor(scope, Key, input.cursor)?.[0]
  const found = await onPrimary(({ prisma }) =>
    readConfigurations(prisma, actor.workspaceId, { active, after, limit: limit + 1 }),
  )
  const items = found.slice(0, limit)
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, next_cursor: last === undefined ? null : encodeCursor(scope, [last.name]) }
}
