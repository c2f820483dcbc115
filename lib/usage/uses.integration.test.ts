import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { getVersion } from '../prompts/operations/get-version.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { readDownload } from '../testing/download.ts'
import { makeColleague, makeOtherWorkspace, makePrompt } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { pendingUse } from '../testing/usage.ts'
import { expireRollUps } from './expire-usage.ts'
import { exportUses } from './operations/export-uses.ts'
import { getStats } from './operations/get-stats.ts'
import { listUses } from './operations/list-uses.ts'
import { writeUsage } from './recording/write-usage.ts'
import { startUsageWriter } from './recording/writer.ts'
import type { UsesQuery } from './use-schema.ts'

let app: TestRuntime
let etag: string

beforeAll(async () => {
  const limits = {
    usage_flush_ms: 3_600_000,
    usage_variable_sets: 6,
    usage_names: 4,
    usage_export_rows: 25,
    usage_failure_rows: 3,
  }
  app = await testRuntime({ limits, logging: { refused_values: true, refused_value_length: 10 } })
  const made = await makePrompt(app.actor(), {
    name: 'letter',
    template_content: 'Dear {{ who }}, {{ tone }}{{ end }}',
    variables: [
      { name: 'who', type: 'string', required: true },
      { name: 'tone', type: 'enum', required: true, enum: ['warm', 'cold'] },
      { name: 'end', type: 'string', required: false },
    ],
  })
  etag = made.etag
})
afterAll(() => app.close())
beforeEach(async () => {
  await startUsageWriter().flush()
  const { pool } = app.runtime.database.primary
  await pool.query('DELETE FROM prompt_usage; DELETE FROM usage_hour')
  await pool.query('DELETE FROM usage_failure_hour; DELETE FROM usage_caller_day')
})

const agent = (name = 'agent') => app.actor({ surface: 'mcp', client: { name, version: '1.0' } })
const tried = (work: Promise<unknown>) => work.catch(() => undefined)
const render = (variables: Record<string, unknown>, choice: object = {}, actor = agent()) =>
  tried(renderPrompt(actor, { name: 'letter', variables, ...choice }))

async function uses(query: UsesQuery = {}) {
  expect(await startUsageWriter().flush()).toBe(true)
  return (await listUses(app.actor(), query)).items
}
const stats = async (query: object = {}) => {
  expect(await startUsageWriter().flush()).toBe(true)
  return getStats(app.actor(), query)
}

describe('a use that fails', () => {
  it('keeps each reason with its variable, and the request', async () => {
    const actor = agent()
    await render({ tone: 'grey', tonne: 'x', end: null }, {}, actor)
    const [use] = await uses()
    expect(use).toMatchObject({
      prompt: 'letter',
      version: 1,
      label: 'production',
      outcome: 'unprocessable',
      client: 'agent',
      client_version: '1.0',
      actor: { id: actor.id, kind: 'person' },
      variables: ['tone'],
      request_id: actor.request.id,
      asked: null,
    })
    expect(use?.reasons.toSorted((a, b) => (a.code < b.code ? -1 : 1))).toEqual([
      { code: 'missing', variable: 'who' },
      { code: 'unknown', variable: 'tonne' },
      { code: 'wrong', variable: 'tone' },
    ])
  })

  it('says what could not be found, and of which prompt', async () => {
    await tried(getPrompt(agent(), { name: 'nobody' }))
    await render({}, { label: 'staging' })
    await tried(getVersion(agent(), { name: 'letter', version: 99 }))
    const found = (await uses()).map(({ prompt, asked, reasons, version, variables }) => ({
      prompt,
      asked,
      code: reasons[0]?.code,
      version,
      variables,
    }))
    const rest = { code: 'not_found', version: null, variables: null }
    expect(found.toSorted((a, b) => ((a.asked ?? '') < (b.asked ?? '') ? -1 : 1))).toEqual([
      { prompt: 'letter', asked: 'letter@99', ...rest },
      { prompt: 'letter', asked: 'letter@staging', ...rest },
      { prompt: null, asked: 'nobody', ...rest },
    ])
    expect((await stats({ prompt: 'letter' })).totals.failed).toBe(2)
    for (const asked of ['nobody', 'letter@staging'])
      expect((await uses({ asked })).map((use) => use.asked)).toEqual([asked])
  })

  it('bounds the names that callers make up', async () => {
    for (let n = 0; n < 9; n++) {
      await render({ who: 'Ann', tone: 'warm', [`made_up_${n}`]: 1 })
      await tried(getPrompt(agent(), { name: `made_up_${n}` }))
    }
    const { failures } = await stats()
    const unknown = failures.filter(({ code }) => code === 'unknown')
    const missed = failures.filter(({ code }) => code === 'not_found')
    // Names of the tests before count as well.
    expect(unknown.length).toBeLessThanOrEqual(5)
    expect(missed.length).toBeLessThanOrEqual(5)
    for (const kind of [unknown, missed]) expect(kind.reduce((sum, { count }) => sum + count, 0)).toBe(9)
    expect(unknown.find(({ variable }) => variable === null)?.count).toBeGreaterThanOrEqual(5)
  })
})

describe('the variables of a render', () => {
  it('are told by name, whatever their order, and many sets as one', async () => {
    const full = { end: 'x', who: 'Ann', tone: 'warm' }
    const { name } = await makePrompt(app.actor(), {
      name: 'sets',
      template_content: '{{ b }}{{ a }}{{ c }}',
      variables: ['b', 'a', 'c'].map((each) => ({ name: each, type: 'string', required: false })),
    })
    await render(full)
    const some = [{}, { a: 1 }, { b: 1 }, { c: 1 }, { b: 1, a: 1 }, { a: 1, c: 1 }]
    for (const given of [...some, { b: 1, c: 1 }, { a: 1, b: 1, c: 1 }, { a: 2, b: 2 }])
      await renderPrompt(agent(), { name, variables: given })
    expect((await uses({ prompt: 'letter' }))[0]?.variables).toEqual(['end', 'tone', 'who'])
    const told = (await uses({ prompt: name })).map(({ variables }) => String(variables?.join(' ')))
    expect(told.toSorted()).toEqual(['', '*', '*', 'a', 'a b', 'a b', 'a c', 'b', 'c'])
  })
})

describe('listUses', () => {
  it('filters by everything that a row tells', async () => {
    const colleague = await makeColleague(app.actor())
    await render({ who: 'Ann', tone: 'warm' })
    await render({ who: 'Ann' })
    await render({ who: 'Ann', tone: 'grey' }, { version: 1 }, agent('other'))
    await getPrompt({ ...colleague, request: { ...colleague.request, surface: 'rest' } }, { name: 'letter' })
    await tried(getPrompt(app.actor(), { name: 'nobody' }))
    const count = async (query: UsesQuery) => (await uses(query)).length
    const cases: [UsesQuery, number][] = [
      [{}, 5],
      [{ prompt: 'letter' }, 4],
      [{ prompt: 'letter', version: 1 }, 4],
      [{ label: 'production' }, 3],
      [{ surface: 'rest' }, 2],
      [{ client: 'other' }, 1],
      [{ client: '' }, 2],
      [{ actor: colleague.id }, 1],
      [{ operation: 'get' }, 2],
      [{ failed: 'true' }, 3],
      [{ failed: 'false' }, 2],
      [{ outcome: 'not_found' }, 1],
      [{ code: 'missing' }, 1],
      [{ variable: 'tone' }, 2],
      [{ code: 'wrong', variable: 'tone' }, 1],
      [{ code: 'wrong', variable: 'who' }, 0],
      [{ from: '2999-01-01T00:00:00Z' }, 0],
      [{ to: '2000-01-01T00:00:00Z' }, 0],
    ]
    for (const [query, expected] of cases) expect([query, await count(query)]).toEqual([query, expected])
  })

  it('pages through everything once, also where many have one time', async () => {
    const at = Date.now() - 5000
    const batch = Array.from({ length: 23 }, (_, n) =>
      pendingUse(app.actor(), { occurred_at: at - (n >> 3) }),
    )
    await writeUsage(app.runtime.database.primary.pool, batch)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listUses(app.actor(), { limit: 7, ...(cursor !== undefined && { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen.toSorted()).toEqual(batch.map(({ id }) => String(id)).toSorted())
    const first = await listUses(app.actor(), { limit: 7 })
    const other = listUses(app.actor(), { limit: 7, failed: 'true', cursor: first.next_cursor ?? '' })
    expect((await refusal(other)).code).toBe('invalid_input')
  })

  it('finds a client that was last seen long ago, page by page', async () => {
    const { pool } = app.runtime.database.primary
    const hour = 3_600_000
    // The second lies in another hour than the first at each minute, so that a cursor's hour has no further use.
    const rare = [1, 2, 500, 501, 900].map((hours) => {
      const failure = hours === 900 ? { outcome: 'internal', reasons: '[{"code":"internal"}]' } : {}
      return pendingUse(app.actor(), {
        client_name: 'rare',
        occurred_at: Date.now() - hours * hour,
        ...failure,
      })
    })
    await writeUsage(pool, [...rare, pendingUse(app.actor()), pendingUse(app.actor(), { client_name: null })])
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listUses(app.actor(), { client: 'rare', limit: 2, ...(cursor && { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(rare.map(({ id }) => id))
    const count = async (query: UsesQuery) => (await listUses(app.actor(), query)).items.length
    const ago = (hours: number) => new Date(Date.now() - hours * hour).toISOString()
    expect(await count({ client: 'rare', from: ago(501.5), to: ago(1.1) })).toBe(3)
    expect(await count({ client: 'rare', limit: 1, code: 'internal' })).toBe(1)
    expect(await count({ client: '' })).toBe(1)
    expect(await count({ client: 'nobody' })).toBe(0)
  })

  it('refuses what does not go together', async () => {
    const { tail } = await listUses(app.actor(), {})
    const refused = async (query: UsesQuery) => (await refusal(listUses(app.actor(), query))).details[0]?.code
    expect(await refused({ after: 'soon' })).toBe('invalid_tail')
    expect(await refused({ version: 1 })).toBe('prompt_missing')
    expect(await refused({ from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' })).toBe('invalid_range')
    expect((await refusal(listUses(app.actor(), { prompt: 'nobody' }))).code).toBe('not_found')
    const without = actorLike(app.actor(), { scopes: new Set(['prompts:read'] as const) })
    expect((await refusal(listUses(without, {}))).code).toBe('forbidden')
    expect((await refusal(exportUses(without, {}))).code).toBe('forbidden')
    expect((await refusal(exportUses(app.actor(), { after: tail }))).details[0]?.code).toBe('not_for_files')
  })

  it('is a file as well, which ends where it may', async () => {
    for (let n = 0; n < 30; n++) await render({ who: 'Ann' }, {}, agent('=cmd'))
    await uses()
    const { text } = await readDownload(await exportUses(app.actor(), {}))
    const lines = text.split('\r\n').slice(0, -1)
    expect(lines).toHaveLength(1 + 25 + 1)
    expect(lines[0]).toContain('id,occurred_at,operation,tool,prompt,version,label')
    expect(lines[1]).toContain(`,'=cmd,`)
    expect(lines[1]).toContain(',missing:tone,who,')
    const cursor = /cursor=(\S+?)(?:,|$)/.exec(lines.at(-1) ?? '')?.[1]
    const rest = await readDownload(await exportUses(app.actor(), { cursor }))
    expect(rest.text.split('\r\n')).toHaveLength(1 + 5 + 1)
  })

  it('has the same items as JSON Lines, and goes on alike', async () => {
    for (let n = 0; n < 30; n++) await render({ who: 'Ann' })
    const items = await uses({ limit: 30 })
    const read = async (query: UsesQuery) =>
      (await readDownload(await exportUses(app.actor(), { ...query, format: 'jsonl' }))).text
        .split('\n')
        .slice(0, -1)
        .map((line): unknown => JSON.parse(line))
    const lines = await read({})
    const last = lines.pop() as { export_limit: string; cursor: string }
    expect(last.export_limit).toContain('limits.usage_export_rows')
    expect([...lines, ...(await read({ cursor: last.cursor }))]).toEqual(items)
  })

  it('keeps workspaces apart', async () => {
    await render({ who: 'Ann' })
    await uses()
    const other = await makeOtherWorkspace()
    expect((await listUses(other, {})).items).toEqual([])
    expect(await getStats(other, { actors: 'true' })).toMatchObject({ failures: [], by_actor: [] })
  })
})

describe('by_actor of getStats', () => {
  it('ranks people, keys and clients when it is asked to, and filters by one', async () => {
    const colleague = await makeColleague(app.actor(), 'Anne')
    const asColleague: Actor = { ...colleague, request: agent().request }
    for (let n = 0; n < 3; n++) await render({ who: 'Ann', tone: 'warm' }, {}, asColleague)
    await render({ who: 'Ann' })
    expect(await stats()).not.toHaveProperty('by_actor')
    const { by_actor } = await stats({ actors: 'true' })
    expect(by_actor?.map(({ actor, uses: n, failed }) => [actor.display, n, failed])).toEqual([
      ['Anne', 3, 0],
      ['Local owner', 1, 1],
    ])
    const own = await stats({ actors: 'true', actor: colleague.id })
    expect(own.by_actor).toHaveLength(1)
    expect(own.totals).toMatchObject({ uses: 3, renders: 3, failed: 0, p50_ms: null })
    expect(own.by_prompt).toMatchObject([{ name: 'letter', uses: 3 }])
    const noon = new Date(Date.now() - 3 * 3_600_000).toISOString()
    expect((await stats({ actor: colleague.id, from: noon })).totals.uses).toBe(3)
  })
})

describe('upkeep', () => {
  it('deletes roll-ups that are too old, and only those', async () => {
    const { pool } = app.runtime.database.primary
    const old = Date.now() - 401 * 86_400_000
    const missing = { outcome: 'not_found', reasons: '[{"code":"not_found"}]' }
    const at = (occurred_at: number) => pendingUse(app.actor(), { ...missing, occurred_at })
    await writeUsage(pool, [at(old), at(Date.now())])
    const sums = ['usage_actor_day', 'usage_actor_prompt_day']
    for (const table of sums)
      await pool.query(
        `INSERT INTO ${table} (id, workspace_id, hour, surface, client_name, actor_id, gets, renders, tool_calls,
           failed, last_at)
         SELECT gen_random_uuid(), workspace_id, hour, surface, client_name, actor_id, gets, renders, tool_calls, failed,
           last_at FROM usage_caller_day WHERE workspace_id = $1`,
        [app.identity.workspaceId],
      )
    expect(await expireRollUps()).toBe(false)
    for (const table of ['usage_failure_hour', 'usage_caller_day', ...sums]) {
      const { rows } = await pool.query(`SELECT FROM ${table} WHERE workspace_id = $1`, [
        app.identity.workspaceId,
      ])
      expect([table, rows.length]).toEqual([table, 1])
    }
  })
})

it('a version that was released later is told apart', async () => {
  const next = await createVersion(app.actor(), {
    name: 'letter',
    template_content: 'Dear {{ who }}, {{ tone }}{{ end }}!',
    if_match: etag,
  })
  await setLabel(app.actor(), { name: 'letter', label: 'production', version: 2, if_match: next.etag })
  await render({ who: 'Ann' })
  expect((await uses())[0]).toMatchObject({ version: 2 })
})
