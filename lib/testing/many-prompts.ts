import type pg from 'pg'
import { withoutGuards } from '../db/without-guards.ts'
import { withClient } from './database.ts'

export interface ManyPrompts {
  workspaceId: string
  actorId: string
  prompts: number
}

/**
 * Fills an empty workspace with prompts `prompt_000001` …, in SQL, within seconds: twenty categories
 * `category-0` …, the tag `common` on all and `rare-0` … on a few, the label `production` on all and
 * `staging` on one of 500, one of 100 a tool, one of 50 archived. `prompt_000001` has 2,000 versions, its
 * first is included by 1,000 prompts. A text holds four of 5,000 words, and "assistant" always.
 * Besides: an audit log of one row a prompt, of 100 keys and 100 clients, and 20,000 hours of usage.
 */
export async function makeManyPrompts(url: string, options: ManyPrompts): Promise<void> {
  const { workspaceId, actorId, prompts } = options
  await withClient(url, async (client) => {
    await client.query('BEGIN')
    await client.query(
      `SELECT set_config('many.workspace', $1, true), set_config('many.actor', $2, true),
        set_config('many.prompts', $3, true), set_config('maintenance_work_mem', '256MB', true)`,
      [workspaceId, actorId, String(prompts)],
    )
    await withoutGuards(client, () =>
      withoutIndexes(client, async () => {
        for (const statement of STATEMENTS) await client.query(statement)
      }),
    )
    await client.query('COMMIT')
    for (const table of TABLES) await client.query(`VACUUM (ANALYZE) ${table}`)
  })
}

/** Indexes are made at once after the rows: several times faster than row by row. */
async function withoutIndexes(client: pg.Client, work: () => Promise<void>): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
     WHERE i.indrelid = ANY ($1::regclass[])
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)`,
    [TABLES],
  )
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`)
  await work()
  for (const { definition } of indexes) await client.query(definition)
}

const WORKSPACE = `current_setting('many.workspace')::uuid`
const ACTOR = `current_setting('many.actor')::uuid`
const EACH = `generate_series(1, current_setting('many.prompts')::integer) i`
const KINDS = { category: 'ca', prompt: 'b1', version: 'b2', audit: 'ad', key: 'ae' }
/** Made from the number, so that a row finds its neighbours without a join; ascending, as real ones are. */
const id = (kind: keyof typeof KINDS, number: string) =>
  `('000000${KINDS[kind]}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`

const TABLES = [
  'category',
  'prompt_template',
  'prompt_name',
  'prompt_version',
  'prompt_label',
  'prompt_search',
  'version_include',
  'audit_event',
  'usage_hour',
]

const STATEMENTS = [
  `INSERT INTO category (id, workspace_id, slug, name, color, position, created_by)
    SELECT ${id('category', 'i')}, ${WORKSPACE}, 'category-' || i, 'Category ' || i, '#336699', i, ${ACTOR}
    FROM generate_series(0, 19) i`,
  `INSERT INTO prompt_template (id, workspace_id, name, category_id, tags, archived_at, next_version, created_by,
      updated_by, created_at, updated_at)
    SELECT ${id('prompt', 'i')}, ${WORKSPACE}, 'prompt_' || lpad(i::text, 6, '0'),
      CASE WHEN i % 21 < 20 THEN ${id('category', 'i % 21')} END,
      CASE WHEN i % 10 = 0 THEN ARRAY['common', 'rare-' || (i / 10 % 1000)] ELSE ARRAY['common'] END,
      CASE WHEN i % 50 = 7 THEN now() END, CASE i WHEN 1 THEN 2001 ELSE 2 END, ${ACTOR}, ${ACTOR},
      now() - i * interval '1 minute', now() - (i::bigint * 7919 % 100003) * interval '1 minute' FROM ${EACH}`,
  `INSERT INTO prompt_name SELECT workspace_id, name, id, false FROM prompt_template WHERE workspace_id = ${WORKSPACE}`,
  `INSERT INTO prompt_version (id, workspace_id, prompt_id, number, kind, content, variables, title, description,
      publish_tool, checksum, checksum_v, renderer_version, created_by)
    SELECT ${id('version', 'i')}, ${WORKSPACE}, ${id('prompt', 'i')}, 1, 'text',
      '{"template_content":"Hello {{ who }}."}', '[{"name":"who","type":"string","required":true}]',
      'Title ' || i, 'Description of number ' || i, i % 100 = 0, repeat('0', 64), 1, 'liquid-1', ${ACTOR} FROM ${EACH}`,
  `INSERT INTO prompt_version (id, workspace_id, prompt_id, number, kind, content, checksum, checksum_v,
      renderer_version, created_by)
    SELECT ${id('version', '1000000 + n')}, ${WORKSPACE}, ${id('prompt', '1')}, n, 'text',
      '{"template_content":"Hello."}', repeat('0', 64), 1, 'liquid-1', ${ACTOR} FROM generate_series(2, 2000) n`,
  `INSERT INTO prompt_label (workspace_id, prompt_id, label, version_number, updated_by)
    SELECT ${WORKSPACE}, ${id('prompt', 'i')}, label, 1, ${ACTOR}
    FROM ${EACH}, unnest(CASE WHEN i % 500 = 0 THEN ARRAY['production', 'staging'] ELSE ARRAY['production'] END) label`,
  `INSERT INTO version_include (workspace_id, version_id, ref, included_version_id, included_prompt_id, depth)
    SELECT ${WORKSPACE}, ${id('version', 'i')}, 'prompt_000001@1', ${id('version', '1')},
      ${id('prompt', '1')}, 1 FROM generate_series(2, 1001) i`,
  `INSERT INTO prompt_search (workspace_id, prompt_id, name, title, description, body)
    SELECT ${WORKSPACE}, ${id('prompt', 'i')}, 'prompt_' || lpad(i::text, 6, '0'), 'Title ' || i,
      'Description of number ' || i,
      'You are an assistant. ' || array_to_string(words[i::bigint * 17 % 4900 + 1 : i::bigint * 17 % 4900 + 4], ' ')
    FROM ${EACH}, (SELECT array_agg(substr(md5(n::text), 1, 3 + n % 8)) AS words FROM generate_series(0, 4999) n) w`,
  `INSERT INTO audit_event (id, workspace_id, revision, occurred_at, actor_id, action, target_kind, target_id, target_name,
      key_id, client_id, on_behalf_of, address, surface)
    SELECT ${id('audit', 'i')}, ${WORKSPACE}, i, now() - i * interval '1 minute', ${ACTOR},
      CASE i % 10 WHEN 0 THEN 'label.set' ELSE 'prompt.create' END, 'prompt', ${id('prompt', 'i % 1000')},
      'prompt_' || lpad((i % 1000)::text, 6, '0'), CASE WHEN i % 10 = 3 THEN ${id('key', 'i % 1000')} END,
      CASE WHEN i % 10 = 4 THEN 'client-' || (i % 1000) END, CASE WHEN i % 10 IN (3, 4) THEN ${ACTOR} END,
      '10.0.' || (i % 200) || '.1', 'rest' FROM ${EACH}`,
  `UPDATE audit_event SET action = 'session.create', target_kind = 'actor', target_id = ${ACTOR}, target_name = 'Somebody'
    WHERE workspace_id = ${WORKSPACE} AND revision % 5000 = 11`,
  `INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name,
      total, failed, duration_us, bucket_numbers, bucket_counts, last_at)
    SELECT gen_random_uuid(), ${WORKSPACE}, date_trunc('hour', now()) - (i / 20) * interval '1 hour',
      ${id('prompt', 'i % 20 + 1')}, 1, 'production', 'render', 'mcp', 'client', 10, 1, 5000, '{3}', '{10}', now()
    FROM generate_series(0, 19999) i`,
  `UPDATE workspace SET revision = current_setting('many.prompts')::bigint WHERE id = ${WORKSPACE}`,
]
