import type { Actor } from '../../access/actor.ts'
import { operation } from '../../telemetry/operation.ts'
import type { LabelEvent, LabelList } from '../label-schema.ts'
import { assertMay } from '../policy.ts'
import { findReadable } from '../store/find-readable.ts'

export interface ListLabelsRequest {
  name: string
}

const EVENTS = 50

/**
 * The labels of a prompt, and their last fifty moves. An actor pinned to a label sees that one.
 * @throws not_found, forbidden, unavailable
 */
export const listLabels = operation('listLabels', run)

async function run(actor: Actor, input: ListLabelsRequest): Promise<LabelList> {
  assertMay(actor, 'read')
  return findReadable(actor, input.name, async ({ prompt, etag, query }) => ({
    items: prompt.labels.filter(({ label }) => actor.label === null || actor.label === label),
    next_cursor: null,
    events: await query<LabelEvent>(LAST_EVENTS, [actor.workspaceId, prompt.id, actor.label, EVENTS]),
    etag,
  }))
}

const LAST_EVENTS = `SELECT e.id, e.label, e.from_version, e.to_version,
    json_build_object('id', a.id, 'kind', a.kind, 'display', a.display) AS author,
    to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS occurred_at
  FROM label_event e JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.actor_id
  WHERE e.workspace_id = $1::uuid AND e.prompt_id = $2::uuid AND ($3::text IS NULL OR e.label = $3::text)
  ORDER BY e.occurred_at DESC, e.id DESC LIMIT $4::integer`
