import pg from 'pg'
import { withoutIndexes } from './fast-fill.ts'

/**
 * Copies a prompt many times with plain SQL: what ten thousand prompts cost to read is measured, not
 * what they cost to write. The copies are named `<name>_00001` and so on.
 * @param databaseUrl by the role that owns the tables
 */
export async function copyPrompt(databaseUrl: string, name: string, copies: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(
      `CREATE TEMP TABLE copy ON COMMIT DROP AS
       SELECT gen_random_uuid() AS id, gen_random_uuid() AS version_id, $1 || '_' || lpad(n::text, 6, '0') AS name
       FROM generate_series(1, $2::integer) AS n`,
      [name, copies],
    )
    await withoutIndexes(client, ['prompt_search'], async () => {
      for (const statement of STATEMENTS) await client.query(statement, [name])
    })
    await client.query('COMMIT')
    await client.query('ANALYZE')
  } finally {
    await client.end()
  }
}

const STATEMENTS = [
  `INSERT INTO prompt_template (id, workspace_id, name, category_id, tags, revision, next_version, created_by, updated_by)
   SELECT copy.id, base.workspace_id, copy.name, base.category_id, base.tags, 1, 2, base.created_by, base.updated_by
   FROM copy, prompt_template base WHERE base.name = $1`,
  `INSERT INTO prompt_name (workspace_id, name, prompt_id, is_alias)
   SELECT base.workspace_id, copy.name, copy.id, false FROM copy, prompt_template base WHERE base.name = $1`,
  `INSERT INTO prompt_version (id, workspace_id, prompt_id, number, kind, content, variables, config, title, description,
     publish_prompt, publish_tool, publish_skill, message, checksum, checksum_v, renderer_version, created_by)
   SELECT copy.version_id, version.workspace_id, copy.id, 1, version.kind, version.content, version.variables, version.config,
     version.title, version.description, version.publish_prompt, version.publish_tool, version.publish_skill, version.message, version.checksum,
     version.checksum_v, version.renderer_version, version.created_by
   FROM copy, prompt_template base JOIN prompt_version version ON version.prompt_id = base.id AND version.number = 1
   WHERE base.name = $1`,
  `INSERT INTO prompt_label (workspace_id, prompt_id, label, version_number, updated_by)
   SELECT base.workspace_id, copy.id, 'production', 1, base.updated_by FROM copy, prompt_template base WHERE base.name = $1`,
  `INSERT INTO prompt_search (workspace_id, prompt_id, name, title, description, body)
   SELECT search.workspace_id, copy.id, copy.name, search.title, search.description, search.body
   FROM copy, prompt_template base JOIN prompt_search search ON search.prompt_id = base.id WHERE base.name = $1`,
]
