import pg from 'pg'

/**
 * Writes uses as the app does, single events and their hours, with plain SQL: over the days up to now, of
 * prompts of which a few are used very often and most of them rarely, by three ways and nine clients. Done again,
 * it adds to what is there.
 */
export async function fillUsage(databaseUrl: string, events: number, days: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(`SELECT ensure_usage_partitions((now() - make_interval(days => $1))::date, $1 + 2)`, [
      days,
    ])
    await client.query('BEGIN')
    await client.query(EVENTS, [events, days])
    await client.query(SINGLE)
    for (const rollUp of [HOURS, FAILURES, CALLERS]) await client.query(rollUp)
    await client.query(
      `SELECT forget_usage_sums(id, (now() - make_interval(days => $1))::date) FROM workspace`,
      [days],
    )
    await client.query('COMMIT')
    await client.query('ANALYZE')
  } finally {
    await client.end()
  }
}

/** Durations spread as those of renders do: most under a millisecond, one in a hundred slow. */
const EVENTS = `CREATE TEMP TABLE event ON COMMIT DROP AS
  SELECT gen_random_uuid() AS id, drawn.at, prompt.workspace_id, prompt.id AS prompt_id, prompt.created_by AS actor_id,
    1 + (drawn.n % 3)::integer AS version_number,
    (ARRAY['render','render','render','render','render','render','get','get','get','tool'])[1 + (drawn.pick * 10)::integer % 10] AS operation,
    drawn.surface, drawn.surface || '-client-' || (drawn.n % 3) AS client_name,
    CASE WHEN drawn.n % 50 = 0 THEN 'unprocessable' ELSE 'ok' END AS outcome, drawn.us AS duration_us,
    CASE WHEN drawn.n % 50 = 0 THEN 'variable_' || drawn.n % 3 END AS missing, 'variable_' || drawn.n % 4 AS variables,
    least(88, greatest(0, ceil(log(2, drawn.us / 16.0) * 4)))::smallint AS bucket
  FROM (
    SELECT n, now() - random() * make_interval(days => $2) AS at, random() AS pick,
      (ARRAY['mcp','mcp','mcp','mcp','rest','browser'])[1 + (random() * 6)::integer % 6] AS surface,
      round(120 * exp(1.1 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())))::integer + 17 AS us,
      floor(exp(random() * ln((SELECT count(*) FROM prompt_template))))::integer AS place
    FROM generate_series(1, $1::integer) AS n
  ) drawn
  JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM prompt_template) prompt USING (place)`

const SINGLE = `INSERT INTO prompt_usage (id, occurred_at, workspace_id, actor_id, prompt_id, version_number, label,
    operation, surface, client_name, outcome, duration_us, reasons, variables)
  SELECT id, at, workspace_id, actor_id, prompt_id, version_number, 'production', operation, surface, client_name,
    outcome, duration_us,
    CASE WHEN missing IS NOT NULL THEN jsonb_build_array(jsonb_build_object('code', 'missing', 'variable', missing)) END,
    variables FROM event`

const FAILURES = `INSERT INTO usage_failure_hour (id, workspace_id, hour, prompt_id, version_number, label, surface,
    client_name, code, variable, total, first_at, last_at)
  SELECT gen_random_uuid(), workspace_id, date_trunc('hour', at, 'UTC'), prompt_id, version_number, 'production', surface,
    client_name, 'missing', missing, count(*), min(at), max(at)
  FROM event WHERE missing IS NOT NULL GROUP BY 2, 3, 4, 5, 7, 8, 10
  ON CONFLICT (workspace_id, hour, prompt_id, version_number, label, surface, client_name, code, variable, asked)
  DO UPDATE SET total = usage_failure_hour.total + excluded.total,
    first_at = least(usage_failure_hour.first_at, excluded.first_at),
    last_at = greatest(usage_failure_hour.last_at, excluded.last_at)`

const CALLERS = `INSERT INTO usage_caller_day (id, workspace_id, hour, prompt_id, version_number, label, surface,
    client_name, actor_id, variables, gets, renders, tool_calls, failed, last_at)
  SELECT gen_random_uuid(), workspace_id, date_trunc('day', at, 'UTC'), prompt_id, version_number, 'production', surface,
    client_name, actor_id, variables, count(*) FILTER (WHERE operation = 'get'),
    count(*) FILTER (WHERE operation = 'render'), count(*) FILTER (WHERE operation = 'tool'),
    count(*) FILTER (WHERE outcome <> 'ok'), max(at)
  FROM event GROUP BY 2, 3, 4, 5, 7, 8, 9, 10
  ON CONFLICT (workspace_id, hour, prompt_id, version_number, label, surface, client_name, actor_id, md5(variables))
  DO UPDATE SET gets = usage_caller_day.gets + excluded.gets, renders = usage_caller_day.renders + excluded.renders,
    tool_calls = usage_caller_day.tool_calls + excluded.tool_calls, failed = usage_caller_day.failed + excluded.failed,
    last_at = greatest(usage_caller_day.last_at, excluded.last_at)`

const HOURS = `INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, version_number, label, operation, surface,
    client_name, total, failed, duration_us, last_at, bucket_numbers, bucket_counts)
  SELECT gen_random_uuid(), workspace_id, hour, prompt_id, version_number, 'production', operation, surface, client_name,
    sum(total), sum(failed), sum(duration_us), max(last_at), array_agg(bucket ORDER BY bucket), array_agg(total ORDER BY bucket)
  FROM (
    SELECT workspace_id, date_trunc('hour', at, 'UTC') AS hour, prompt_id, version_number, operation, surface,
      client_name, bucket, count(*) AS total, count(*) FILTER (WHERE outcome <> 'ok') AS failed,
      sum(duration_us) AS duration_us, max(at) AS last_at
    FROM event GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ) AS counted GROUP BY workspace_id, hour, prompt_id, version_number, operation, surface, client_name
  ON CONFLICT (workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name) DO UPDATE SET
    total = usage_hour.total + excluded.total, failed = usage_hour.failed + excluded.failed,
    duration_us = usage_hour.duration_us + excluded.duration_us,
    last_at = greatest(usage_hour.last_at, excluded.last_at),
    (bucket_numbers, bucket_counts) = (
      SELECT array_agg(n ORDER BY n), array_agg(count ORDER BY n) FROM (
        SELECT n, sum(count) AS count FROM (
          SELECT * FROM unnest(usage_hour.bucket_numbers, usage_hour.bucket_counts) AS held (n, count)
          UNION ALL SELECT * FROM unnest(excluded.bucket_numbers, excluded.bucket_counts) AS added (n, count)
        ) AS both_halves GROUP BY n
      ) AS summed)`
