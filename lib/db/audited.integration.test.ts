import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { deleteConfiguration } from '../ai/operations/delete-configuration.ts'
import { getConfiguration } from '../ai/operations/get-configuration.ts'
import { patchConfiguration } from '../ai/operations/patch-configuration.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import { deleteCategory } from '../categories/operations/delete-category.ts'
import { mergeCategory } from '../categories/operations/merge-category.ts'
import { orderCategories } from '../categories/operations/order-categories.ts'
import { patchCategory } from '../categories/operations/patch-category.ts'
import { cancelBatch } from '../generations/operations/cancel-batch.ts'
import { cancelGeneration } from '../generations/operations/cancel-generation.ts'
import { requestBatch } from '../generations/operations/request-batch.ts'
import { requestGeneration } from '../generations/operations/request-generation.ts'
import { setJobSender } from '../jobs.ts'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { bulkPrompts } from '../prompts/operations/bulk-prompts.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { deleteLabel } from '../prompts/operations/delete-label.ts'
import { duplicatePrompt } from '../prompts/operations/duplicate-prompt.ts'
import { createExample } from '../prompts/operations/examples/create-example.ts'
import { deleteExample } from '../prompts/operations/examples/delete-example.ts'
import { replaceExample } from '../prompts/operations/examples/replace-example.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { rotateDataKey } from '../secrets/operations/rotate-data-key.ts'
import { withClient } from '../testing/database.ts'
import { makeCategory, makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

/* Where the audit row cannot be written, the change does not happen: looked for in all rows of all tables. */

let app: TestRuntime
let example: string
let batch: string
let generation: string
beforeAll(async () => {
  app = await testRuntime()
  setJobSender({ send: () => Promise.resolve() })
  for (const name of ['kept', 'archived', 'redacted', 'labelled', 'patched'])
    await makePrompt(app.actor(), { name })
  for (const slug of ['kept', 'gone', 'merged', 'patched']) await makeCategory(app.actor(), { slug })
  for (const name of ['echo', 'gone', 'patched'])
    await createConfiguration(app.actor(), { name, provider: 'echo', model: 'echo-fast' })
  await createConfiguration(app.actor(), {
    name: 'keyed',
    provider: 'openai',
    model: 'm',
    api_key: 'sk-planted-1',
  })
  example = (await createExample(app.actor(), { prompt: 'kept', name: 'One', values: { who: 'you' } })).id
  batch = (await requestBatch(app.actor(), BATCH)).id
  generation = (await requestGeneration(app.actor(), RUN)).id
  await asOwner(`CREATE FUNCTION refuse_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit log is broken'; END $$`)
})
afterAll(() => app.close())

const RUN = { prompt: 'kept', variables: { who: 'Ada' }, configuration: 'echo' }
const BATCH = { prompt: 'kept', inputs: [{ variables: { who: 'Ada' } }], configurations: ['echo'] }

const asOwner = (text: string) => withClient(app.database.ownerUrl, (client) => client.query(text))

async function etagOf(actor: Actor, name: string): Promise<{ if_match: string }> {
  return { if_match: (await getPrompt(actor, { name })).etag }
}

const CHANGES: [string, (actor: Actor) => Promise<unknown>][] = [
  ['createPrompt', (actor) => createPrompt(actor, { name: 'made', template_content: 'Hi.' })],
  ['duplicatePrompt', (actor) => duplicatePrompt(actor, { current_name: 'kept', name: 'twin' })],
  [
    'patchPrompt',
    async (actor) =>
      patchPrompt(actor, { current_name: 'patched', tags: ['x'], ...(await etagOf(actor, 'patched')) }),
  ],
  [
    'createVersion',
    async (actor) => createVersion(actor, { name: 'kept', title: 'Next', ...(await etagOf(actor, 'kept')) }),
  ],
  [
    'setLabel',
    async (actor) =>
      setLabel(actor, {
        name: 'labelled',
        label: 'staging',
        version: 1,
        ...(await etagOf(actor, 'labelled')),
      }),
  ],
  [
    'deleteLabel',
    async (actor) =>
      deleteLabel(actor, { name: 'labelled', label: 'production', ...(await etagOf(actor, 'labelled')) }),
  ],
  [
    'archivePrompt',
    async (actor) => archivePrompt(actor, { name: 'archived', ...(await etagOf(actor, 'archived')) }),
  ],
  ['bulkPrompts', (actor) => bulkPrompts(actor, { names: ['kept', 'labelled'], patch: { add_tags: ['y'] } })],
  ['createExample', (actor) => createExample(actor, { prompt: 'kept', name: 'Two', values: { who: 'me' } })],
  [
    'replaceExample',
    (actor) => replaceExample(actor, { prompt: 'kept', example, name: 'One', values: { who: 'them' } }),
  ],
  ['deleteExample', (actor) => deleteExample(actor, { name: 'kept', example })],
  ['redactVersion', (actor) => redactVersion(actor, { name: 'redacted', version: 1 })],
  ['createCategory', (actor) => createCategory(actor, { slug: 'made', name: 'Made' })],
  ['patchCategory', (actor) => patchCategory(actor, { current_slug: 'patched', name: 'Changed' })],
  [
    'orderCategories',
    (actor) => orderCategories(actor, { slugs: ['patched', 'kept', 'gone', 'merged', 'made'] }),
  ],
  ['mergeCategory', (actor) => mergeCategory(actor, { slug: 'merged', into: 'kept' })],
  ['deleteCategory', (actor) => deleteCategory(actor, { slug: 'gone' })],
  [
    'createConfiguration',
    (actor) =>
      createConfiguration(actor, { name: 'made', provider: 'openai', model: 'm', api_key: 'sk-planted-2' }),
  ],
  [
    'patchConfiguration',
    async (actor) => {
      const { etag } = await getConfiguration(actor, { name: 'patched' })
      return patchConfiguration(actor, { current_name: 'patched', temperature: 1, if_match: etag })
    },
  ],
  [
    'deleteConfiguration',
    async (actor) => {
      const { etag } = await getConfiguration(actor, { name: 'gone' })
      return deleteConfiguration(actor, { name: 'gone', if_match: etag })
    },
  ],
  ['requestBatch', (actor) => requestBatch(actor, BATCH)],
  ['cancelBatch', (actor) => cancelBatch(actor, { id: batch })],
  ['cancelGeneration', (actor) => cancelGeneration(actor, { id: generation })],
  ['rotateDataKey', (actor) => rotateDataKey(actor, {})],
]

/** Everything that is stored, as one text for each table. */
async function stored(): Promise<Record<string, string>> {
  return withClient(app.database.ownerUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition ORDER BY relname`,
    )
    const found: Record<string, string> = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ all: string }>(
        `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS all FROM ${name} t`,
      )
      found[name] = rows[0]?.all ?? ''
    }
    return found
  })
}

const countAudit = async () => (await stored()).audit_event

describe('without its audit row', () => {
  it.each(CHANGES)('%s changes nothing, and with it all goes on', async (_name, work) => {
    const before = await stored()
    await asOwner(
      'CREATE TRIGGER refuse_audit BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_audit()',
    )
    try {
      await expect(work(app.actor())).rejects.toThrow('the audit log is broken')
      expect(await stored()).toEqual(before)
    } finally {
      await asOwner('DROP TRIGGER refuse_audit ON audit_event')
    }
    const audited = await countAudit()
    await work(app.actor())
    expect(await countAudit()).not.toBe(audited)
  })
})

it('case 30: no key that was stored stands anywhere in the database or its audit log', async () => {
  const found = await withClient(app.database.ownerUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    )
    const hits: string[] = []
    for (const { name } of tables) {
      const { rowCount } = await client.query(`SELECT FROM ${name} t WHERE t::text LIKE '%planted-%' LIMIT 1`)
      if ((rowCount ?? 0) > 0) hits.push(name)
      const hex = await client.query(
        `SELECT FROM ${name} t WHERE t::text LIKE '%' || encode('planted-', 'hex') || '%' LIMIT 1`,
      )
      if ((hex.rowCount ?? 0) > 0) hits.push(`${name} (hex)`)
    }
    return hits
  })
  expect(found).toEqual([])
})
