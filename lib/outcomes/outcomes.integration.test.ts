import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { isAppError } from '../errors.ts'
import { getGeneration } from '../generations/operations/get-generation.ts'
import { requestGeneration } from '../generations/operations/request-generation.ts'
import { setJobSender } from '../jobs.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { setRuntime } from '../runtime.ts'
import { readDownload } from '../testing/download.ts'
import { makeColleague, makeOtherWorkspace, makePrompt, pinnedTo } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { uniqueName } from '../testing/rows.ts'
import { actorLike, type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { expireOutcomes } from './expire-outcomes.ts'
import { exportOutcomes } from './operations/export-outcomes.ts'
import { getQuality } from './operations/get-quality.ts'
import { listOutcomes } from './operations/list-outcomes.ts'
import { reportOutcome } from './operations/report-outcome.ts'
import { withdrawOutcome } from './operations/withdraw-outcome.ts'
import type { ReportOutcomeInput } from './schema.ts'

const LIMITS = { outcome_note_length: 100, outcome_metadata_bytes: 100, outcome_changes: 3 }
const DAY_MS = 86_400_000

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: LIMITS })
  setJobSender({ send: () => Promise.resolve() })
  await createConfiguration(app.actor(), { name: 'echo', provider: 'echo', model: 'echo-fast' })
})
afterAll(() => app.close())

const owner = () => app.actor()
const again = (actor: Actor): Actor => ({ ...actor, request: testRequest() })
const query = async (text: string, values: unknown[] = []) =>
  (await app.runtime.database.primary.pool.query(text, values)).rows

async function receiptOf(name: string, actor = owner(), choice = {}): Promise<string> {
  return (await renderPrompt(actor, { name, variables: { who: 'you' }, ...choice })).receipt
}

const report = (receipt: string, told: Partial<ReportOutcomeInput> = {}, actor = owner()) =>
  reportOutcome(again(actor), { receipt, outcome: 'success', ...told })

async function aPrompt(): Promise<string> {
  return (await makePrompt(owner(), { name: uniqueName('judged_') })).name
}

const quality = async (name: string, filter = {}) => (await getQuality(owner(), { name, ...filter })).versions

/** The sums as they are, and as a count of the rows makes them. */
async function sums(): Promise<unknown[][]> {
  const columns = 'prompt_id, day, version_number, label, client_name, successes, failures, scored, score_sum'
  const kept = await query(
    `SELECT ${columns} FROM outcome_day WHERE workspace_id = $1 AND successes + failures > 0 ORDER BY 1, 2, 3, 4, 5`,
    [owner().workspaceId],
  )
  const counted = await query(
    `SELECT prompt_id, (reported_at AT TIME ZONE 'UTC')::date AS day, version_number, coalesce(label, '') AS label,
       coalesce(client_name, '') AS client_name, count(*) FILTER (WHERE outcome = 'success') AS successes,
       count(*) FILTER (WHERE outcome = 'failure') AS failures, count(score) AS scored,
       coalesce(sum(score), 0) AS score_sum
     FROM outcome WHERE workspace_id = $1 AND replaced_at IS NULL AND operation <> 'draft'
     GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`,
    [owner().workspaceId],
  )
  const plain = (rows: Record<string, unknown>[]) =>
    rows.map((row) => ({ ...row, score_sum: Number(row.score_sum) }))
  return [plain(kept), plain(counted)]
}

describe('reporting an outcome', () => {
  it('keeps it with the use that the receipt tells of', async () => {
    const name = await aPrompt()
    const receipt = await receiptOf(name)
    const metadata = { b: 1, a: ['x'] }
    const told = { outcome: 'failure', score: 0.25, note: 'Too long', metadata } as const
    const client = { name: 'agent', version: '1' }
    const answer = await reportOutcome(app.actor({ surface: 'mcp', client }), { receipt, ...told })
    expect(answer).toMatchObject({ change: 'new', ...told })
    const { items } = await listOutcomes(owner(), { prompt: name })
    expect(items).toEqual([
      expect.objectContaining({
        ...told,
        id: answer.id,
        prompt: name,
        version: 1,
        label: 'production',
        operation: 'render',
        generation: null,
        surface: 'mcp',
        client: 'agent',
        is_own: true,
        replaced_at: null,
      }),
    ])
    expect(JSON.stringify(items[0]?.metadata)).toBe(JSON.stringify(metadata))
  })

  it('told again changes nothing; another one takes its place, both on record', async () => {
    const name = await aPrompt()
    const receipt = await receiptOf(name)
    const first = await report(receipt, { score: 1 / 3 })
    expect(await report(receipt, { score: 1 / 3 })).toEqual({ ...first, change: 'unchanged' })
    const second = await report(receipt, { outcome: 'failure' })
    expect(second).toMatchObject({ change: 'replaced', outcome: 'failure' })
    expect((await listOutcomes(owner(), { prompt: name })).items.map(({ id }) => id)).toEqual([second.id])
    const all = await listOutcomes(owner(), { prompt: name, replaced: 'true' })
    expect(all.items.map(({ id, replaced_at: at }) => [id, at !== null])).toEqual([
      [second.id, false],
      [first.id, true],
    ])
    expect(await quality(name)).toMatchObject([{ reported: 1, successes: 0, failures: 1, scored: 0 }])
    expect(await refusal(reportTwice(receipt))).toMatchObject({
      code: 'too_large',
      extra: { limit: 'limits.outcome_changes' },
    })
  })

  async function reportTwice(receipt: string): Promise<void> {
    await report(receipt, { note: 'one' })
    await report(receipt, { note: 'two' })
    await report(receipt, { note: 'three' })
  }

  it('belongs to its caller: others have their own', async () => {
    const name = await aPrompt()
    const receipt = await receiptOf(name)
    const colleague = await makeColleague(owner())
    await report(receipt)
    expect(await report(receipt, { outcome: 'failure' }, colleague)).toMatchObject({ change: 'new' })
    const { items } = await listOutcomes(owner(), { prompt: name })
    expect(items.map(({ outcome, is_own: own }) => [outcome, own])).toEqual([
      ['failure', false],
      ['success', true],
    ])
  })

  it('is counted once, whoever sends it how often at the same time, at two instances', async () => {
    const name = await aPrompt()
    const receipt = await receiptOf(name)
    const colleague = await makeColleague(owner())
    const second = app.secondInstance()
    const send = async (runtime: typeof second, actor: Actor) => {
      setRuntime(runtime)
      return report(receipt, {}, actor)
    }
    try {
      const reports = await Promise.all(
        Array.from({ length: 24 }, (_, n) =>
          send(n % 2 === 0 ? app.runtime : second, n % 3 === 0 ? colleague : owner()),
        ),
      )
      expect(reports.filter(({ change }) => change === 'new')).toHaveLength(2)
      expect(new Set(reports.map(({ id }) => id)).size).toBe(2)
    } finally {
      setRuntime(app.runtime)
      await second.close()
    }
    expect(await quality(name)).toMatchObject([{ reported: 2, successes: 2 }])
  })

  it('in a race of different ones keeps one, and sums that are right', async () => {
    const name = await aPrompt()
    const receipts = await Promise.all([1, 2, 3, 4].map(() => receiptOf(name)))
    await Promise.allSettled(
      receipts.flatMap((receipt) =>
        [0.1, 0.2, 0.3].map((score, n) => report(receipt, { score, outcome: n % 2 ? 'success' : 'failure' })),
      ),
    )
    const [found] = await quality(name)
    expect(found?.reported).toBe(4)
    const [kept, counted] = await sums()
    expect(kept).toEqual(counted)
  })

  it.each([
    ['cut', (receipt: string) => receipt.slice(0, -2)],
    [
      'changed',
      (receipt: string) => `${receipt.slice(0, 60)}${receipt[60] === 'A' ? 'B' : 'A'}${receipt.slice(61)}`,
    ],
    ['made up', () => 'no-receipt'],
  ])('refuses one that is %s', async (_how, spoil) => {
    const receipt = spoil(await receiptOf(await aPrompt()))
    expect(await refusal(report(receipt))).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['receipt'], code: 'not_genuine' }],
    })
  })

  it('refuses that of another workspace in the same words as a forged one', async () => {
    const other = await makeOtherWorkspace()
    await makePrompt(other, { name: 'foreign' })
    const foreign = await refusal(report(await receiptOf('foreign', other)))
    const forged = await refusal(report('x'.repeat(119)))
    expect([foreign.code, foreign.message, foreign.details]).toEqual([
      forged.code,
      forged.message,
      forged.details,
    ])
    expect(await report(await receiptOf('foreign', other), {}, other)).toMatchObject({ change: 'new' })
  })

  it('refuses one that has expired by a code of its own, and not a day too early', async () => {
    const receipt = await receiptOf(await aPrompt())
    const other = await receiptOf(await aPrompt())
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * DAY_MS - 60_000 })
    try {
      expect(await report(receipt)).toMatchObject({ change: 'new' })
      vi.setSystemTime(Date.now() + 120_000)
      expect(await refusal(report(other))).toMatchObject({
        code: 'unprocessable',
        details: [{ code: 'expired' }],
        extra: { limit: 'limits.receipt_days' },
      })
    } finally {
      vi.useRealTimers()
    }
  })

  it.each([
    [{ note: 'x'.repeat(101) }, 'limits.outcome_note_length'],
    [{ metadata: { x: 'é'.repeat(60) } }, 'limits.outcome_metadata_bytes'],
  ])('refuses more than it may hold: %#', async (told, limit) => {
    const receipt = await receiptOf(await aPrompt())
    expect(await refusal(report(receipt, told))).toMatchObject({ code: 'too_large', extra: { limit } })
  })

  it('takes of whoever is pinned to a label the receipts of that label alone', async () => {
    const name = await aPrompt()
    const pinned = pinnedTo(owner(), 'production')
    expect(await report(await receiptOf(name, pinned), {}, pinned)).toMatchObject({ change: 'new' })
    const latest = await receiptOf(name, owner(), { label: 'latest' })
    expect((await refusal(report(latest, {}, pinned))).details).toMatchObject([{ code: 'not_genuine' }])
  })

  it('is taken back by its caller alone, and stays on record', async () => {
    const name = await aPrompt()
    const { id } = await report(await receiptOf(name))
    const colleague = await makeColleague(owner())
    expect((await refusal(withdrawOutcome(again(colleague), { id }))).code).toBe('not_found')
    await withdrawOutcome(owner(), { id })
    expect((await refusal(withdrawOutcome(owner(), { id }))).code).toBe('not_found')
    expect(await quality(name)).toEqual([])
    expect((await listOutcomes(owner(), { prompt: name, replaced: 'true' })).items).toHaveLength(1)
  })
})

describe('the receipt of a generation', () => {
  const run = (prompt: string, draft = {}) =>
    requestGeneration(owner(), { prompt, variables: { who: 'you' }, configuration: 'echo', ...draft })

  it('is always the same, and rates it', async () => {
    const name = await aPrompt()
    const { id, receipt } = await run(name)
    if (receipt === null) throw new Error('it has a receipt')
    await report(receipt)
    const { items } = await listOutcomes(owner(), { generation: id })
    expect(items).toMatchObject([{ operation: 'generation', generation: id, version: 1 }])
    expect(await getGeneration(owner(), { id })).toMatchObject({
      receipt,
      ratings: { successes: 1, failures: 0 },
    })
    expect(await quality(name)).toMatchObject([{ version: 1, reported: 1 }])
  })

  it('of a text that is no version counts for none', async () => {
    const name = await aPrompt()
    const { receipt } = await run(name, { draft: { template_content: 'Edited {{ who }}' } })
    await report(receipt ?? '')
    expect((await listOutcomes(owner(), { prompt: name })).items).toMatchObject([{ operation: 'draft' }])
    expect(await quality(name)).toEqual([])
  })

  it('lets who may read generations read what was said of one, and nothing else', async () => {
    const { id } = await run(await aPrompt())
    const reader = actorLike(owner(), { scopes: new Set(['generations:read']) })
    expect(await listOutcomes(again(reader), { generation: id })).toMatchObject({ items: [] })
    expect((await refusal(listOutcomes(again(reader), {}))).code).toBe('forbidden')
  })
})

describe('quality', () => {
  it('compares each version with the one before, and says what is too little', async () => {
    const name = await aPrompt()
    const before = await makeVersions(name)
    await tell(name, 1, 30, 15)
    await tell(name, 3, 24, 23)
    await tell(name, 4, 3, 3)
    const [third, second, first] = await quality(name)
    expect(before).toBe(4)
    expect(first).toMatchObject({ version: 1, reported: 30, successes: 15, too_few: false, difference: null })
    expect(second).toMatchObject({ version: 3, reported: 24, too_few: false, difference: { to: 1 } })
    expect(second?.difference?.low).toBeGreaterThan(0)
    expect(third).toMatchObject({ version: 4, reported: 3, too_few: true, difference: { to: 3 } })
    const at = third?.difference
    expect((at?.low ?? 0) < 0 && (at?.high ?? 0) > 0).toBe(true)
  })

  async function makeVersions(name: string): Promise<number> {
    let last = 1
    for (const text of ['Two {{ who }}', 'Three {{ who }}', 'Four {{ who }}'])
      last = (await createVersion(owner(), { name, if_match: '*', template_content: text })).version
    return last
  }

  async function tell(name: string, version: number, total: number, successes: number): Promise<void> {
    for (let n = 0; n < total; n++)
      await report(await receiptOf(name, owner(), { version }), {
        outcome: n < successes ? 'success' : 'failure',
        score: n < successes ? 0.9 : 0.2,
      })
  }

  it('is narrowed by label, client and day, and names what there is', async () => {
    const name = await aPrompt()
    const actor = app.actor({ client: { name: 'crawler' } })
    await reportOutcome(actor, { receipt: await receiptOf(name), outcome: 'success' })
    await report(await receiptOf(name, owner(), { label: 'latest' }), { outcome: 'failure' })
    expect(await quality(name, { label: 'latest' })).toMatchObject([{ reported: 1, failures: 1 }])
    expect(await quality(name, { client: 'crawler' })).toMatchObject([{ reported: 1, successes: 1 }])
    expect(await quality(name, { client: '' })).toMatchObject([{ reported: 1, failures: 1 }])
    expect(await quality(name, { to: '2026-01-01T00:00:00Z' })).toEqual([])
    expect(await getQuality(owner(), { name })).toMatchObject({
      labels: ['latest', 'production'],
      clients: ['', 'crawler'],
    })
    const wrong = refusal(
      getQuality(owner(), { name, from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }),
    )
    expect((await wrong).code).toBe('invalid_input')
    expect((await refusal(getQuality(owner(), { name: 'nobody' }))).code).toBe('not_found')
  })
})

describe('the list', () => {
  it('has every row once over its pages and in its file, and refuses a cursor of others', async () => {
    const name = await aPrompt()
    for (let n = 0; n < 5; n++)
      await report(await receiptOf(name), { outcome: n % 2 ? 'success' : 'failure', note: `=n${n}` })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listOutcomes(owner(), { prompt: name, limit: 2, cursor })
      seen.push(...page.items.map(({ note }) => note ?? ''))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['=n4', '=n3', '=n2', '=n1', '=n0'])
    const { text } = await readDownload(await exportOutcomes(owner(), { prompt: name, outcome: 'failure' }))
    const lines = text.split('\r\n')
    expect(lines).toHaveLength(5)
    // No formula.
    expect(lines[1]).toContain(",'=n4,")
    const { next_cursor: other } = await listOutcomes(owner(), { prompt: name, limit: 2 })
    const refused = await listOutcomes(owner(), { limit: 2, cursor: other ?? '' }).catch((error) => error)
    expect(isAppError(refused) && refused.code).toBe('invalid_input')
    expect((await refusal(listOutcomes(owner(), { version: 1 }))).code).toBe('invalid_input')
  })
})

describe('what is kept', () => {
  it('loses notes and metadata with the version that they are about', async () => {
    const name = await aPrompt()
    await report(await receiptOf(name), { note: 'secret', metadata: { x: 'secret' } })
    await redactVersion(owner(), { name, version: 1 })
    const { items } = await listOutcomes(owner(), { prompt: name })
    expect(items).toMatchObject([{ outcome: 'success', note: null, metadata: null }])
  })

  it('goes by its age, not before its receipt, and its sums stay', async () => {
    const name = await aPrompt()
    for (let n = 0; n < 3; n++) await report(await receiptOf(name))
    const age = (used: string, reported: string, offset: number) =>
      query(
        `UPDATE outcome SET used_at = now() - $2::interval, reported_at = now() - $3::interval
         WHERE id = (SELECT o.id FROM outcome o JOIN prompt_template p ON p.id = o.prompt_id AND p.name = $1
           ORDER BY o.id OFFSET $4 LIMIT 1)`,
        [name, used, reported, offset],
      )
    await age('400 days', '390 days', 0)
    await age('10 days', '390 days', 1)
    expect(await expireOutcomes()).toBe(false)
    expect((await listOutcomes(owner(), { prompt: name })).items).toHaveLength(2)
    expect(await quality(name)).toMatchObject([{ reported: 3 }])
  })
})
