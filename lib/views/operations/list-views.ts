import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseViews } from '../policy.ts'
import type { SavedView, SavedViewList, ViewsQuery } from '../schema.ts'
import { SELECT_VIEW } from '../stored-view.ts'

/**
 * The views of the actor and those of everybody, by name.
 * @throws forbidden, unavailable
 */
export const listViews = operation('listViews', run)

async function run(actor: Actor, { page }: ViewsQuery): Promise<SavedViewList> {
  assertMayUseViews(actor)
  const values = [actor.workspaceId, actor.id, page ?? null]
  const { rows } = await onPrimary(({ pool }) => pool.query<SavedView>(LIST, values))
  return { items: rows, next_cursor: null }
}

const LIST = `${SELECT_VIEW} AND ($3::text IS NULL OR v.page = $3) ORDER BY lower(v.name), v.name, v.id`
