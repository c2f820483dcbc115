import pg from 'pg'

/** Columns of the sums, in the order of the facts below. */
const PROMPT_KEYS = 'prompt_id, version_number'
const WAY_KEYS =
  'label, configuration_id, configuration_name, provider, model, surface, client_name, actor_id'
const MEASURES = [
  'generations',
  'generations_failed',
  'attempts',
  'attempts_failed',
  'unpriced',
  'input_tokens',
  'output_tokens',
  'latency_ms',
  'latency_count',
  'queue_ms',
  'queue_count',
  'first_token_ms',
  'first_token_count',
  'cost',
]

/**
 * Writes sums of spending as the app makes them, with plain SQL: of attempts over the days up to now, of prompts of
 * which a few are run very often and most of them rarely. A prompt is run by one of nine clients mostly, with one of
 * four configurations, and three of its versions have been released. Some rows are left to be summed up.
 */
export async function fillSpending(
  databaseUrl: string,
  { attempts, days, uncounted }: { attempts: number; days: number; uncounted: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(CONFIGURATIONS)
    await client.query(FACTS, [attempts, days])
    for (const [unit, table, keys] of [
      ['hour', 'spending_hour', `${PROMPT_KEYS}, ${WAY_KEYS}`],
      ['day', 'spending_day', `${PROMPT_KEYS}, ${WAY_KEYS}`],
      ['month', 'spending_month', `${PROMPT_KEYS}, ${WAY_KEYS}`],
      ['hour', 'spending_way_hour', WAY_KEYS],
      ['day', 'spending_way_day', WAY_KEYS],
    ] as const)
      await client.query(`INSERT INTO ${table} (id, workspace_id, hour, ${keys}, ${MEASURES.join(', ')})
        SELECT gen_random_uuid(), workspace_id, date_trunc('${unit}', at, 'UTC') AS moment, ${keys},
          ${MEASURES.map((name) => `sum(${name})`).join(', ')}
        FROM fact GROUP BY workspace_id, moment, ${keys}`)
    await client.query(RAW, [uncounted])
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

const CONFIGURATIONS = `INSERT INTO ai_configuration (id, workspace_id, name, provider, model, monthly_cost_quota, created_by)
  SELECT gen_random_uuid(), a.workspace_id, 'bench-' || n, 'openai', 'model-' || n, 100000, a.id
  FROM (SELECT workspace_id, id FROM actor WHERE builtin = 'local_owner') a, generate_series(0, 3) AS n`

const FACTS = `CREATE TEMP TABLE fact ON COMMIT DROP AS
  SELECT drawn.at, prompt.workspace_id, prompt.id AS prompt_id,
    1 + floor((drawn.age * 3))::integer AS version_number,
    CASE WHEN drawn.chance < 0.8 THEN 'production' ELSE 'staging' END AS label, conf.id AS configuration_id,
    conf.name AS configuration_name, conf.provider, conf.model,
    (ARRAY['rest','mcp','rest'])[1 + drawn.way % 3] AS surface, 'client-' || drawn.way AS client_name,
    prompt.created_by AS actor_id, 1 AS generations, (drawn.chance < 0.02)::integer AS generations_failed,
    1 AS attempts, (drawn.chance < 0.02)::integer AS attempts_failed, 0 AS unpriced,
    (200 + 2000 * drawn.chance)::integer AS input_tokens, (50 + 800 * drawn.age)::integer AS output_tokens,
    1500 AS latency_ms, 1 AS latency_count, 40 AS queue_ms, 1 AS queue_count, 300 AS first_token_ms,
    1 AS first_token_count, round((0.001 + drawn.chance / 100)::numeric, 10) AS cost
  FROM (
    SELECT now() - (1 - age) * make_interval(days => $2) AS at, age, chance, place,
      CASE WHEN pick < 0.9 THEN place ELSE n END % 9 AS way, CASE WHEN pick < 0.9 THEN place ELSE n END % 4 AS model
    FROM (
      SELECT n, random() AS age, random() AS chance, random() AS pick,
        floor(exp(random() * ln((SELECT count(*) FROM prompt_template))))::integer AS place
      FROM generate_series(1, $1::integer) AS n
    ) thrown
  ) drawn
  JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM prompt_template) prompt USING (place)
  JOIN ai_configuration conf ON conf.workspace_id = prompt.workspace_id AND conf.name = 'bench-' || drawn.model`

/** Rows as they are before they are summed up. */
const RAW = `WITH written AS (
    INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, checksum, variables, messages,
      configuration_id, configuration, queue, status, client_name, created_by, created_at, started_at, finished_at)
    SELECT gen_random_uuid(), workspace_id, prompt_id, 1, repeat('0', 64), '{}', '[]', configuration_id, '{}',
      'interactive', 'succeeded', client_name, actor_id, at, at, at FROM (SELECT * FROM fact LIMIT $1) AS few
    RETURNING workspace_id, id, configuration_id, finished_at
  )
  INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, configuration_name,
    provider, model, status, input_tokens, output_tokens, cost, latency_ms, started_at, finished_at, settled_at)
  SELECT gen_random_uuid(), workspace_id, id, 1, configuration_id, 'bench-0', 'openai', 'model-0', 'succeeded', 100, 100,
    0.001, 1500, finished_at, finished_at, finished_at FROM written`
