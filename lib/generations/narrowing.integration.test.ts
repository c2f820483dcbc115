import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { setJobSender } from '../jobs.ts'
import {
  makeCategory,
  makeColleague,
  makeOtherWorkspace,
  makePrompt,
  pinnedTo,
  viewerOf,
} from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { countFacets } from './operations/count-facets.ts'
import { listGenerations } from './operations/list-generations.ts'
import { readUsual } from './operations/read-usual.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { totalGenerations } from './operations/total-generations.ts'
import type { NarrowedGenerations } from './schema.ts'
import { GENERATION_STATUSES, type GenerationStatus } from './status.ts'

/** Rows of all kinds, some of them at the same moment. */
const ROWS = 400
/** Within the year that tells what is usual. */
const FIRST = new Date().setUTCHours(0, 0, 0, 0) - 90 * 86_400_000
const PROMPTS = ['alpha', 'beta'] as const
const CONFIGURATIONS = ['fast', 'slow'] as const
const MODELS = ['m-1', 'm-2', 'm-3'] as const
/** Of the first prompt; the other one has none. */
const CATEGORY = 'shelf'
const ERRORS = ['timeout', 'rate_limited'] as const

interface Row {
  id: string
  prompt: string
  configuration: string
  version: number
  label: string | null
  status: GenerationStatus
  model: string
  error: string | null
  client: string | null
  author: string
  at: number
  latency: number | null
  first: number | null
  cost: number | null
  input: number | null
  output: number | null
}

let app: TestRuntime
let actor: Actor
let colleague: Actor
const rows: Row[] = []

beforeAll(async () => {
  app = await testRuntime({ limits: { generation_usual_days: 365 } })
  actor = app.actor()
  colleague = await makeColleague(actor, 'Ada')
  setJobSender({ send: () => Promise.resolve() })
  for (const name of CONFIGURATIONS)
    await createConfiguration(actor, { name, provider: 'echo', model: 'echo-fast' })
  await makeCategory(actor, { slug: CATEGORY, name: 'A shelf' })
  const originals = new Map<string, string>()
  for (const name of PROMPTS) {
    await makePrompt(actor, { name, ...(name === 'alpha' && { category: CATEGORY }) })
    for (const configuration of CONFIGURATIONS) {
      const made = await requestGeneration(actor, {
        prompt: name,
        configuration,
        variables: { who: 'Ada' },
      })
      originals.set(`${name} ${configuration}`, made.id)
    }
  }
  // Versions and labels of generations are facts of their own: rows of versions that there are not do as well.
  const pick = <T>(n: number, values: readonly T[]) => values[n % values.length] as T
  for (let n = 0; n < ROWS; n += 1) {
    const status = pick(n * 7, GENERATION_STATUSES)
    const hasEnded = status === 'succeeded' || status === 'failed' || status === 'cancelled'
    rows.push({
      id: `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`,
      prompt: pick(n, PROMPTS),
      configuration: pick(n >> 1, CONFIGURATIONS),
      version: 1,
      label: pick(n >> 2, ['production', 'staging', null]),
      status,
      model: pick(n * 5, MODELS),
      error: status === 'failed' ? pick(n >> 3, ERRORS) : null,
      client: pick(n * 3, ['editor', 'agent', '', null, 'editor']),
      author: pick(n >> 4, [actor.id, colleague.id]),
      at: FIRST + Math.floor(n / 3) * 3_600_000,
      latency: hasEnded ? (n * 37) % 5_000 : null,
      first: hasEnded ? (n * 11) % 700 : null,
      cost: hasEnded && n % 4 > 0 ? ((n * 13) % 100) / 1_000 : null,
      input: hasEnded ? (n * 3) % 90 : null,
      output: hasEnded ? (n * 17) % 400 : null,
    })
  }
  await app.runtime.database.primary.pool.query('DELETE FROM generation_attempt WHERE workspace_id = $1', [
    app.identity.workspaceId,
  ])
  await app.runtime.database.primary.pool.query(
    `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables, messages,
       configuration_id, configuration, queue, status, text, created_by, created_at, started_at, finished_at,
       latency_ms, first_token_ms, cost, input_tokens, output_tokens, error_code, model, client_name)
     SELECT r.id, g.workspace_id, g.prompt_id, r.version, r.label, g.checksum, g.variables, g.messages,
       g.configuration_id, g.configuration, g.queue, r.status, 'text', r.author, to_timestamp(r.at / 1000.0),
       CASE WHEN r.latency IS NOT NULL THEN to_timestamp(r.at / 1000.0) + interval '20 milliseconds' END,
       CASE WHEN r.latency IS NOT NULL THEN to_timestamp(r.at / 1000.0) + interval '1 minute' END,
       r.latency, r.first, r.cost, r.input, r.output, r.error, r.model, r.client
     FROM json_to_recordset($1) AS r (id uuid, original uuid, version integer, label text, status text, author uuid,
       at float8, latency integer, first integer, cost numeric, input integer, output integer, error text, model text, client text)
     JOIN generated_content g ON g.workspace_id = $2 AND g.id = r.original`,
    [
      JSON.stringify(
        rows.map((row) => ({ ...row, original: originals.get(`${row.prompt} ${row.configuration}`) })),
      ),
      app.identity.workspaceId,
    ],
  )
  await app.runtime.database.primary.pool.query(
    `DELETE FROM generated_content WHERE workspace_id = $1 AND id = ANY ($2)`,
    [app.identity.workspaceId, [...originals.values()]],
  )
})
afterAll(() => app.close())

/** The rows that filters leave, counted by hand. */
function left(asked: NarrowedGenerations): Row[] {
  const above = (value: number | null, least: number | undefined) =>
    least === undefined || (value !== null && value >= least)
  const below = (value: number | null, most: number | undefined) =>
    most === undefined || (value !== null && value <= most)
  const same = <T>(value: T, wanted: T | undefined) => wanted === undefined || value === wanted
  return rows.filter(
    (row) =>
      same(row.status, asked.status) &&
      same(row.prompt, asked.prompt) &&
      same(row.version, asked.version) &&
      same(row.label, asked.label) &&
      same(row.configuration, asked.configuration) &&
      same(row.model, asked.model) &&
      same(row.error, asked.error) &&
      same(row.author, asked.author) &&
      same(row.client ?? '', asked.client) &&
      same(row.prompt === 'alpha' ? CATEGORY : '', asked.category) &&
      above(row.latency, asked.latency_ms_min) &&
      below(row.latency, asked.latency_ms_max) &&
      above(row.cost, asked.cost_min) &&
      below(row.cost, asked.cost_max) &&
      (asked.from === undefined || row.at >= Date.parse(asked.from)) &&
      (asked.to === undefined || row.at < Date.parse(asked.to)),
  )
}

/** Filters as people put them together: mostly one or two, now and then all that there are. */
const narrowings = fc
  .record(
    {
      status: fc.constantFrom(...GENERATION_STATUSES),
      prompt: fc.constantFrom(...PROMPTS),
      label: fc.constantFrom('production', 'staging'),
      configuration: fc.constantFrom(...CONFIGURATIONS),
      model: fc.constantFrom(...MODELS),
      error: fc.constantFrom(...ERRORS),
      client: fc.constantFrom('editor', 'agent', '', 'nobody'),
      category: fc.constantFrom(CATEGORY, '', 'no-such-category'),
      isOwn: fc.boolean(),
      latency: fc.tuple(fc.nat(5_000), fc.nat(5_000)),
      cost: fc.tuple(fc.nat(100), fc.nat(100)),
      hours: fc.tuple(fc.nat(140), fc.integer({ min: 1, max: 140 })),
    },
    { requiredKeys: [] },
  )
  .map(({ isOwn, latency, cost, hours, ...same }) => ({
    ...same,
    ...(isOwn !== undefined && { author: isOwn ? actor.id : colleague.id }),
    ...(latency && { latency_ms_min: Math.min(...latency), latency_ms_max: Math.max(...latency) }),
    ...(cost && { cost_min: Math.min(...cost) / 1_000, cost_max: Math.max(...cost) / 1_000 }),
    ...(hours && {
      from: new Date(FIRST + hours[0] * 3_600_000).toISOString(),
      to: new Date(FIRST + (hours[0] + hours[1]) * 3_600_000).toISOString(),
    }),
  }))

const sum = (found: readonly Row[], figure: (row: Row) => number | null) =>
  found.reduce((all, row) => all + (figure(row) ?? 0), 0)

describe('whatever generations are narrowed by', () => {
  it('the list, its sums and its facets are those of a count by hand', async () => {
    await fc.assert(
      fc.asyncProperty(narrowings, async (asked: NarrowedGenerations) => {
        const found = left(asked)
        const { items } = await listGenerations(actor, { ...asked, limit: 200 })
        const ordered = found.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        expect(items.map(({ id }) => id)).toEqual(ordered.slice(0, 200).map(({ id }) => id))
        const totals = await totalGenerations(actor, asked)
        expect(totals).toMatchObject({
          count: found.length,
          input_tokens: sum(found, ({ input }) => input),
          output_tokens: sum(found, ({ output }) => output),
        })
        for (const status of GENERATION_STATUSES)
          expect(totals.counts[status]).toBe(found.filter((row) => row.status === status).length)
        expect(totals.cost === null).toBe(found.every(({ cost }) => cost === null))
        expect(totals.cost ?? 0).toBeCloseTo(
          sum(found, ({ cost }) => cost),
          9,
        )
        const facets = await countFacets(actor, asked)
        expect(facets.looked_at).toBe(found.length)
        for (const { value, count } of facets.models)
          expect(count).toBe(found.filter(({ model }) => model === value).length)
        for (const { value, count } of facets.clients)
          expect(count).toBe(found.filter(({ client }) => client === value).length)
        const ofCategory = found.filter(({ prompt }) => prompt === 'alpha').length
        expect(facets.categories).toEqual(
          ofCategory === 0 ? [] : [{ value: CATEGORY, name: 'A shelf', count: ofCategory }],
        )
        expect(facets.errors.reduce((all, { count }) => all + count, 0)).toBe(
          found.filter(({ error }) => error !== null).length,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('a row tells its queue and its speed', async () => {
    const { items } = await listGenerations(actor, { status: 'succeeded', sort: '-tokens_per_second' })
    const [first] = items
    const row = rows.find(({ id }) => id === first?.id)
    expect(first?.queue_ms).toBe(20)
    expect(first?.tokens_per_second).toBeCloseTo(
      ((row?.output ?? 0) * 1_000) / ((row?.latency ?? 0) - (row?.first ?? 0)),
      2,
    )
  })

  it('people in facets have their names, versions are those of one prompt', async () => {
    const all = await countFacets(actor, {})
    expect(all.authors).toContainEqual({ value: colleague.id, name: 'Ada', count: expect.any(Number) })
    expect(all.versions).toEqual([])
    const { versions } = await countFacets(actor, { prompt: 'alpha' })
    expect(versions).toEqual([{ value: '1', name: '1', count: left({ prompt: 'alpha' }).length }])
  })

  it('nothing is left of ranges without anything, and everything of a huge one', async () => {
    const none = { from: '1970-01-01T00:00:00Z', to: '1970-01-02T00:00:00Z' }
    expect(await totalGenerations(actor, none)).toMatchObject({ count: 0, cost: null, input_tokens: 0 })
    expect((await listGenerations(actor, none)).items).toEqual([])
    const all = { from: '1970-01-01T00:00:00Z', to: '2999-01-01T00:00:00Z' }
    expect((await totalGenerations(actor, all)).count).toBe(ROWS)
  })

  it.each([
    [{ version: 2 }, 'version'],
    [{ latency_ms_min: 2, latency_ms_max: 1 }, 'latency_ms_min'],
    [{ cost_min: 0.2, cost_max: 0.1 }, 'cost_min'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'],
  ])('%j makes no sense, and says which field', async (asked, field) => {
    for (const work of [listGenerations, totalGenerations, countFacets])
      expect(await refusal(work(actor, asked))).toMatchObject({
        code: 'invalid_input',
        details: [{ path: [field] }],
      })
  })

  it('a pin shows its label alone, another workspace nothing, and who may not read is refused', async () => {
    const pinned = pinnedTo(actor, 'staging')
    const own = left({ label: 'staging' }).length
    expect((await totalGenerations(pinned, {})).count).toBe(own)
    expect((await totalGenerations(pinned, { label: 'production' })).count).toBe(0)
    expect((await countFacets(pinned, {})).labels).toEqual([
      { value: 'staging', name: 'staging', count: own },
    ])
    const other = await makeOtherWorkspace()
    expect((await totalGenerations(other, {})).count).toBe(0)
    expect((await readUsual(other, {})).items).toEqual([])
    for (const work of [totalGenerations, countFacets, readUsual])
      expect(await refusal(work(viewerOf(actor), {}))).toMatchObject({ code: 'forbidden' })
  })
})

describe('what is usual of a configuration', () => {
  it('is the middle of its last answers', async () => {
    const { days, items } = await readUsual(actor, {})
    expect(days).toBe(365)
    expect(items.map(({ configuration }) => configuration)).toEqual([...CONFIGURATIONS])
    for (const configuration of CONFIGURATIONS) {
      const answers = left({ configuration, status: 'succeeded' })
      const middle = (figure: (row: Row) => number | null) => {
        const known = answers.flatMap((row) => figure(row) ?? []).toSorted((a, b) => a - b)
        const half = (known.length - 1) / 2
        return ((known[Math.floor(half)] ?? 0) + (known[Math.ceil(half)] ?? 0)) / 2
      }
      const [alone] = (await readUsual(actor, { configuration })).items
      expect(alone).toEqual(items.find((item) => item.configuration === configuration))
      expect(alone).toMatchObject({
        count: answers.length,
        latency_ms: middle(({ latency }) => latency),
        first_token_ms: middle(({ first }) => first),
        queue_ms: 20,
      })
      expect(alone?.cost).toBeCloseTo(
        middle(({ cost }) => cost),
        9,
      )
    }
  })

  it('counts nothing that is too old, and knows no configuration that there is not', async () => {
    app.runtime.config.limits.generation_usual_days = 1
    expect((await readUsual(actor, {})).items).toEqual([])
    expect(await refusal(readUsual(actor, { configuration: 'nobody' }))).toMatchObject({ code: 'not_found' })
  })
})

describe('generations of a configuration that was deleted', () => {
  it('are still found by what it was called', async () => {
    const sql = (text: string) => app.runtime.database.primary.pool.query(text)
    await sql(`DELETE FROM ai_configuration WHERE name = 'slow'`)
    for (const asked of [{ configuration: 'slow' }, { configuration: 'slow', status: 'failed' } as const])
      expect((await totalGenerations(actor, asked)).count).toBe(left(asked).length)
    const { items } = await listGenerations(actor, { configuration: 'slow', limit: 200 })
    expect(items.map(({ id }) => id).toSorted()).toEqual(left({ configuration: 'slow' }).map(({ id }) => id))
    expect((await countFacets(actor, { configuration: 'slow' })).looked_at).toBe(items.length)
    expect((await totalGenerations(actor, { configuration: 'fast' })).count).toBe(
      left({ configuration: 'fast' }).length,
    )
    expect(await refusal(listGenerations(actor, { configuration: 'nobody' }))).toMatchObject({
      code: 'not_found',
    })
  })
})
