import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase, ROOT, withClient } from '#lib/testing/database.ts'
import { compareSchema } from './compare-schema.ts'
import { readSchemaFile } from './schema-file.ts'

const models = readSchemaFile(readFileSync(join(ROOT, 'prisma', 'schema.prisma'), 'utf8'))
let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** The differences after a change to the database, which is undone. */
function differencesAfter(sql: string): Promise<string[]> {
  return withClient(database.ownerUrl, async (client) => {
    await client.query('BEGIN')
    await client.query(sql)
    const differences = await compareSchema(client, models)
    await client.query('ROLLBACK')
    return differences
  })
}

it('finds that the schema and the migrations agree', async () => {
  await expect(differencesAfter('SELECT 1')).resolves.toEqual([])
})

it.each([
  ['CREATE TABLE stray (id int)', 'The table stray has no model.'],
  ['ALTER TABLE category ADD COLUMN mood text', 'The column category.mood has no field.'],
  ['ALTER TABLE category DROP COLUMN color', 'The field category.color has no column.'],
  [
    'ALTER TABLE category ALTER COLUMN position TYPE bigint',
    'category.position is bigint, and integer in the schema.',
  ],
  [
    'ALTER TABLE category ALTER COLUMN name DROP NOT NULL',
    'category.name is nullable, unlike in the schema.',
  ],
  [
    'ALTER TABLE category DROP CONSTRAINT category_workspace_id_slug_key',
    'category (workspace_id, slug) is not unique in the database.',
  ],
  [
    'ALTER TABLE prompt_template DROP CONSTRAINT prompt_template_workspace_id_category_id_fkey',
    'prompt_template (workspace_id, category_id) has no foreign key to Category.',
  ],
])('says what %s changed', async (sql, sentence) => {
  await expect(differencesAfter(sql)).resolves.toEqual([sentence])
})
