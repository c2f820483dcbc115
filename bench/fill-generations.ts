import { withClient } from '../lib/testing/database.ts'
import { SAMPLE } from './sample-prompt.ts'

/**
 * Writes so many generations with their attempts as copies of those that are there, spread over days up to now, with
 * the figures that models have: most answers in a few seconds, one in forty failed, some prompts run far more often
 * than others.
 */
export async function fillGenerations(databaseUrl: string, count: number, days: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(VERSIONS, [SAMPLE.name])
    await client.query(COPIES, [count, days, SAMPLE.name])
    await client.query(ATTEMPTS)
    await client.query('VACUUM (ANALYZE) generated_content, generation_attempt')
  })
}

/** Generations are of three versions of some prompts. */
const VERSIONS = `INSERT INTO prompt_version (id, workspace_id, prompt_id, number, kind, content, variables, config, checksum,
    checksum_v, renderer_version, created_by)
  SELECT gen_random_uuid(), v.workspace_id, v.prompt_id, more.number, v.kind, v.content, v.variables, v.config, v.checksum,
    v.checksum_v, v.renderer_version, v.created_by
  FROM (SELECT id FROM prompt_template WHERE name LIKE $1 || '%' ORDER BY name LIMIT 200) p
  JOIN prompt_version v ON v.prompt_id = p.id AND v.number = 1, (VALUES (2), (3)) more (number)
  ON CONFLICT DO NOTHING`

const COPIES = `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables,
    messages, configuration_id, configuration, queue, status, text, created_by, created_at, started_at, taken_at,
    finished_at, latency_ms, first_token_ms, cost, input_tokens, output_tokens, error_code, error_message, model)
  SELECT (lpad(to_hex((extract(epoch FROM drawn.at) * 1000)::bigint), 12, '0') || '7'
      || right(replace(gen_random_uuid()::text, '-', ''), 19))::uuid, o.workspace_id, p.id, 1 + drawn.n % 3, (ARRAY['production','staging',NULL])[1 + drawn.n % 3],
    o.checksum, o.variables, o.messages, o.configuration_id, o.configuration, o.queue,
    CASE WHEN drawn.n % 40 = 0 THEN 'failed' ELSE 'succeeded' END,
    CASE WHEN drawn.n % 40 > 0 THEN repeat('An answer of some words. ', 12) END, o.created_by, drawn.at,
    drawn.at + drawn.n % 50 * interval '1 millisecond', drawn.at + interval '3 milliseconds',
    drawn.at + drawn.latency * interval '1 millisecond', drawn.latency, drawn.latency / 8,
    drawn.n % 900 * 0.0000125, drawn.n % 700, drawn.n % 500,
    CASE WHEN drawn.n % 40 = 0 THEN (ARRAY['timeout','rate_limited','overloaded','bad_answer'])[1 + drawn.n / 40 % 4] END,
    CASE WHEN drawn.n % 40 = 0 THEN 'It did not answer in time.' END, o.configuration->>'model'
  FROM (
    SELECT n::integer, now() - random() * make_interval(days => $2) AS at,
      least(120000, round(2000 * exp(0.8 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))))::integer AS latency,
      floor(exp(random() * ln(200)))::integer AS place
    FROM generate_series(1, $1::integer) AS n
  ) drawn
  JOIN (
    SELECT id, row_number() OVER (ORDER BY name) AS place FROM prompt_template WHERE name LIKE $3 || '%'
  ) p ON p.place = drawn.place
  JOIN (
    SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS originals FROM generated_content
  ) o ON o.place = drawn.n % o.originals
  ORDER BY drawn.at`

const ATTEMPTS = `INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id,
    configuration_name, provider, model, status, latency_ms, started_at, finished_at, settled_at)
  SELECT g.id, g.workspace_id, g.id, 1, g.configuration_id, g.configuration->>'name',
    g.configuration->>'provider', g.model, g.status, g.latency_ms, g.started_at, g.finished_at, g.finished_at
  FROM generated_content g WHERE g.run_id IS NULL`
