import pg from 'pg'
import { withoutIndexes } from './fast-fill.ts'

/** So many connections fill days at once. */
const CONNECTIONS = 2
const DAY_MS = 86_400_000

/** A part of a day of UTC, and how many uses there are in it. */
interface Slice {
  from: Date
  to: Date
  events: number
}

/**
 * Writes uses as the app does, single events and their roll-ups, with plain SQL: over the days up to now, of
 * prompts of which a few are used very often and most of them rarely, by three ways, nine clients and some people.
 * Days are filled one by one, so that ten million uses need little memory. Run once on an empty table.
 * The role may need `SET` on `session_replication_role`: foreign keys are not asked for each row then.
 */
export async function fillUsage(databaseUrl: string, events: number, days: number): Promise<void> {
  const slices = slicesOf(events, days)
  await work(databaseUrl, async (client) => {
    await client.query(`SELECT ensure_usage_partitions((now() - make_interval(days => $1))::date, $1 + 2)`, [
      days,
    ])
    await withoutIndexes(client, TABLES, () =>
      Promise.all(
        Array.from({ length: CONNECTIONS }, () => work(databaseUrl, (other) => fillAll(other, slices))),
      ),
    )
    await client.query('ANALYZE')
  })
}

const TABLES = ['prompt_usage', 'usage_hour', 'usage_failure_hour', 'usage_caller_day']

/** Fills what is left, until there is nothing. */
async function fillAll(client: pg.Client, slices: Slice[]): Promise<void> {
  await client.query(PLACES)
  await client.query(PEOPLE)
  await client.query(REASONS)
  for (let slice = slices.pop(); slice !== undefined; slice = slices.pop()) await fill(client, slice)
}

async function work(databaseUrl: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ may: boolean }>(
      `SELECT has_parameter_privilege('session_replication_role', 'SET') AS may`,
    )
    if (rows[0]?.may === true) await client.query('SET session_replication_role = replica')
    await client.query(
      `SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SET temp_buffers = '256MB'`,
    )
    await run(client)
  } finally {
    await client.end()
  }
}

/** Each day of UTC has its share of the uses; the first and the last are parts of days. */
function slicesOf(events: number, days: number): Slice[] {
  const now = Date.now()
  const start = now - days * DAY_MS
  const slices: Slice[] = []
  for (let day = Math.floor(start / DAY_MS) * DAY_MS; day < now; day += DAY_MS) {
    const [from, to] = [Math.max(day, start), Math.min(day + DAY_MS, now)]
    const share = Math.round((events * (to - from)) / (now - start))
    slices.push({ from: new Date(from), to: new Date(to), events: share })
  }
  return slices
}

async function fill(client: pg.Client, { from, to, events }: Slice): Promise<void> {
  await client.query('BEGIN')
  await client.query(EVENTS, [events, from, to])
  for (const statement of [SINGLE, HOURS, FAILURES, CALLER_DAYS]) await client.query(statement)
  await client.query('COMMIT')
}

/** Prompts by how often they are used. */
const PLACES = `CREATE TEMP TABLE place AS
  SELECT row_number() OVER (ORDER BY id)::integer AS place, id, workspace_id FROM prompt_template;
  CREATE UNIQUE INDEX ON place (place); ANALYZE place`

/** Who uses them: everybody of their workspace. */
const PEOPLE = `CREATE TEMP TABLE person AS
  SELECT row_number() OVER (ORDER BY id)::integer AS person, id FROM actor
  WHERE workspace_id = (SELECT workspace_id FROM place LIMIT 1)`

/** Why uses are refused, the most frequent first: what a caller forgets, gives wrongly or makes up, and others. */
const REASONS = `CREATE TEMP TABLE reason AS
  SELECT kind, code, CASE WHEN code IN ('missing', 'wrong', 'unknown') THEN 'variable_' || kind % 12 END AS variable
  FROM (
    SELECT kind, (ARRAY['missing','missing','wrong','missing','template','unknown','wrong','limit','missing','not_found'])[1 + kind % 10] AS code
    FROM generate_series(0, 59) AS kind
  ) each;
  CREATE UNIQUE INDEX ON reason (kind); ANALYZE reason`

/**
 * Durations spread as those of renders do: most under a millisecond, one in a hundred slow. One use in nine is
 * refused: of each fifth prompt three in ten, for one reason; of the others one in twenty, for many.
 */
const EVENTS = `CREATE TEMP TABLE event ON COMMIT DROP AS
  SELECT gen_random_uuid() AS id, drawn.at, date_trunc('hour', drawn.at, 'UTC') AS hour, prompt.workspace_id,
    CASE WHEN reason.code IS DISTINCT FROM 'not_found' THEN prompt.id END AS prompt_id, person.id AS actor_id,
    CASE WHEN reason.code IS DISTINCT FROM 'not_found' THEN 1 + (drawn.n / 3 % 3)::integer END AS version_number,
    (ARRAY['render','render','render','render','render','render','get','get','get','tool'])[1 + (drawn.pick * 10)::integer % 10] AS operation,
    drawn.surface, drawn.surface || '-client-' || (drawn.n % 3) AS client_name,
    CASE WHEN reason.code IS NULL THEN 'ok' WHEN reason.code = 'not_found' THEN 'not_found' ELSE 'unprocessable' END AS outcome,
    drawn.us AS duration_us, reason.code, reason.variable,
    CASE WHEN reason.code = 'not_found' THEN 'lost_' || drawn.n % 500 END AS asked, 'variable_' || drawn.n % 4 AS variables,
    least(88, greatest(0, ceil(log(2, drawn.us / 16.0) * 4)))::smallint AS bucket
  FROM (
    SELECT n, $2::timestamptz + random() * ($3::timestamptz - $2::timestamptz) AS at, random() AS pick, random() AS luck,
      (ARRAY['mcp','mcp','mcp','mcp','rest','browser'])[1 + (random() * 6)::integer % 6] AS surface,
      round(120 * exp(1.1 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())))::integer + 17 AS us,
      floor(exp(random() * ln((SELECT count(*) FROM place))))::integer AS place,
      1 + (n / 7 % (SELECT count(*) FROM person))::integer AS person
    FROM generate_series(1, $1::integer) AS n
  ) drawn
  JOIN place prompt USING (place) JOIN person USING (person)
  LEFT JOIN reason ON reason.kind = CASE
    WHEN place % 5 = 1 AND luck < 0.3 THEN place % 8
    WHEN place % 5 <> 1 AND luck < 0.05 THEN floor(60 * (luck / 0.05) ^ 2)::integer END`

const SINGLE = `INSERT INTO prompt_usage (id, occurred_at, workspace_id, actor_id, prompt_id, version_number, label,
    operation, surface, client_name, outcome, duration_us, reasons, asked, variables)
  SELECT id, at, workspace_id, actor_id, prompt_id, version_number, 'production', operation, surface, client_name,
    outcome, duration_us,
    CASE WHEN code IS NOT NULL THEN jsonb_build_array(jsonb_build_object('code', code, 'variable', variable)) END, asked,
    variables FROM event ORDER BY at`

const FAILURES = `INSERT INTO usage_failure_hour (id, workspace_id, hour, prompt_id, version_number, label, surface,
    client_name, actor_id, code, variable, asked, total, first_at, last_at)
  SELECT gen_random_uuid(), workspace_id, hour, prompt_id, version_number, 'production', surface,
    client_name, actor_id, code, variable, asked, count(*), min(at), max(at)
  FROM event WHERE code IS NOT NULL GROUP BY 2, 3, 4, 5, 7, 8, 9, 10, 11, 12`

const CALLER_DAYS = `INSERT INTO usage_caller_day (id, workspace_id, hour, prompt_id, version_number, label, surface,
    client_name, actor_id, variables, gets, renders, tool_calls, failed, last_at)
  SELECT gen_random_uuid(), workspace_id, date_trunc('day', hour, 'UTC'), prompt_id, version_number, 'production', surface,
    client_name, actor_id, variables, count(*) FILTER (WHERE operation = 'get'),
    count(*) FILTER (WHERE operation = 'render'), count(*) FILTER (WHERE operation = 'tool'),
    count(*) FILTER (WHERE outcome <> 'ok'), max(at)
  FROM event GROUP BY 2, 3, 4, 5, 7, 8, 9, 10`

const HOURS = `INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, version_number, label, operation, surface,
    client_name, total, failed, duration_us, last_at, bucket_numbers, bucket_counts)
  SELECT gen_random_uuid(), workspace_id, hour, prompt_id, version_number, 'production', operation, surface, client_name,
    sum(total), sum(failed), sum(duration_us), max(last_at), array_agg(bucket ORDER BY bucket), array_agg(total ORDER BY bucket)
  FROM (
    SELECT workspace_id, hour, prompt_id, version_number, operation, surface, client_name, bucket, count(*) AS total,
      count(*) FILTER (WHERE outcome <> 'ok') AS failed, sum(duration_us) AS duration_us, max(at) AS last_at
    FROM event GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ) AS counted GROUP BY workspace_id, hour, prompt_id, version_number, operation, surface, client_name`
