import type { Actor } from '../../access/actor.ts'
import { actorJson, isoTime } from '../../db/columns.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertSeesPast, pastMoment } from '../cache/find-at.ts'
import type { LabelEvent, LabelList, ListLabelsQuery } from '../label-schema.ts'
import { assertMay } from '../policy.ts'
import type { LabelState } from '../schema.ts'
import { findReadable } from '../store/find-readable.ts'

export type ListLabelsRequest = ListLabelsQuery & { name: string }

const EVENTS = 50

/**
 * The labels of a prompt, as they are or as they were at a moment, and their last fifty moves. An actor pinned to a
 * label sees that one, as it is.
 * @throws not_found, invalid_input for a moment to come, forbidden, unavailable
 */
export const listLabels = operation('listLabels', run)

async function run(actor: Actor, input: ListLabelsRequest): Promise<LabelList> {
  assertMay(actor, 'read')
  if (input.at !== undefined) assertSeesPast(actor)
  return findReadable(actor, input.name, async ({ prompt, etag, query }) => ({
    items:
      input.at === undefined
        ? prompt.labels.filter(({ label }) => actor.label === null || actor.label === label)
        : await query<LabelState>(LABELS_AT, [actor.workspaceId, prompt.id, pastMoment(input.at)]),
    next_cursor: null,
    events: await query<LabelEvent>(LAST_EVENTS, [actor.workspaceId, prompt.id, actor.label, EVENTS]),
    etag,
  }))
}

const LABELS_AT = `SELECT label, version, ${isoTime('at')} AS updated_at
  FROM (
    SELECT DISTINCT ON (label) label, to_version AS version, occurred_at AS at FROM label_event
    WHERE workspace_id = $1::uuid AND prompt_id = $2::uuid AND occurred_at <= $3::timestamptz
    ORDER BY label, occurred_at DESC, id DESC
  ) said WHERE version IS NOT NULL ORDER BY label`

const LAST_EVENTS = `SELECT e.id, e.label, e.from_version, e.to_version,
    ${actorJson('a')} AS author,
    ${isoTime('e.occurred_at')} AS occurred_at
  FROM label_event e JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.actor_id
  WHERE e.workspace_id = $1::uuid AND e.prompt_id = $2::uuid AND ($3::text IS NULL OR e.label = $3::text)
  ORDER BY e.occurred_at DESC, e.id DESC LIMIT $4::integer`
