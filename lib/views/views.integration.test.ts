import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeMember } from '../testing/members.ts'
import { refusal } from '../testing/refusal.ts'
import { uniqueName } from '../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { deleteView } from './operations/delete-view.ts'
import { listViews } from './operations/list-views.ts'
import { saveView } from './operations/save-view.ts'
import { SaveViewInput } from './schema.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { saved_views: 3 } })
})
afterAll(() => app.close())

const view = (name: string, query = 'range=7d', shared = false) =>
  ({ page: 'usage', name, query, shared }) as const

describe('saved views', () => {
  it('keep an address under a name, and the next one under the same', async () => {
    const me = await makeMember(app.actor(), { role: 'viewer' })
    const saved = await saveView(me, view('Mine'))
    expect(saved).toMatchObject({ page: 'usage', name: 'Mine', query: 'range=7d', shared: false })
    const again = await saveView(me, view('Mine', 'range=24h'))
    expect(again).toMatchObject({ id: saved.id, query: 'range=24h' })
    expect((await listViews(me, { page: 'usage' })).items.map(({ id }) => id)).toContain(saved.id)
    expect((await listViews(me, { page: 'generations' })).items).toEqual([])
  })

  it('are one’s own, unless they are of everybody', async () => {
    const me = await makeMember(app.actor(), { role: 'editor' })
    const other = await makeMember(app.actor(), { role: 'editor' })
    const admin = await makeMember(app.actor(), { role: 'admin' })
    const name = uniqueName()
    const own = await saveView(me, view(name))
    const shared = await saveView(me, view(name, 'range=90d', true))
    expect((await listViews(other, {})).items.filter((each) => each.name === name)).toEqual([shared])
    expect(await refusal(deleteView(other, own))).toMatchObject({ code: 'not_found' })
    expect(await refusal(deleteView(other, shared))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(saveView(other, view(name, 'range=24h', true)))).toMatchObject({
      code: 'conflict',
      details: [{ path: ['name'], code: 'taken' }],
    })
    await deleteView(admin, shared)
    await deleteView(me, own)
  })

  it('are shared by those who write', async () => {
    const viewer = await makeMember(app.actor(), { role: 'viewer' })
    expect(await refusal(saveView(viewer, view('All', '', true)))).toMatchObject({ code: 'forbidden' })
  })

  it('are saved once where two save the same at once', async () => {
    const me = await makeMember(app.actor(), { role: 'editor' })
    const name = uniqueName()
    const saved = await Promise.all(['a=1', 'a=2', 'a=3'].map((query) => saveView(me, view(name, query))))
    expect(new Set(saved.map(({ id }) => id)).size).toBe(1)
  })

  it('are bounded, and are queries alone', async () => {
    const me = await makeMember(app.actor(), { role: 'editor' })
    for (const name of ['a', 'b', 'c']) await saveView(me, view(name))
    expect(await refusal(saveView(me, view('d')))).toMatchObject({
      code: 'too_large',
      extra: { limit: 'limits.saved_views' },
    })
    for (const query of ['?a', 'a#b', 'a b', 'x'.repeat(2001)])
      expect(SaveViewInput.safeParse(view('e', query)).success).toBe(false)
  })
})
