import { afterEach, expect, it } from 'vitest'
import { type Actor, actorOf } from '#lib/access/actor.ts'
import { identify, REST_TAKES } from '#lib/access/identify.ts'
import { boot } from '#lib/boot/boot.ts'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { loadConfig } from '#lib/config/load.ts'
import { readPartitions, readTables } from '#lib/db/backup/format.ts'
import { readMigrations } from '#lib/db/migrations/files.ts'
import { migrate } from '#lib/db/migrations/migrate.ts'
import { getGeneration } from '#lib/generations/operations/get-generation.ts'
import { requestGeneration } from '#lib/generations/operations/request-generation.ts'
import { tryConfiguration } from '#lib/generations/runs/try-configuration.ts'
import { setJobSender } from '#lib/jobs.ts'
import { createVersion } from '#lib/prompts/operations/create-version.ts'
import { createExample } from '#lib/prompts/operations/examples/create-example.ts'
import { listExamples } from '#lib/prompts/operations/examples/list-examples.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import { listVersions } from '#lib/prompts/operations/list-versions.ts'
import { renderPrompt } from '#lib/prompts/operations/render-prompt.ts'
import { createRuntime, type Runtime, setRuntime } from '#lib/runtime.ts'
import { type FreshDatabase, freshDatabase, ROOT, withClient } from '#lib/testing/database.ts'
import { makeCategory, makePrompt } from '#lib/testing/factories.ts'
import { makeDoubleConfiguration } from '#lib/testing/models/generations.ts'
import { startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { testRequest } from '#lib/testing/runtime.ts'
import { getStats } from '#lib/usage/operations/get-stats.ts'
import { startUsageWriter } from '#lib/usage/recording/writer.ts'
import { withoutGuards } from '../../lib/db/without-guards.ts'

/** The migrations of the first release. */
const FIRST_RELEASE = 9

let databases: FreshDatabase[] = []
let runtime: Runtime | undefined

afterEach(async () => {
  await runtime?.close()
  setRuntime(undefined)
  for (const database of databases) await database.drop()
  databases = []
})

async function newDatabase(options: { migrated: boolean }): Promise<FreshDatabase> {
  const database = await freshDatabase(options)
  databases.push(database)
  return database
}

/** Starts the app on a database as `npm start` does, in this process. */
async function start(url: string): Promise<void> {
  await runtime?.close()
  const config = loadConfig({ DATABASE_URL: url, INCIPIT_LOG_LEVEL: 'silent' }, ROOT)
  runtime = createRuntime(config)
  setRuntime(runtime)
  setJobSender({ send: () => Promise.resolve() })
  await boot()
}

const actor = async (): Promise<Actor> =>
  actorOf(await identify({ header: () => undefined }, REST_TAKES), testRequest())

/** Something of each kind that the first release had. @returns the id of a generation */
async function fill(): Promise<string> {
  const double = await startProviderDouble()
  try {
    await makeCategory(await actor(), { slug: 'old' })
    await makePrompt(await actor(), { name: 'old-part', template_content: 'dear {{ who }}' })
    await makePrompt(await actor(), {
      name: 'old-prompt',
      category: 'old',
      tags: ['a', 'b'],
      template_content: 'Hello {% render "old-part", who: who %}.',
    })
    await createVersion(await actor(), {
      name: 'old-part',
      base_version: 1,
      template_content: 'my {{ who }}',
    })
    await createExample(await actor(), { prompt: 'old-prompt', name: 'usual', values: { who: 'Ada' } })
    const configuration = await makeDoubleConfiguration(await actor(), double)
    const { id } = await requestGeneration(await actor(), {
      prompt: 'old-prompt',
      variables: { who: 'Ada' },
      configuration: configuration.name,
    })
    await tryConfiguration(await actor(), { id, configurationId: configuration.id })
    await renderPrompt(await actor(), { name: 'old-prompt', variables: { who: 'Ada' } })
    await startUsageWriter().flush()
    return id
  } finally {
    await double.close()
  }
}

/** What somebody would look at. */
async function seen(generation: string) {
  return {
    prompt: await getPrompt(await actor(), { name: 'old-prompt' }),
    versions: await listVersions(await actor(), { name: 'old-part' }),
    examples: await listExamples(await actor(), { name: 'old-prompt' }),
    rendered: (await renderPrompt(await actor(), { name: 'old-prompt', variables: { who: 'Ada' } })).messages,
    categories: await listCategories(await actor()),
    generation: await getGeneration(await actor(), { id: generation }),
  }
}

/** Copies what both databases have columns for. @returns tables of the old one that stay empty */
async function copyRows(from: string, to: string): Promise<string[]> {
  const empty: string[] = []
  await withClient(from, (source) =>
    withClient(to, async (target) => {
      const kept = new Map((await readTables(source)).map(({ name, columns }) => [name, columns]))
      await target.query('BEGIN')
      for (const { name, parent, bound } of await readPartitions(source))
        await target.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${parent} ${bound}`)
      await withoutGuards(target, async () => {
        for (const { name, columns } of await readTables(target)) {
          const common = columns.filter((column) => kept.get(name)?.includes(column)).join(', ')
          const { rows } = await source.query<{ row: string }>(
            `SELECT row_to_json(t)::text AS row FROM (SELECT ${common} FROM ${name}) t`,
          )
          if (rows.length === 0) empty.push(name)
          await target.query(
            `INSERT INTO ${name} (${common}) SELECT ${common} FROM json_populate_recordset(NULL::${name}, $1::json)`,
            [`[${rows.map(({ row }) => row).join(',')}]`],
          )
        }
      })
      await target.query('COMMIT')
    }),
  )
  return empty
}

it('starts on the database of the first release, and everything in it is as it was', async () => {
  const current = await newDatabase({ migrated: true })
  await start(current.ownerUrl)
  const generation = await fill()
  const before = await seen(generation)
  await startUsageWriter().flush()
  const figures = await getStats(await actor(), {})

  const old = await newDatabase({ migrated: false })
  const all = (await readMigrations(ROOT)).map(({ name }) => name)
  await migrate(old.ownerUrl, ROOT, { only: all.slice(0, FIRST_RELEASE) })
  await runtime?.close()
  const empty = await copyRows(current.ownerUrl, old.ownerUrl)
  for (const kind of [
    'prompt_version',
    'version_include',
    'generated_content',
    'prompt_usage',
    'audit_event',
  ])
    expect(empty).not.toContain(kind)

  await start(old.ownerUrl)
  expect(await migrate(old.ownerUrl, ROOT)).toEqual([])
  expect((await getStats(await actor(), {})).by_prompt).toEqual(figures.by_prompt)
  expect(await seen(generation)).toEqual(before)
  await makePrompt(await actor(), {
    name: 'new-prompt',
    template_content: 'New {% render "old-part", who: "x" %}.',
  })
  expect((await renderPrompt(await actor(), { name: 'new-prompt' })).messages).toBeDefined()
})
