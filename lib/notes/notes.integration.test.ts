import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePrompt } from '../testing/factories.ts'
import { makeMember } from '../testing/members.ts'
import { refusal } from '../testing/refusal.ts'
import { uniqueName } from '../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { createNote } from './operations/create-note.ts'
import { deleteNote } from './operations/delete-note.ts'
import { listNotes } from './operations/list-notes.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { usage_notes: 8 } })
})
afterAll(() => app.close())

const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`

describe('notes on the time line', () => {
  it('are listed by their time, newest first, page by page, within a span', async () => {
    for (const hour of [2, 1, 3]) await createNote(app.actor(), { text: `hour ${hour}`, at: at(hour) })
    const span = { from: at(0), to: at(23) }
    const first = await listNotes(app.actor(), { ...span, limit: 2 })
    expect(first.items.map(({ text }) => text)).toEqual(['hour 3', 'hour 2'])
    const rest = await listNotes(app.actor(), { ...span, limit: 2, cursor: first.next_cursor ?? '' })
    expect(rest).toMatchObject({ items: [{ text: 'hour 1', at: at(1), prompt: null }], next_cursor: null })
    expect((await listNotes(app.actor(), { from: at(2), to: at(3) })).items).toMatchObject([
      { text: 'hour 2' },
    ])
    expect(await refusal(listNotes(app.actor(), { from: at(3), to: at(2) }))).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['from'] }],
    })
  })

  it('are about everything or a prompt, which may be renamed', async () => {
    const { name } = await makePrompt(app.actor(), {})
    const { name: other } = await makePrompt(app.actor(), {})
    const note = await createNote(app.actor(), {
      text: 'about one',
      prompt: name,
      at: '2026-04-01T00:00:00Z',
    })
    expect(note).toMatchObject({ prompt: name, author: { display: 'Local owner' } })
    const texts = async (prompt: string) =>
      (await listNotes(app.actor(), { prompt, from: '2026-04-01T00:00:00Z' })).items.map(({ text }) => text)
    expect(await texts(name)).toEqual(['about one'])
    expect(await texts(other)).toEqual([])
    expect(await refusal(createNote(app.actor(), { text: 'x', prompt: uniqueName() }))).toMatchObject({
      code: 'not_found',
    })
    await deleteNote(app.actor(), { id: note.id })
  })

  it('are taken away by their author and by admins alone', async () => {
    const editor = await makeMember(app.actor(), { role: 'editor' })
    const other = await makeMember(app.actor(), { role: 'editor' })
    const admin = await makeMember(app.actor(), { role: 'admin' })
    const viewer = await makeMember(app.actor(), { role: 'viewer' })
    const one = await createNote(editor, { text: 'one' })
    const two = await createNote(editor, { text: 'two' })
    expect(await refusal(deleteNote(other, one))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(createNote(viewer, { text: 'three' }))).toMatchObject({ code: 'forbidden' })
    expect((await listNotes(viewer, {})).items.map(({ id }) => id)).toContain(one.id)
    await deleteNote(editor, one)
    await deleteNote(admin, two)
    expect(await refusal(deleteNote(editor, one))).toMatchObject({ code: 'not_found' })
  })

  it('are bounded', async () => {
    const { items } = await listNotes(app.actor(), { limit: 200 })
    for (let n = items.length; n < 7; n++) await createNote(app.actor(), { text: `n${n}` })
    // For the last place several ask at once.
    const asked = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => createNote(app.actor(), { text: `at once ${n}` })),
    )
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await listNotes(app.actor(), { limit: 200 })).items).toHaveLength(8)
    expect(await refusal(createNote(app.actor(), { text: 'one more' }))).toMatchObject({
      code: 'too_large',
      extra: { limit: 'limits.usage_notes' },
    })
  })
})
