import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { newId } from '../../id.ts'
import { withClient } from '../../testing/database.ts'
import { makeColleague, makePrompt } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { emptyUsage, pendingUse } from '../../testing/usage.ts'
import { listFailures } from '../operations/list-failures.ts'
import type { PendingUsage } from '../recording/record.ts'
import { writeUsage } from '../recording/write-usage.ts'
import { rollUpUsage } from '../sums/roll-up.ts'

/* The most frequent reasons are those of a recount of the single uses, whichever days have lists, and however short these are. */

const START = Date.parse('2026-01-18T05:00:00Z')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const RUNS = 12
/** Reasons are counted up to here. */
const MOST = 12

let app: TestRuntime
let pool: Pool
let actors: Actor[]
let prompts: { id: string; name: string }[]

beforeAll(async () => {
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000, usage_failure_rows: MOST } })
  pool = app.runtime.database.primary.pool
  actors = [app.actor(), await makeColleague(app.actor(), 'A colleague')]
  prompts = []
  for (const name of ['alpha', 'beta']) {
    const { id } = await makePrompt(app.actor(), { name })
    prompts.push({ id, name })
  }
})
afterAll(() => app.close())

/** Most of them alike, so that some reasons are frequent; each at a moment of its own. */
const REFUSAL = fc.record({
  hours: fc.integer({ min: 0, max: 75 * 24 }),
  who: fc.nat({ max: 1 }),
  prompt: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  version_number: fc.constantFrom(1, 2),
  surface: fc.constantFrom('mcp' as const, 'rest' as const),
  client_name: fc.constantFrom('editor', null),
  code: fc.constantFrom('missing', 'missing', 'missing', 'wrong'),
  variable: fc.constantFrom('tone', 'tone', 'who'),
})
type Refusal = typeof REFUSAL extends fc.Arbitrary<infer Drawn> ? Drawn : never

const QUESTION = fc.record({
  from: fc.integer({ min: -24, max: 60 * 24 }),
  length: fc.integer({ min: 1, max: 80 * 24 }),
  surface: fc.constantFrom(undefined, 'mcp' as const),
  client: fc.constantFrom(undefined, 'editor', ''),
  who: fc.constantFrom(undefined, 0, 1),
  prompt: fc.constantFrom(undefined, undefined, 0),
  limit: fc.integer({ min: 1, max: 4 }),
})
type Question = typeof QUESTION extends fc.Arbitrary<infer Drawn> ? Drawn : never

const CASE = fc.record({
  refusals: fc.array(REFUSAL, { minLength: 1, maxLength: 80 }),
  late: fc.array(REFUSAL, { maxLength: 3 }),
  /** So many hours later the rest is summed up. */
  rolledAgain: fc.option(fc.integer({ min: 0, max: 60 })),
  /** Hours up to which there are sums. */
  rolled: fc.integer({ min: 0, max: 80 * 24 }),
  /** How many reasons a list has. */
  listed: fc.integer({ min: 0, max: 3 }),
  /** Each so manieth day has no list. */
  unlisted: fc.integer({ min: 2, max: 5 }),
  questions: fc.array(QUESTION, { minLength: 4, maxLength: 4 }),
})

it('counts and ranks reasons as a recount does, whatever is listed', async () => {
  await fc.assert(
    fc.asyncProperty(CASE, async ({ refusals, late, rolledAgain, rolled, listed, unlisted, questions }) => {
      await emptyUsage(app.database.ownerUrl)
      const all = [...refusals, ...late].map(eventOf)
      const now = new Date(START + rolled * HOUR_MS)
      await writeUsage(pool, all.slice(0, refusals.length))
      await rollUpUsage(pool, now)
      // It takes back the lists of its day and all later ones.
      if (late.length > 0) await writeUsage(pool, all.slice(refusals.length))
      if (rolledAgain !== null) await rollUpUsage(pool, new Date(now.getTime() + rolledAgain * HOUR_MS))
      await shorten(listed, unlisted)
      for (const question of questions) {
        const { span, ...asked } = askedOf(question)
        const { items, count, more } = await listFailures(app.actor(), { ...asked, limit: question.limit })
        const expected = recount(all, question, span)
        const told = items.map(({ count: times, last_at, first_at, ...reason }) => [
          times,
          Date.parse(last_at),
          Date.parse(first_at),
          keyOf({ ...reason, client_name: reason.client, prompt: reason.prompt }),
        ])
        expect(told).toEqual(expected.slice(0, question.limit))
        expect([count, more]).toEqual([Math.min(expected.length, MOST), expected.length > MOST])
      }
    }),
    { numRuns: RUNS },
  )
})

const asOwner = (sql: string) => withClient(app.database.ownerUrl, (client) => client.query(sql))

/** As lists of fewer reasons, and days that nobody listed. */
async function shorten(listed: number, unlisted: number): Promise<void> {
  await asOwner(`UPDATE usage_failure_top SET rest = coalesce(totals[${listed + 1}], rest), totals = totals[:${listed}],
    alike = alike[:${listed}]`)
  await asOwner(`DELETE FROM usage_failure_top
    WHERE unit = 'day' AND extract(day FROM hour AT TIME ZONE 'UTC')::integer % ${unlisted} = 0`)
}

function eventOf({ hours, who, prompt, code, variable, ...rest }: Refusal, index: number): PendingUsage {
  return pendingUse(actors[who] ?? app.actor(), {
    ...rest,
    id: newId(),
    occurred_at: START + hours * HOUR_MS + index * 1000,
    prompt_id: prompts[prompt]?.id ?? null,
    outcome: 'unprocessable',
    reasons: JSON.stringify([{ code, variable }]),
  })
}

function askedOf({ from: start, length, surface, client, who, prompt }: Question) {
  const from = START + start * HOUR_MS
  const to = from + length * HOUR_MS
  const isOfActor = who !== undefined
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    surface,
    client,
    actor: isOfActor ? actors[who]?.id : undefined,
    prompt: prompt === undefined ? undefined : prompts[prompt]?.name,
    // An actor is counted from the beginning of a day on.
    span: [isOfActor ? Math.floor(from / DAY_MS) * DAY_MS : from, to],
  }
}

/** How often, the last and the first time, and why: the most frequent first. */
function recount(
  all: PendingUsage[],
  { surface, client, who, prompt }: Question,
  [from = 0, to = 0]: number[],
) {
  const counted = all.filter(
    (use) =>
      use.occurred_at >= from &&
      use.occurred_at < to &&
      (surface === undefined || use.surface === surface) &&
      (client === undefined || (use.client_name ?? '') === client) &&
      (who === undefined || use.actor_id === actors[who]?.id) &&
      (prompt === undefined || use.prompt_id === prompts[prompt]?.id),
  )
  const groups = Map.groupBy(counted, (use) => {
    const [{ code, variable }] = JSON.parse(use.reasons ?? '[]') as [{ code: string; variable: string }]
    const name = prompts.find(({ id }) => id === use.prompt_id)?.name
    return keyOf({ code, variable, prompt: name, version: use.version_number, client_name: use.client_name })
  })
  return [...groups]
    .map(([key, uses]) => {
      const times = uses.map((use) => use.occurred_at)
      return [uses.length, Math.max(...times), Math.min(...times), key] as const
    })
    .toSorted((a, b) => b[0] - a[0] || b[1] - a[1])
}

const keyOf = ({ code, variable, prompt, version, client_name: client }: Record<string, unknown>) =>
  JSON.stringify([code, variable, prompt, version, client])
