import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patchCategory } from '../../categories/operations/patch-category.ts'
import { makeCategory, makeOtherWorkspace, makePrompt, pinnedTo } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { archivePrompt } from '../operations/archive-prompt.ts'
import { createVersion } from '../operations/create-version.ts'
import { patchPrompt } from '../operations/patch-prompt.ts'
import { findPublishedTool } from '../operations/published/find-published-tool.ts'
import { listPublishedPrompts } from '../operations/published/list-published-prompts.ts'
import { listPublishedResources } from '../operations/published/list-published-resources.ts'
import { listPublishedTools } from '../operations/published/list-published-tools.ts'
import { setLabel } from '../operations/set-label.ts'
import type { Prompt } from '../schema.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  await makeCategory(app.actor(), { slug: 'data' })
  await makeCategory(app.actor(), { slug: 'other' })
})
afterAll(() => app.close())

const prompts = (query = {}) => listPublishedPrompts(app.actor(), query)
const names = async (query = {}) => (await prompts(query)).items.map((item) => item.name)
const tools = async (query = {}) =>
  (await listPublishedTools(app.actor(), query)).items.map((item) => item.name)
const resources = async (query = {}) =>
  (await listPublishedResources(app.actor(), query)).items.map((item) => item.name)

async function newVersion(prompt: Prompt, changes: Parameters<typeof createVersion>[1] | object = {}) {
  return createVersion(app.actor(), { name: prompt.name, if_match: prompt.etag, ...changes })
}

describe('what agents list', () => {
  it('shows the version of the label, as prompt, tool and resource by its publish', async () => {
    await makePrompt(app.actor(), { name: 'shown', title: 'Shown', description: 'For all', category: 'data' })
    await makePrompt(app.actor(), { name: 'as_tool', publish: { prompt: false, tool: true } })
    await makePrompt(app.actor(), { name: 'hidden', publish: { prompt: false, tool: false } })
    expect(await names()).toEqual(['shown'])
    expect(await tools()).toEqual(['as_tool'])
    expect(await resources()).toEqual(['as_tool', 'hidden', 'shown'])
    expect((await prompts()).items[0]).toEqual({
      name: 'shown',
      title: 'Shown',
      description: 'For all',
      category: 'data',
      variables: [{ name: 'who', required: true }],
    })
  })

  it('narrows by category and label', async () => {
    const prompt = await makePrompt(app.actor(), { name: 'staged', category: 'other' })
    const next = await newVersion(prompt, { title: 'Newest' })
    await setLabel(app.actor(), { name: 'staged', label: 'staging', version: 1, if_match: next.etag })
    expect(await names({ category: 'data' })).toEqual(['shown'])
    expect(await names({ category: 'nowhere' })).toEqual([])
    expect(await names({ label: 'staging' })).toEqual(['staged'])
    const titleIn = async (label: string) =>
      (await prompts({ label })).items.find((item) => item.name === 'staged')?.title
    expect(await titleIn('production')).toBe('')
    expect(await titleIn('latest')).toBe('Newest')
  })

  it('pages by name with cursors that belong to their list', async () => {
    const all = await names()
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await prompts({ limit: 1, cursor })
      seen.push(...page.items.map((item) => item.name))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(all)
    const { next_cursor } = await prompts({ limit: 1 })
    await expect(prompts({ cursor: next_cursor, category: 'data' })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    await expect(prompts({ cursor: 'garbage' })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(prompts({ limit: 100_000 })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('shows a pinned actor its label alone, and another workspace nothing', async () => {
    const pinned = pinnedTo(app.actor(), 'staging')
    expect((await listPublishedPrompts(pinned, {})).items.map((item) => item.name)).toEqual(['staged'])
    expect((await listPublishedPrompts(pinned, { label: 'production' })).items).toEqual([])
    expect(await findPublishedTool(pinned, { name: 'as_tool', label: 'production' })).toBeUndefined()
    expect((await listPublishedPrompts(await makeOtherWorkspace(), {})).items).toEqual([])
  })
})

describe('the pages that are kept', () => {
  it('are the same frozen object until their list changes', async () => {
    const page = await prompts()
    expect(await prompts()).toBe(page)
    expect(Object.isFrozen(page.items[0])).toBe(true)
    const prompt = await makePrompt(app.actor(), { name: 'appears', category: 'data' })
    const after = await prompts()
    expect(after).not.toBe(page)
    expect(after.items.map((item) => item.name)).toContain('appears')
    // A new version is not in production, so this list does not change …
    const next = await newVersion(prompt, { title: 'New title' })
    expect(await prompts()).toBe(after)
    // … until the label moves.
    await setLabel(app.actor(), { name: 'appears', label: 'production', version: 2, if_match: next.etag })
    expect((await prompts()).items.find((item) => item.name === 'appears')?.title).toBe('New title')
  })

  it('stay when only another category or list changes', async () => {
    const data = await prompts({ category: 'data' })
    const toolPage = await listPublishedTools(app.actor(), {})
    await makePrompt(app.actor(), { category: 'other' })
    expect(await prompts({ category: 'data' })).toBe(data)
    expect(await listPublishedTools(app.actor(), {})).toBe(toolPage)
  })

  it('follow archiving, renaming and the category', async () => {
    const prompt = await makePrompt(app.actor(), { name: 'moves', category: 'data' })
    expect(await names({ category: 'data' })).toContain('moves')
    const moved = await patchPrompt(app.actor(), {
      current_name: 'moves',
      if_match: prompt.etag,
      name: 'moved',
      category: 'other',
    })
    expect(await names({ category: 'data' })).not.toContain('moves')
    expect(await names({ category: 'other' })).toContain('moved')
    await patchCategory(app.actor(), { current_slug: 'other', slug: 'renamed' })
    expect(await names({ category: 'other' })).toEqual([])
    expect(await names({ category: 'renamed' })).toContain('moved')
    await archivePrompt(app.actor(), { name: 'moved', if_match: moved.etag })
    expect(await names()).not.toContain('moved')
  })
})

describe('findPublishedTool', () => {
  it('finds by name and alias what is published as a tool', async () => {
    const prompt = await makePrompt(app.actor(), {
      name: 'summarise',
      aliases: ['summarize'],
      category: 'data',
      publish: { tool: true },
    })
    const tool = await findPublishedTool(app.actor(), { name: 'summarise' })
    expect(tool).toMatchObject({
      name: 'summarise',
      variables: [{ name: 'who', type: 'string', required: true }],
    })
    expect(await findPublishedTool(app.actor(), { name: 'summarise' })).toBe(tool)
    expect(await findPublishedTool(app.actor(), { name: 'summarize' })).toEqual(tool)
    expect(await findPublishedTool(app.actor(), { name: 'summarise', category: 'data' })).toBe(tool)
    expect(await findPublishedTool(app.actor(), { name: 'summarise', category: 'renamed' })).toBeUndefined()
    expect(await findPublishedTool(app.actor(), { name: 'shown' })).toBeUndefined()
    expect(await findPublishedTool(app.actor(), { name: 'summarise', label: 'staging' })).toBeUndefined()
    await patchPrompt(app.actor(), { current_name: 'summarise', if_match: prompt.etag, aliases: [] })
    expect(await findPublishedTool(app.actor(), { name: 'summarize' })).toBeUndefined()
  })
})

// Last: the connections are dropped when the database goes away.
describe('while the database is away', () => {
  it('serves what is kept; the rest is unavailable', async () => {
    const page = await prompts()
    const tool = await findPublishedTool(app.actor(), { name: 'as_tool' })
    app.runtime.database.availability.report(false)
    expect(await prompts()).toBe(page)
    expect(await findPublishedTool(app.actor(), { name: 'as_tool' })).toBe(tool)
    await expect(prompts({ limit: 7 })).rejects.toMatchObject({ code: 'unavailable' })
  })
})
