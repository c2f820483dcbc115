import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { createConfiguration } from '../../ai/operations/create-configuration.ts'
import { loadConfiguration } from '../../ai/operations/load-configuration.ts'
import { createCategory } from '../../categories/operations/create-category.ts'
import { requestGeneration } from '../../generations/operations/request-generation.ts'
import { beginAttempt } from '../../generations/runs/begin-attempt.ts'
import { failGeneration, failUnanswered } from '../../generations/runs/fail-generation.ts'
import { finishAttempt } from '../../generations/runs/finish-attempt.ts'
import type { AttemptEnd } from '../../generations/store/attempt.ts'
import { expireGenerations } from '../../generations/sweeps/expire-generations.ts'
import { setJobSender } from '../../jobs.ts'
import { makeColleague, makePrompt } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { getSpending } from '../operations/get-spending.ts'
import { getStats } from '../operations/get-stats.ts'
import { DIMENSIONS, type Dimension } from '../rules.ts'
import type { SpendingQuery } from '../spending-schema.ts'
import { COUNT, countSpending } from './count-spending.ts'

const PROMPTS = ['alpha', 'beta', 'gamma']
const CONFIGURATIONS = ['first', 'second', 'alone']
const CLIENTS = ['editor', 'pipeline', undefined]
const HOUR_MS = 3_600_000
const DAYS = 75

let app: TestRuntime
let actors: Actor[]

beforeAll(async () => {
  app = await testRuntime({
    limits: { generations_per_minute: 100_000, generations_waiting: 10_000, generation_retention_days: DAYS },
  })
  setJobSender({ send: () => Promise.resolve() })
  const owner = app.actor()
  actors = [owner, await makeColleague(owner)]
  await createCategory(owner, { slug: 'shelf', name: 'A shelf' })
  for (const name of PROMPTS)
    await makePrompt(app.actor(), {
      name,
      category: name === 'alpha' ? 'shelf' : null,
      template_content: 'Hello',
    })
  for (const name of ['second', 'first', 'alone'])
    await createConfiguration(app.actor(), {
      name,
      provider: 'echo',
      model: name === 'alone' ? 'echo-fast' : 'echo',
      fallback: name === 'first' ? 'second' : null,
    })
})
afterAll(() => app.close())

const sql = <Row>(text: string, values: unknown[] = []) =>
  app.runtime.database.primary.pool.query<Row & object>(text, values)

/** One row as it lies in the tables, told apart as spending is. */
interface Fact {
  kind: 'attempt' | 'generation'
  at: Date
  keys: Record<Dimension, string>
  surface: string
  failed: boolean
  tokens: number
  /** Ten-billionths of a dollar. */
  cost: bigint
}

const units = (cost: string | null) => BigInt(Math.round(Number(cost ?? 0) * 1e10))

/** Reads every raw row, and nothing that was summed up. */
async function rawFacts(): Promise<Fact[]> {
  const workspace = [app.identity.workspaceId]
  const { rows: generations } = await sql<Record<string, string | null>>(
    `SELECT g.id, g.status, g.finished_at, p.name AS prompt, g.version_number, g.label, g.surface, g.client_name,
       g.created_by, coalesce(k.slug, '') AS category, g.configuration->>'name' AS configuration,
       g.configuration->>'model' AS model
     FROM generated_content g JOIN prompt_template p ON p.id = g.prompt_id LEFT JOIN category k ON k.id = p.category_id
     WHERE g.workspace_id = $1`,
    workspace,
  )
  const { rows: attempts } = await sql<Record<string, string | null>>(
    `SELECT generation_id, attempt, status, settled_at, configuration_name, model, input_tokens, output_tokens, cost
     FROM generation_attempt WHERE workspace_id = $1 ORDER BY attempt`,
    workspace,
  )
  return generations.flatMap((row) => {
    const own = attempts.filter(({ generation_id }) => generation_id === row.id)
    const common = (configuration: string | null | undefined, model: string | null | undefined) => ({
      surface: row.surface ?? '',
      keys: {
        prompt: row.prompt ?? '',
        version: `${row.prompt}@${row.version_number}`,
        label: row.label ?? '',
        configuration: configuration ?? '',
        model: model ?? '',
        category: row.category ?? '',
        client: row.client_name ?? '',
        actor: row.created_by ?? '',
      },
    })
    const facts: Fact[] = own
      .filter(({ settled_at }) => settled_at !== null)
      .map((each) => ({
        kind: 'attempt',
        at: new Date(each.settled_at ?? 0),
        ...common(each.configuration_name, each.model),
        failed: each.status === 'failed',
        tokens: Number(each.input_tokens ?? 0) + Number(each.output_tokens ?? 0),
        cost: units(each.cost ?? null),
      }))
    if (row.finished_at === null) return facts
    const answered = own.find(({ status }) => status === 'succeeded') ?? own.at(-1)
    facts.push({
      kind: 'generation',
      at: new Date(row.finished_at ?? 0),
      ...common(answered?.configuration_name ?? row.configuration, answered?.model ?? row.model),
      failed: row.status === 'failed',
      tokens: 0,
      cost: 0n,
    })
    return facts
  })
}

function recount(facts: readonly Fact[]) {
  const count = (kind: Fact['kind'], isFailed = false) =>
    facts.filter((fact) => fact.kind === kind && (fact.failed || !isFailed)).length
  return {
    generations: count('generation'),
    generations_failed: count('generation', true),
    attempts: count('attempt'),
    attempts_failed: count('attempt', true),
    tokens: facts.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: Number(facts.reduce((sum, { cost }) => sum + cost, 0n)) / 1e10,
  }
}

const hourOf = (time: Date) => Math.floor(time.getTime() / HOUR_MS) * HOUR_MS

/** Asks for spending and counts the same rows by hand. */
async function compare(query: SpendingQuery & { by: Dimension; from: string; to: string }): Promise<void> {
  const facts = (await rawFacts()).filter(
    ({ at, keys, surface }) =>
      hourOf(at) >= Date.parse(query.from) &&
      hourOf(at) < Date.parse(query.to) &&
      DIMENSIONS.every(
        (name) => name === 'version' || query[name] === undefined || keys[name] === query[name],
      ) &&
      (query.surface === undefined || surface === query.surface),
  )
  const answer = await getSpending(app.actor(), query)
  const groups = Map.groupBy(facts, ({ keys }) => keys[query.by])
  expect(answer.totals).toMatchObject(recount(facts))
  expect(answer.row_count).toBe(groups.size)
  for (const row of answer.rows) expect(row).toMatchObject(recount(groups.get(row.key) ?? []))
  const points = answer.points.reduce((sum, { attempts }) => sum + attempts, 0)
  expect(points).toBe(recount(facts).attempts)
  for (const { series, cost } of answer.points)
    expect(Object.values(series).reduce((sum, value) => sum + value, 0)).toBeCloseTo(cost, 9)
}

/** The sums of the rows that are marked. */
async function marked() {
  const { rows } = await sql(
    `SELECT (SELECT count(*) FROM generation_attempt WHERE counted)::integer AS attempts,
       (SELECT count(*) FROM generated_content WHERE counted)::integer AS generations,
       (SELECT coalesce(sum(cost), 0)::float8 FROM generation_attempt WHERE counted) AS cost`,
  )
  return rows[0]
}

const TABLES = ['hour', 'day', 'month', 'way_hour', 'way_day']

/** What each table of sums has. */
async function summed() {
  const { rows } = await sql(
    TABLES.map(
      (table) => `SELECT coalesce(sum(attempts), 0)::integer AS attempts,
        coalesce(sum(generations), 0)::integer AS generations, coalesce(sum(cost), 0)::float8 AS cost FROM spending_${table}`,
    ).join(' UNION ALL '),
  )
  return rows
}

interface Open {
  id: string
  configuration: string
  attempt?: Parameters<typeof finishAttempt>[1]['attempt']
}

const step = fc.record({
  kind: fc.constantFrom(
    'request',
    'advance',
    'advance',
    'advance',
    'lose',
    'age',
    'count',
    'count at once',
    'break off',
  ),
  pick: fc.nat(1000),
  tokens: fc.nat(5000),
  /** Ten-billionths of a dollar. */
  units: fc.option(fc.nat(30_000_000_000), { freq: 5 }),
  outcome: fc.constantFrom<AttemptEnd['status']>('succeeded', 'failed', 'failed', 'cancelled'),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function request({ pick }: Step): Promise<Open> {
  const client = CLIENTS[pick % CLIENTS.length]
  const asking = actors[pick % actors.length] ?? app.actor()
  const actor = {
    ...asking,
    request: { ...app.actor(client === undefined ? {} : { client: { name: client } }).request },
  }
  const configuration = CONFIGURATIONS[pick % CONFIGURATIONS.length] ?? 'alone'
  const { id } = await requestGeneration(actor, {
    prompt: PROMPTS[(pick >> 2) % PROMPTS.length] ?? 'alpha',
    configuration,
    ...(pick % 3 === 0 ? { version: 1 } : {}),
  })
  return { id, configuration }
}

/** Begins the next call of a generation, or ends the one that runs. @returns whether the generation goes on */
async function advance(open: Open, { outcome, tokens, units: cost, pick }: Step): Promise<boolean> {
  const actor = app.actor()
  const [configuration, fallback] = await loadConfiguration(actor, { name: open.configuration })
  if (open.attempt === undefined) {
    const begun = await beginAttempt(actor, { id: open.id, configuration })
    if (begun.kind === 'begun') open.attempt = begun.attempt
    return begun.kind === 'begun'
  }
  const { id, attempt } = open
  const used = { tokens: { input: tokens, output: pick }, cost: cost === null ? null : cost / 1e10 }
  const end: AttemptEnd = {
    status: outcome,
    isCalled: true,
    ...(pick % 4 === 0 && outcome !== 'succeeded' ? {} : { used }),
    ...(outcome === 'failed' ? { reason: { code: 'overloaded', message: 'busy' } } : {}),
    latencyMs: tokens,
  }
  await finishAttempt(actor, { id, attempt, end, text: 'Hello' })
  if (outcome !== 'failed') return false
  delete open.attempt
  if (pick % 2 === 0) return true
  if (fallback !== undefined) open.configuration = fallback.facts.name
  else await failUnanswered(actor, { id, reason: { code: 'internal', message: 'nobody answered' } })
  return fallback !== undefined
}

/** Moves what is not summed up yet to another hour. */
async function age(pick: number): Promise<void> {
  const hours = (pick * 7) % (DAYS * 24 - 48)
  for (const [table, column] of [
    ['generation_attempt', 'settled_at'],
    ['generated_content', 'finished_at'],
  ])
    await sql(
      `UPDATE ${table} SET ${column} = ${column} - make_interval(hours => $1)
       WHERE NOT counted AND ${column} > now() - interval '1 minute' AND workspace_id = $2`,
      [hours, app.identity.workspaceId],
    )
}

/** A process that dies after the statement and before its end is known. */
async function breakOff(): Promise<void> {
  const client = await app.runtime.database.primary.pool.connect()
  await client.query('BEGIN')
  await client.query(COUNT, [3])
  await client.query('ROLLBACK')
  client.release()
}

async function run(steps: readonly Step[]): Promise<void> {
  const open: Open[] = []
  for (const each of steps) {
    const { kind, pick } = each
    const [one] = open.length === 0 ? [] : open.splice(pick % open.length, 1)
    if (kind === 'count') await countSpending(1 + (pick % 3))
    if (kind === 'count at once') await Promise.all([countSpending(1), countSpending(2), countSpending()])
    if (kind === 'break off') await breakOff()
    if (kind === 'age') await age(pick)
    if (kind === 'request') open.push(await request(each))
    if (kind === 'lose' && one !== undefined) {
      await failGeneration(app.actor(), { id: one.id, reason: { code: 'lost', message: 'gone' } })
      continue
    }
    if (one !== undefined && (kind !== 'advance' || (await advance(one, each)))) open.push(one)
  }
}

const span = fc.tuple(fc.nat(DAYS * 24), fc.integer({ min: 1, max: DAYS * 24 }))

it('equals a recount of the raw rows, whatever happened, by everything that it is told apart by', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 40 }),
      span,
      fc.constantFrom(...DIMENSIONS),
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
      fc.constantFrom<Partial<SpendingQuery>>(
        {},
        { prompt: 'alpha' },
        { configuration: 'second' },
        { category: 'shelf' },
        { category: '' },
        { client: '' },
        { label: 'production' },
        { model: 'echo', surface: 'rest' },
      ),
      async (steps, [first, length], by, timezone, filter) => {
        await run(steps)
        const now = Date.now()
        const whole = { from: new Date(now - (DAYS + 1) * 24 * HOUR_MS), to: new Date(now + HOUR_MS) }
        const from = new Date(hourOf(new Date(now - (first + length) * HOUR_MS)))
        const part = { from, to: new Date(from.getTime() + length * HOUR_MS) }
        for (const each of [whole, part])
          await compare({
            by,
            timezone,
            interval: 'day',
            limit: 200,
            ...filter,
            from: each.from.toISOString(),
            to: each.to.toISOString(),
          })
        const rows = await marked()
        expect(await summed()).toEqual(TABLES.map(() => rows))
      },
    ),
    { numRuns: 25 },
  )
})

it('answers the same before and after everything is summed up, also in the other statistics', async () => {
  await run([{ kind: 'request', pick: 3, tokens: 0, units: 0, outcome: 'succeeded' }])
  const query = { from: new Date(Date.now() - DAYS * 24 * HOUR_MS).toISOString() }
  const ask = async () => {
    const { totals, rows } = await getSpending(app.actor(), { ...query, by: 'version' })
    const stats = await getStats(app.actor(), query)
    return { totals, rows, cost: stats.totals.cost, tokens: stats.totals.tokens }
  }
  const before = await ask()
  while (await countSpending());
  const { rows } = await sql(`SELECT 1 FROM generation_attempt WHERE settled_at IS NOT NULL AND NOT counted`)
  expect(rows).toEqual([])
  expect(await ask()).toEqual(before)
  expect(before).toMatchObject({ cost: before.totals.cost, tokens: before.totals.tokens })
  expect(before.totals.cost).toBeGreaterThan(0)
})

it('keeps a generation that is too old until it is summed up, and its sums after it', async () => {
  while (await countSpending());
  const { id } = await request({ kind: 'request', pick: 2, tokens: 0, units: 0, outcome: 'failed' })
  await failGeneration(app.actor(), { id, reason: { code: 'lost', message: 'gone' } })
  await sql(`UPDATE generated_content SET created_at = now() - make_interval(days => $2) WHERE id = $1`, [
    id,
    DAYS + 1,
  ])
  const query = { from: new Date(Date.now() - DAYS * 24 * HOUR_MS).toISOString() }
  const before = await getSpending(app.actor(), query)
  const isThere = async () =>
    (await sql('SELECT 1 FROM generated_content WHERE id = $1', [id])).rows.length === 1
  await expireGenerations()
  expect(await isThere()).toBe(true)
  await countSpending()
  await expireGenerations()
  expect(await isThere()).toBe(false)
  expect((await getSpending(app.actor(), query)).totals).toEqual(before.totals)
})
