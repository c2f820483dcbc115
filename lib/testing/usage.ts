import type { Actor } from '../access/actor.ts'
import { newId } from '../id.ts'
import { bucketOf } from '../usage/histogram.ts'
import type { PendingUsage } from '../usage/recording/record.ts'
import { withClient } from './database.ts'

/** A render that succeeded just now, as it waits to be written; with what differs. */
export function pendingUse(actor: Actor, changes: Partial<PendingUsage> = {}): PendingUsage {
  const event: PendingUsage = {
    id: newId(),
    occurred_at: Date.now(),
    workspace_id: actor.workspaceId,
    actor_id: actor.id,
    prompt_id: null,
    version_number: 1,
    label: null,
    operation: 'render',
    tool: null,
    surface: 'mcp',
    client_name: 'editor',
    client_version: null,
    outcome: 'ok',
    reasons: null,
    asked: null,
    variables: null,
    refused_values: null,
    request_id: null,
    duration_us: 900,
    bucket: 0,
    ...changes,
  }
  return { ...event, bucket: bucketOf(event.duration_us) }
}

/** Single uses, and what is made from them. */
const TABLES = [
  'prompt_usage',
  'usage_hour',
  'usage_failure_hour',
  'usage_caller_day',
  'usage_rolled',
  'usage_all_hour',
  'usage_way_hour',
  'usage_way_day',
  'usage_prompt_day',
  'usage_prompt_way_day',
  'usage_prompt_third',
  'usage_prompt_month',
  'usage_prompt_way_month',
  'usage_actor_day',
  'usage_actor_prompt_day',
  'usage_prompt_last',
  'usage_top',
  'usage_failure_top',
  'usage_prompt_month_days',
  'usage_open_way',
  'usage_open_prompt',
]

/** Forgets all uses, and how far they are summed up. @param ownerUrl the role that serves empties no tables */
export function emptyUsage(ownerUrl: string): Promise<unknown> {
  const statements = TABLES.map((table) => `DELETE FROM ${table}`)
  return withClient(ownerUrl, (client) => client.query(statements.join(';')))
}
