import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exportAudit } from '../audit/operations/export-audit.ts'
import { listAudit } from '../audit/operations/list-audit.ts'
import { listCategories } from '../categories/operations/list-categories.ts'
import { readChanges } from '../changes/change-log.ts'
import { viewOf } from '../changes/hub.ts'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { bulkPrompts } from '../prompts/operations/bulk-prompts.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { diffVersions } from '../prompts/operations/diff-versions.ts'
import { createExample } from '../prompts/operations/examples/create-example.ts'
import { listExamples } from '../prompts/operations/examples/list-examples.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { listLabels } from '../prompts/operations/list-labels.ts'
import { listPrompts } from '../prompts/operations/list-prompts.ts'
import { listUsedBy } from '../prompts/operations/list-used-by.ts'
import { listVersions } from '../prompts/operations/list-versions.ts'
import { listTags } from '../prompts/operations/names/list-tags.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { findPublishedTool } from '../prompts/operations/published/find-published-tool.ts'
import { listPublishedPrompts } from '../prompts/operations/published/list-published-prompts.ts'
import { listPublishedResources } from '../prompts/operations/published/list-published-resources.ts'
import { listPublishedTools } from '../prompts/operations/published/list-published-tools.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { type ListPromptsQuery, PROMPT_SORTS } from '../prompts/schema.ts'
import { readDownload } from '../testing/download.ts'
import { pinnedTo } from '../testing/factories.ts'
import { makeManyPrompts } from '../testing/many-prompts.ts'
import { readsTooMuch } from '../testing/query-plans.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { getStats } from '../usage/operations/get-stats.ts'
import { getTimeseries } from '../usage/operations/get-timeseries.ts'
import { readNotices, readRevisions } from './changes/notice-log.ts'
import { findStoredAnswer } from './idempotency.ts'

const PROMPTS = 100_000

let app: TestRuntime
let client: pg.Client
beforeAll(async () => {
  app = await testRuntime({ isAlone: true })
  const { workspaceId, ownerId } = app.identity
  await makeManyPrompts(app.database.ownerUrl, { workspaceId, actorId: ownerId, prompts: PROMPTS })
  client = new pg.Client({ connectionString: app.database.ownerUrl })
  await client.connect()
}, 300_000)
afterAll(async () => {
  await client.end()
  await app.close()
})

const tooDear = (work: () => Promise<unknown>, rowsMax: number) => readsTooMuch(client, work, rowsMax)

/** The second page of a list, which starts after a cursor. */
async function secondPage<Query extends object>(
  list: (query: Query & { cursor?: string }) => Promise<{ next_cursor: string | null }>,
  query: Query,
): Promise<unknown> {
  const { next_cursor } = await list(query)
  return list(next_cursor === null ? query : { ...query, cursor: next_cursor })
}

describe('a list of 100,000 prompts', () => {
  const list = (query: ListPromptsQuery) => listPrompts(app.actor(), query)

  it.each(PROMPT_SORTS)('sorted by %s', async (sort) => {
    expect(await tooDear(() => secondPage(list, { sort }), 1000)).toEqual([])
  })

  it.each<ListPromptsQuery>([
    { category: 'category-3', sort: '-updated_at' },
    { category: 'none' },
    { category: 'category-3', tag: 'common', label: 'production', sort: 'created_at' },
    { tag: 'rare-7', sort: '-updated_at' },
    { label: 'staging', sort: '-created_at' },
    { label: 'no-such-label' },
    { archived: 'true' },
    { archived: 'true', sort: '-updated_at' },
  ])('filtered by %j', async (query) => {
    expect(await tooDear(() => secondPage(list, query), 4000)).toEqual([])
  })

  // Words of no, one, a few and all prompts, parts of words, a name, and the longest there can be.
  const words = [
    '要約',
    '猫',
    'zebra',
    'number 4711',
    'a87f',
    'assistant',
    'ssist',
    'as',
    'prompt_000815',
    'x'.repeat(500),
  ]
  const searches = words.flatMap((q): ListPromptsQuery[] => [
    { q },
    { q, sort: '-updated_at', label: 'staging' },
    { q, tag: 'rare-7' },
  ])
  it.each(searches)('searched by %j', async (query) => {
    expect(await tooDear(() => secondPage(list, query), 16_000)).toEqual([])
  })

  it('seen by an actor that is pinned to a label', async () => {
    const pinned = pinnedTo(app.actor(), 'staging')
    expect(await tooDear(() => listPrompts(pinned, { q: 'assistant' }), 16_000)).toEqual([])
    expect(await tooDear(() => listPrompts(pinned, {}), 4000)).toEqual([])
  })
})

describe('what agents list', () => {
  it.each([
    {},
    { label: 'staging' },
    { label: 'latest' },
    { label: 'no-such-label' },
    { category: 'category-3' },
    { label: 'staging', category: 'category-3' },
  ])('for %j', async (query) => {
    for (const list of [listPublishedPrompts, listPublishedTools, listPublishedResources])
      expect(await tooDear(() => secondPage((page) => list(app.actor(), page), query), 6000)).toEqual([])
  })

  it('a tool by its name', async () => {
    expect(await tooDear(() => findPublishedTool(app.actor(), { name: 'prompt_000100' }), 50)).toEqual([])
  })
})

describe('hot reads', () => {
  it.each([
    ['get', () => getPrompt(app.actor(), { name: 'prompt_000010' })],
    ['render', () => renderPrompt(app.actor(), { name: 'prompt_000011', variables: { who: 'you' } })],
    ['a version', () => diffVersions(app.actor(), { name: 'prompt_000001', from: 1900, to: 'latest' })],
    ['labels', () => listLabels(app.actor(), { name: 'prompt_000001' })],
    ['revisions', () => readRevisions(app.runtime.database.primary.pool)],
  ])('%s', async (_name, read) => {
    expect(await tooDear(read, 60)).toEqual([])
  })

  it('versions of a prompt that has thousands', async () => {
    expect(
      await tooDear(
        () => secondPage((page) => listVersions(app.actor(), { name: 'prompt_000001', ...page }), {}),
        400,
      ),
    ).toEqual([])
  })

  it('the users of a prompt that has a thousand', async () => {
    expect(
      await tooDear(
        () => secondPage((page) => listUsedBy(app.actor(), { name: 'prompt_000001', ...page }), {}),
        6000,
      ),
    ).toEqual([])
  })

  it('changes that were missed', async () => {
    const { pool } = app.runtime.database.primary
    expect(await tooDear(() => readNotices(pool, app.identity.workspaceId, 5000, 5100), 200)).toEqual([])
    expect(await tooDear(() => readChanges(pool, viewOf(app.actor()), 5000, 5100), 400)).toEqual([])
  })

  it('a page of the list with its uses', async () => {
    expect(await tooDear(() => listPrompts(app.actor(), { usage: 'true' }), 10_000)).toEqual([])
  })

  it('the uses of one prompt over time', async () => {
    const query = { prompt: 'prompt_000042' }
    expect(await tooDear(() => getTimeseries(app.actor(), { ...query, by: 'version' }), 6000)).toEqual([])
  })
})

describe('the audit log', () => {
  const now = Date.now()
  it.each([
    {},
    { action: 'label.set' },
    { action: 'no.such' },
    { target: 'prompt_000042' },
    { target: 'gone' },
    { target: 'Local owner' },
    { action: 'label.' },
    { action: 'session.' },
    { action: 'nothing.' },
    { kind: 'prompt' },
    { kind: 'actor' },
    { kind: 'nothing' },
    { key: '000000ae-0000-7000-8000-00000000000d' },
    { key: '000000ae-0000-7000-8000-ffffffffffff' },
    { client: 'client-14' },
    { client: 'nobody' },
    { address: '10.0.7.1' },
    { address: '192.0.2.1' },
    { key: '000000ae-0000-7000-8000-00000000000d', action: 'prompt.create', kind: 'prompt' },
    { from: new Date(now - 7_200_000).toISOString(), to: new Date(now - 3_600_000).toISOString() },
  ])('filtered by %j', async (query) => {
    expect(await tooDear(() => secondPage((page) => listAudit(app.actor(), page), query), 1000)).toEqual([])
  })

  it('as a file, a part at a time', async () => {
    const read = () => exportAudit(app.actor(), { address: '10.0.7.1' }).then(readDownload)
    expect(await tooDear(read, 4000)).toEqual([])
  })

  it('filtered by actor', async () => {
    const { ownerId } = app.identity
    expect(await tooDear(() => listAudit(app.actor(), { on_behalf_of: ownerId }), 1000)).toEqual([])
    expect(
      await tooDear(() => listAudit(app.actor(), { actor: app.identity.ownerId, action: 'label.set' }), 1000),
    ).toEqual([])
  })
})

describe('the reads of changes', () => {
  it('to one prompt', async () => {
    const text = { template_content: 'Hi {{ who }} {% render "prompt_000001", who: who %}' }
    const idempotency = { route: 'createPrompt', key: 'key', bodyHash: 'hash' }
    let etag = ''
    expect(
      await tooDear(async () => {
        const created = await createPrompt(app.actor({ idempotency }), {
          name: 'changed',
          category: 'category-3',
          ...text,
        })
        const next = await createVersion(app.actor(), {
          name: 'changed',
          if_match: created.etag,
          title: 'Next',
        })
        const set = await setLabel(app.actor(), {
          name: 'changed',
          label: 'production',
          version: 2,
          if_match: next.etag,
        })
        const patched = await patchPrompt(app.actor(), {
          current_name: 'changed',
          name: 'changed_too',
          if_match: set.etag,
        })
        etag = patched.etag
        await findStoredAnswer(app.runtime.database.primary.prisma, app.actor({ idempotency }))
      }, 200),
    ).toEqual([])
    expect(
      await tooDear(() => archivePrompt(app.actor(), { name: 'changed_too', if_match: etag }), 200),
    ).toEqual([])
  })
})

describe('the reads of changes to many prompts', () => {
  it('and of their examples', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `prompt_${String(n + 500).padStart(6, '0')}`)
    const patch = { add_tags: ['many'], archived: true, category: 'category-3' }
    expect(await tooDear(() => bulkPrompts(app.actor(), { names, patch }), 3000)).toEqual([])
    const example = { prompt: 'prompt_000700', name: 'One', values: { who: 'you' } }
    expect(
      await tooDear(async () => {
        await createExample(app.actor(), example)
        await listExamples(app.actor(), { name: example.prompt })
      }, 200),
    ).toEqual([])
  })
})

describe('counts', () => {
  // They must read every prompt, or every hour of the span. Categories and tags are kept until they change.
  it('of categories, tags and usage answer within a second', async () => {
    const started = performance.now()
    await Promise.all([listCategories(app.actor()), listTags(app.actor(), {}), getStats(app.actor(), {})])
    expect(performance.now() - started).toBeLessThan(5000)
    const { pool } = app.runtime.database.primary
    const asked = [vi.spyOn(pool, 'query'), vi.spyOn(pool, 'connect')]
    await Promise.all([listCategories(app.actor()), listTags(app.actor(), {})])
    for (const spy of asked) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})
