import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { newId } from '../../id.ts'
import { withClient } from '../../testing/database.ts'
import { makeColleague, makePrompt } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { emptyUsage, pendingUse } from '../../testing/usage.ts'
import { getStats } from '../operations/get-stats.ts'
import type { PendingUsage } from '../recording/record.ts'
import { writeUsage } from '../recording/write-usage.ts'
import { rollUpUsage } from '../sums/roll-up.ts'

/* Rankings say what a recount of the single uses says, whichever days have lists, and however short these are. */

const START = Date.parse('2026-01-20T05:00:00Z')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const RUNS = 15

let app: TestRuntime
let pool: Pool
let actors: Actor[]
let prompts: { id: string; name: string }[]

beforeAll(async () => {
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000 } })
  pool = app.runtime.database.primary.pool
  actors = [app.actor(), await makeColleague(app.actor(), 'A colleague')]
  prompts = []
  for (const name of ['alpha', 'beta', 'gamma', 'delta', 'idle']) {
    const { id } = await makePrompt(app.actor(), { name })
    prompts.push({ id, name })
  }
})
afterAll(() => app.close())

const USE = fc.record({
  hours: fc.integer({ min: 0, max: 75 * 24 }),
  who: fc.nat({ max: 1 }),
  prompt: fc.nat({ max: 3 }),
  version_number: fc.constantFrom(1, 2),
  surface: fc.constantFrom('mcp' as const, 'rest' as const),
  client_name: fc.constantFrom('editor', null),
})
const QUESTION = fc.record({
  from: fc.integer({ min: -24, max: 60 * 24 }),
  length: fc.integer({ min: 1, max: 80 * 24 }),
  surface: fc.constantFrom(undefined, 'mcp' as const),
  client: fc.constantFrom(undefined, 'editor', ''),
  limit: fc.integer({ min: 1, max: 4 }),
})
const CASE = fc.record({
  uses: fc.array(USE, { minLength: 1, maxLength: 60 }),
  late: fc.array(USE, { maxLength: 3 }),
  /** So many hours later the rest is summed up. */
  rolledAgain: fc.option(fc.integer({ min: 0, max: 60 })),
  /** Hours up to which there are sums: of days, and of the hours after the last of them. */
  rolled: fc.integer({ min: 0, max: 80 * 24 }),
  /** How many prompts a list has. */
  listed: fc.integer({ min: 0, max: 3 }),
  /** Each so manieth day has no list. */
  unlisted: fc.integer({ min: 2, max: 5 }),
  /** As after days of versions that know no thirds of months. */
  hasThirds: fc.boolean(),
  questions: fc.array(QUESTION, { minLength: 3, maxLength: 3 }),
})

it('ranks as a recount does, whatever is listed', async () => {
  await fc.assert(
    fc.asyncProperty(
      CASE,
      async ({ uses, late, rolledAgain, rolled, listed, unlisted, hasThirds, questions }) => {
        await emptyUsage(app.database.ownerUrl)
        const all = [...uses, ...late].map(eventOf)
        const now = new Date(START + rolled * HOUR_MS)
        await writeUsage(pool, all.slice(0, uses.length))
        await rollUpUsage(pool, now)
        // It takes back the sums of its day and all later ones.
        if (late.length > 0) await writeUsage(pool, all.slice(uses.length))
        if (rolledAgain !== null) await rollUpUsage(pool, new Date(now.getTime() + rolledAgain * HOUR_MS))
        await shorten(listed, unlisted)
        if (!hasThirds) await forgetThirds()
        for (const question of questions) {
          const { found, expected } = await compared(all, question)
          expect(found).toEqual(expected)
        }
      },
    ),
    { numRuns: RUNS },
  )
})

const asOwner = (sql: string) => withClient(app.database.ownerUrl, (client) => client.query(sql))

function forgetThirds(): Promise<unknown> {
  return asOwner('DELETE FROM usage_prompt_third; UPDATE usage_rolled SET thirds_until = NULL')
}

/** As lists of fewer prompts, and days that an older version summed up. */
async function shorten(listed: number, unlisted: number): Promise<void> {
  await asOwner(`UPDATE usage_top SET rest = coalesce(uses[${listed + 1}], rest), uses = uses[:${listed}],
    prompt_ids = prompt_ids[:${listed}]`)
  const isUnlisted = `extract(day FROM hour AT TIME ZONE 'UTC')::integer % ${unlisted} = 0`
  await asOwner(`DELETE FROM usage_top WHERE unit = 'day' AND ${isUnlisted}`)
  for (const table of ['usage_actor_day', 'usage_actor_prompt_day'])
    await asOwner(`DELETE FROM ${table} WHERE ${isUnlisted}`)
}

function eventOf({
  hours,
  who,
  prompt,
  ...rest
}: typeof USE extends fc.Arbitrary<infer Drawn> ? Drawn : never) {
  return pendingUse(actors[who] ?? app.actor(), {
    ...rest,
    id: newId(),
    occurred_at: START + hours * HOUR_MS + 1000,
    prompt_id: prompts[prompt]?.id ?? null,
  })
}

/** What is answered, beside what a recount says. */
async function compared(
  all: PendingUsage[],
  {
    from: start,
    length,
    limit,
    ...filter
  }: typeof QUESTION extends fc.Arbitrary<infer Drawn> ? Drawn : never,
): Promise<{ found: unknown; expected: unknown }> {
  const from = START + start * HOUR_MS
  const to = from + length * HOUR_MS
  const counted = (first: number, end: number) =>
    all.filter(
      (use) =>
        use.occurred_at >= first &&
        use.occurred_at < end &&
        (filter.surface === undefined || use.surface === filter.surface) &&
        (filter.client === undefined || (use.client_name ?? '') === filter.client),
    )
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  const stats = await getStats(app.actor(), { ...filter, ...span, limit, actors: 'true' })
  const [, one = app.actor()] = actors
  const own = await getStats(app.actor(), { ...filter, ...span, limit, actor: one.id })
  const uses = counted(from, to)
  const days = counted(Math.floor(from / DAY_MS) * DAY_MS, Math.ceil(to / DAY_MS) * DAY_MS)
  return {
    found: {
      total: stats.totals.uses,
      prompts: stats.by_prompt.map((row) => [row.name, row.uses]),
      versions: stats.by_version.map((row) => [row.name, row.version, row.uses]),
      people: stats.by_actor?.map((row) => [row.actor.id, row.uses]),
      own: own.by_prompt.map((row) => [row.name, row.uses]),
      unused: stats.unused.total,
      longest: stats.unused.items.map(({ name, last_used_at: at }) => [
        name,
        at === null ? 0 : Date.parse(at),
      ]),
    },
    expected: {
      total: uses.length,
      prompts: named(ranked(uses, (use) => [use.prompt_id], limit)),
      versions: named(ranked(uses, (use) => [use.prompt_id, use.version_number], limit)),
      people: ranked(days, (use) => [use.actor_id], limit),
      own: named(
        ranked(
          days.filter((use) => use.actor_id === one.id),
          (use) => [use.prompt_id],
          limit,
        ),
      ),
      ...unusedOf(all, { from, to, limit }),
    },
  }
}

const named = (rows: unknown[][]) => rows.map(([id, ...rest]) => [nameOf(id), ...rest])
const nameOf = (id: unknown) => prompts.find((prompt) => prompt.id === id)?.name ?? ''

/** The most used, by id where they are used alike; shown by name then. */
function ranked(uses: PendingUsage[], keyOf: (use: PendingUsage) => unknown[], limit: number) {
  const groups = Map.groupBy(uses, (use) => JSON.stringify(keyOf(use)))
  const rows = [...groups.entries()].map(([key, group]) => [...(JSON.parse(key) as unknown[]), group.length])
  const order = (name: (id: unknown) => string) => (a: unknown[], b: unknown[]) =>
    Number(b.at(-1)) - Number(a.at(-1)) ||
    (name(a[0]) < name(b[0]) ? -1 : name(a[0]) > name(b[0]) ? 1 : Number(a[1]) - Number(b[1]))
  const first = rows.toSorted(order(String)).slice(0, limit)
  return first.toSorted(order((id) => nameOf(id) || String(id)))
}

function unusedOf(all: PendingUsage[], { from, to, limit }: { from: number; to: number; limit: number }) {
  const unused = prompts.filter(
    ({ id }) => !all.some((use) => use.prompt_id === id && use.occurred_at >= from && use.occurred_at < to),
  )
  const lastOf = (id: string) =>
    Math.max(0, ...all.filter((use) => use.prompt_id === id).map((use) => use.occurred_at))
  // Prompts are in the order in which they were made.
  const sorted = unused.toSorted((a, b) => lastOf(a.id) - lastOf(b.id))
  return {
    unused: unused.length,
    longest: sorted.slice(0, limit).map(({ id, name }) => [name, lastOf(id)]),
  }
}
