import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteCategory } from '../categories/operations/delete-category.ts'
import { encodeCursor } from '../cursor.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import {
  makeCategory,
  makeColleague,
  makeOtherWorkspace,
  makePrompt,
  viewerOf,
} from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { listAudit } from './operations/list-audit.ts'
import { AuditEvent, type AuditQuery } from './schema.ts'

let app: TestRuntime
let colleagueId: string
let promptId: string
beforeAll(async () => {
  app = await testRuntime()
  await makeCategory(app.actor(), { slug: 'gone' })
  await deleteCategory(app.actor(), { slug: 'gone' })
  await makeCategory(app.actor(), { slug: 'kept' })
  const prompt = await makePrompt(app.actor(), { name: 'first' })
  promptId = prompt.id
  await patchPrompt(app.actor(), { current_name: 'first', name: 'second', if_match: prompt.etag })
  const colleague = await makeColleague(app.actor())
  colleagueId = colleague.id
  await makePrompt(colleague, { name: 'theirs' })
})
afterAll(() => app.close())

const list = (query: AuditQuery = {}) => listAudit(app.actor(), query)
const told = async (query: AuditQuery = {}) =>
  (await list(query)).items.map((event) => `${event.action} ${event.target.name}`)

const ALL = [
  'prompt.create theirs',
  'prompt.update second',
  'prompt.create first',
  'category.create kept',
  'category.delete gone',
  'category.create gone',
]

describe('listAudit', () => {
  it('tells every change, newest first, with who, what, before and after', async () => {
    expect(await told()).toEqual(ALL)
    const { items } = await list({ limit: 2 })
    expect(AuditEvent.parse(items[1])).toEqual(items[1])
    expect(items[0]).toMatchObject({
      actor: { id: colleagueId, kind: 'person', display: 'Colleague' },
      before: null,
    })
    expect(items[1]).toMatchObject({ target: { kind: 'prompt', id: promptId, name: 'second' }, revision: 5 })
  })

  it('pages through all of it once', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await list({ limit: 1, cursor })
      seen.push(...page.items.map((event) => `${event.action} ${event.target.name}`))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(ALL)
  })

  it('filters by actor, action, target and time', async () => {
    expect(await told({ actor: colleagueId })).toEqual(['prompt.create theirs'])
    expect(await told({ action: 'category.create' })).toEqual([
      'category.create kept',
      'category.create gone',
    ])
    // By its newest name, by an alias, by id: the whole history of the prompt.
    for (const target of ['second', 'first', promptId])
      expect(await told({ target })).toEqual(ALL.slice(1, 3))
    expect(await told({ target: 'gone' })).toEqual(ALL.slice(4))
    expect(await told({ target: 'unknown' })).toEqual([])
    const [newest] = (await list({ limit: 1 })).items
    const at = newest?.occurred_at ?? ''
    expect((await told({ from: at }))[0]).toBe(ALL[0])
    expect(await told({ to: at })).not.toContain(ALL[0])
  })

  it('refuses a foreign cursor, an empty span and who may not read it', async () => {
    const { next_cursor } = await list({ limit: 1 })
    await expect(list({ cursor: next_cursor ?? '', action: 'prompt.create' })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    const time = new Date().toISOString()
    await expect(list({ from: time, to: time })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(listAudit(viewerOf(app.actor()), {})).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('refuses a made-up cursor whose time no database takes', async () => {
    const id = '018f0000-0000-7000-8000-000000000000'
    for (const time of ['0000-01-01T00:00:00.000Z', `2026-01-01T00:00:00.${'1'.repeat(200)}Z`]) {
      const cursor = encodeCursor({ list: 'audit' }, [time, id])
      await expect(list({ cursor })).rejects.toMatchObject({ code: 'invalid_input' })
    }
    const cursor = encodeCursor({ list: 'audit' }, ['2999-01-01T00:00:00.000Z', id])
    expect((await list({ cursor })).items.length).toBeGreaterThan(0)
  })

  it('reads times with offsets that PostgreSQL does not know', async () => {
    expect(await told({ from: '2020-01-01T00:00:00-23:00', to: '2900-01-01T00:00:00+23:59' })).toEqual(ALL)
  })

  it('keeps workspaces apart', async () => {
    const other = await makeOtherWorkspace()
    expect((await listAudit(other, {})).items).toEqual([])
    expect((await listAudit(other, { target: promptId })).items).toEqual([])
  })
})
