import { actorJson, isoTime } from '../db/columns.ts'
import { hrefOf, summaryOf, type Told } from './event-text.ts'
import type { AlertEvent } from './schema.ts'

export type FoundEvent = Pick<
  AlertEvent,
  'id' | 'window_start' | 'fired_at' | 'recorded_at' | 'resolved_at' | 'acknowledged_at' | 'acknowledged_by'
> &
  Told & { rule_id: string | null }

/** Columns of an event as callers see it, of the table as `e`. Who moved a label is called as today: names can be erased. */
export const EVENT_COLUMNS = `e.id, e.rule_id, e.rule_name, e.kind, e.value, e.threshold,
  CASE WHEN e.detail ->> 'actor_id' IS NULL THEN e.detail ELSE (e.detail::jsonb || jsonb_build_object('actor',
    (SELECT m.display FROM actor m WHERE m.workspace_id = e.workspace_id AND m.id = (e.detail ->> 'actor_id')::uuid)))::json
  END AS detail,
  ${isoTime('e.window_start')} AS window_start, ${isoTime('e.fired_at')} AS fired_at,
  ${isoTime('e.recorded_at')} AS recorded_at,
  ${isoTime('e.resolved_at')} AS resolved_at, ${isoTime('e.acknowledged_at')} AS acknowledged_at,
  CASE WHEN a.id IS NOT NULL THEN ${actorJson('a')} END AS acknowledged_by`
export const EVENT_JOINS = 'LEFT JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.acknowledged_by'

export function eventAnswer(found: FoundEvent): AlertEvent {
  const { rule_id, rule_name, detail: _detail, ...event } = found
  return {
    ...event,
    rule: { id: rule_id, name: rule_name },
    state: event.resolved_at === null ? 'firing' : 'resolved',
    summary: summaryOf(found),
    href: hrefOf(found),
  }
}
