import type { Actor } from '../access/actor.ts'
import { newId } from '../id.ts'
import { bucketOf } from '../usage/histogram.ts'
import type { PendingUsage } from '../usage/recording/record.ts'

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
