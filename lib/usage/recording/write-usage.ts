import type { Pool } from 'pg'
import { getRuntime } from '../../runtime.ts'
import { takeBackSums } from '../sums/take-back.ts'
import { DailyNames } from './daily-names.ts'
import { coverDays } from './partitions.ts'
import type { PendingUsage } from './record.ts'

/**
 * Writes events and their roll-ups in one statement. Only rows that were really inserted are added to
 * the roll-ups, so the same batch may be written again after a lost answer. A prompt that vanished
 * leaves its event without a prompt. Tables and groups are locked in one order: instances cannot deadlock.
 */
export async function writeUsage(pool: Pool, events: PendingUsage[]): Promise<void> {
  await coverDays(events)
  await pool.query({ name: 'write-usage', text: WRITE, values: [JSON.stringify(grouped(events))] })
  await takeBackSums(pool, events)
}

/** What each event has of its own. */
type Own = 'id' | 'occurred_at' | 'duration_us' | 'bucket' | 'request_id'

/** Events that differ in nothing else: common fields are sent once. */
interface EventGroup extends Omit<PendingUsage, Own> {
  ids: (string | undefined)[]
  times: number[]
  durations: number[]
  buckets: number[]
  /** Shorter than the others, or empty: the rest have none. */
  requests: (string | null)[]
}

/** Groups events by their common fields. Most batches hold a few kinds, which makes a tenth of the JSON. */
function grouped(events: PendingUsage[]): EventGroup[] {
  const groups = new Map<string, EventGroup>()
  for (const { id, occurred_at, duration_us, bucket, request_id, ...common } of events) {
    // Stored texts hold no NUL.
    const key = Object.values(common).join('\0')
    let group = groups.get(key)
    if (group === undefined) {
      group = {
        ...common,
        variables: boundedSet(common),
        ids: [],
        times: [],
        durations: [],
        buckets: [],
        requests: [],
      }
      groups.set(key, group)
    }
    group.ids.push(id)
    group.times.push(occurred_at)
    group.durations.push(duration_us)
    group.buckets.push(bucket)
    // Those of one group have one outcome: all have failed, or none.
    if (request_id !== null) group.requests.push(request_id)
  }
  return [...groups.values()]
}

/** Stands for all sets of variables beyond `limits.usage_variable_sets`. */
const MANY_SETS = '*'

/** A set of variables, as far as they are told apart of a prompt in a day. */
function boundedSet({ prompt_id, variables }: Pick<PendingUsage, 'prompt_id' | 'variables'>): string | null {
  if (variables === null) return null
  const sets = getRuntime().once(
    'usage.sets',
    ({ config }) => new DailyNames(config.limits.usage_variable_sets),
  )
  return sets.admits(prompt_id ?? '', variables) ? variables : MANY_SETS
}

const HOUR_KEY = 'workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name'
const FAILURE_KEY =
  'workspace_id, hour, prompt_id, version_number, label, surface, client_name, actor_id, code, variable, asked'
const CALLER_KEY = 'workspace_id, hour, prompt_id, version_number, label, surface, client_name, actor_id'

/**
 * The prompt of a failed look-up is found by its name, which may have no version to find. What a version was given is
 * not kept when it, or what it includes, was redacted meanwhile; a redaction under way is waited for, and one that
 * comes later waits for these rows. The roll-ups wait for each other by counting the rows of the one before.
 */
const WRITE = `
WITH incoming AS (
  SELECT each.id, to_timestamp(each.ms / 1000.0) AS occurred_at, each.duration_us, each.bucket, each.request_id,
    workspace_id, actor_id, prompt_id, version_number, label, operation, tool, surface, client_name,
    client_version, outcome, reasons::jsonb AS reasons, asked, variables, refused_values
  FROM json_to_recordset($1::json) AS event (
    workspace_id uuid, actor_id uuid, prompt_id uuid, version_number integer, label text, operation text,
    tool text, surface text, client_name text, client_version text, outcome text, reasons text, asked text,
    variables text, refused_values text,
    ids uuid[], times bigint[], durations integer[], buckets smallint[], requests text[]),
  unnest(event.ids, event.times, event.durations, event.buckets, event.requests)
    AS each (id, ms, duration_us, bucket, request_id)
), held AS MATERIALIZED (
  SELECT workspace_id, prompt_id, version_number,
    hold_prompt_version(workspace_id, prompt_id, version_number) AS is_redacted
  FROM (SELECT DISTINCT workspace_id, prompt_id, version_number FROM incoming WHERE refused_values IS NOT NULL) given
), inserted AS (
  INSERT INTO prompt_usage (id, occurred_at, workspace_id, actor_id, prompt_id, version_number, label, operation,
    tool, surface, client_name, client_version, outcome, duration_us, reasons, asked, variables, request_id,
    refused_values)
  SELECT event.id, event.occurred_at, event.workspace_id, event.actor_id,
    coalesce(prompt.id, CASE WHEN event.prompt_id IS NULL AND event.asked IS NOT NULL THEN (
      SELECT named.prompt_id FROM prompt_name named
      WHERE named.workspace_id = event.workspace_id AND named.name = split_part(event.asked, '@', 1)) END),
    event.version_number, event.label, event.operation, event.tool, event.surface, event.client_name,
    event.client_version, event.outcome, event.duration_us, event.reasons, event.asked, event.variables,
    event.request_id,
    CASE WHEN event.refused_values IS NOT NULL AND (
      SELECT NOT held.is_redacted FROM held WHERE held.workspace_id = event.workspace_id
        AND held.prompt_id = event.prompt_id AND held.version_number = event.version_number)
      THEN event.refused_values::jsonb END
  FROM incoming event
  LEFT JOIN prompt_template prompt ON prompt.workspace_id = event.workspace_id AND prompt.id = event.prompt_id
  ON CONFLICT DO NOTHING
  RETURNING id, occurred_at, workspace_id, actor_id, prompt_id, version_number, label, operation, surface,
    client_name, outcome, duration_us, reasons, asked, variables
), counted AS (
  SELECT inserted.workspace_id, date_trunc('hour', inserted.occurred_at, 'UTC') AS hour, inserted.prompt_id,
    inserted.version_number, inserted.label, inserted.operation, inserted.surface, inserted.client_name,
    inserted.actor_id, inserted.variables, incoming.bucket, count(*) AS total,
    count(*) FILTER (WHERE inserted.outcome <> 'ok') AS failed, sum(inserted.duration_us) AS duration_us,
    max(inserted.occurred_at) AS last_at
  FROM inserted JOIN incoming USING (id)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
), in_buckets AS (
  SELECT ${HOUR_KEY}, bucket, sum(total) AS total, sum(failed) AS failed, sum(duration_us) AS duration_us,
    max(last_at) AS last_at
  FROM counted GROUP BY ${HOUR_KEY}, bucket
), hours AS (
  INSERT INTO usage_hour (id, ${HOUR_KEY}, total, failed, duration_us, last_at, bucket_numbers, bucket_counts)
  SELECT gen_random_uuid(), ${HOUR_KEY}, sum(total), sum(failed), sum(duration_us), max(last_at),
    array_agg(bucket ORDER BY bucket), array_agg(total ORDER BY bucket)
  FROM in_buckets GROUP BY ${HOUR_KEY} ORDER BY ${HOUR_KEY}
  ON CONFLICT (${HOUR_KEY})
  DO UPDATE SET
    total = usage_hour.total + excluded.total,
    failed = usage_hour.failed + excluded.failed,
    duration_us = usage_hour.duration_us + excluded.duration_us,
    last_at = greatest(usage_hour.last_at, excluded.last_at),
    (bucket_numbers, bucket_counts) = (
      SELECT array_agg(n ORDER BY n), array_agg(count ORDER BY n)
      FROM (
        SELECT n, sum(count) AS count FROM (
          SELECT * FROM unnest(usage_hour.bucket_numbers, usage_hour.bucket_counts) AS held (n, count)
          UNION ALL
          SELECT * FROM unnest(excluded.bucket_numbers, excluded.bucket_counts) AS added (n, count)
        ) AS both_halves GROUP BY n
      ) AS summed)
  RETURNING 1
), failing AS (
  SELECT inserted.workspace_id, date_trunc('hour', inserted.occurred_at, 'UTC') AS hour, inserted.prompt_id,
    inserted.version_number, inserted.label, inserted.surface, inserted.client_name, inserted.actor_id, reason.code, reason.variable,
    inserted.asked, inserted.occurred_at
  FROM inserted, jsonb_to_recordset(inserted.reasons) AS reason (code text, variable text)
  WHERE inserted.reasons IS NOT NULL
), failures AS (
  INSERT INTO usage_failure_hour (id, ${FAILURE_KEY}, total, first_at, last_at)
  SELECT gen_random_uuid(), ${FAILURE_KEY}, count(*), min(occurred_at), max(occurred_at)
  FROM failing WHERE (SELECT count(*) FROM hours) > 0 GROUP BY ${FAILURE_KEY} ORDER BY ${FAILURE_KEY}
  ON CONFLICT (${FAILURE_KEY})
  DO UPDATE SET
    total = usage_failure_hour.total + excluded.total,
    first_at = least(usage_failure_hour.first_at, excluded.first_at),
    last_at = greatest(usage_failure_hour.last_at, excluded.last_at)
  RETURNING 1
), calling AS (
  SELECT workspace_id, date_trunc('day', hour, 'UTC') AS hour, prompt_id, version_number, label, surface,
    client_name, actor_id, variables, operation, total, failed, last_at
  FROM counted
)
INSERT INTO usage_caller_day (id, ${CALLER_KEY}, variables, gets, renders, tool_calls, failed, last_at)
SELECT gen_random_uuid(), ${CALLER_KEY}, variables, ${['get', 'render', 'tool']
  .map((operation) => `coalesce(sum(total) FILTER (WHERE operation = '${operation}'), 0)`)
  .join(', ')}, sum(failed), max(last_at)
FROM calling WHERE (SELECT count(*) FROM hours) + (SELECT count(*) FROM failures) > 0
GROUP BY ${CALLER_KEY}, variables ORDER BY ${CALLER_KEY}, md5(variables)
ON CONFLICT (${CALLER_KEY}, md5(variables))
DO UPDATE SET
  gets = usage_caller_day.gets + excluded.gets,
  renders = usage_caller_day.renders + excluded.renders,
  tool_calls = usage_caller_day.tool_calls + excluded.tool_calls,
  failed = usage_caller_day.failed + excluded.failed,
  last_at = greatest(usage_caller_day.last_at, excluded.last_at)`
