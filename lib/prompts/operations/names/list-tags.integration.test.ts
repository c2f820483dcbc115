import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeOtherWorkspace, makePrompt, pinnedTo } from '../../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../../testing/runtime.ts'
import { archivePrompt } from '../archive-prompt.ts'
import { setLabel } from '../set-label.ts'
import { listTags } from './list-tags.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

it('counts the tags of active prompts, page by page, and follows their changes', async () => {
  const first = await makePrompt(app.actor(), { tags: ['b', 'a'] })
  const second = await makePrompt(app.actor(), { tags: ['b', 'c'] })
  const page = await listTags(app.actor(), {})
  expect(page).toEqual({
    items: [
      { tag: 'a', prompt_count: 1 },
      { tag: 'b', prompt_count: 2 },
      { tag: 'c', prompt_count: 1 },
    ],
    next_cursor: null,
  })
  expect(await listTags(app.actor(), {})).toBe(page)
  const { items, next_cursor } = await listTags(app.actor(), { limit: 2 })
  expect(items).toHaveLength(2)
  expect((await listTags(app.actor(), { limit: 2, cursor: next_cursor ?? '' })).items).toEqual([
    page.items[2],
  ])

  const labelled = await setLabel(app.actor(), {
    name: first.name,
    label: 'staging',
    version: 1,
    if_match: first.etag,
  })
  expect(labelled.label).toBe('staging')
  const pinned = await listTags(pinnedTo(app.actor(), 'staging'), {})
  expect(pinned.items.map((item) => item.tag)).toEqual(['a', 'b'])

  await archivePrompt(app.actor(), { name: second.name, if_match: second.etag })
  expect((await listTags(app.actor(), {})).items).toEqual([
    { tag: 'a', prompt_count: 1 },
    { tag: 'b', prompt_count: 1 },
  ])
  expect((await listTags(await makeOtherWorkspace(), {})).items).toEqual([])
  await expect(listTags(app.actor(), { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_input' })
})
