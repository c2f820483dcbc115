import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCategory, makeOtherWorkspace, makePrompt, pinnedTo } from '../../testing/factories.ts'
import { promptCorpus, REQUESTS } from '../../testing/prompt-corpus.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { archivePrompt } from '../operations/archive-prompt.ts'
import { listPrompts } from '../operations/list-prompts.ts'
import { findNames } from '../operations/names/find-names.ts'
import { nearNames } from '../operations/names/near-names.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  for (const prompt of promptCorpus(2)) await makePrompt(app.actor(), prompt)
}, 60_000)
afterAll(() => app.close())

/** What a search shows: those with all words, else the closest. */
async function shown(q: string, more: object = {}): Promise<string[]> {
  const { items, closest = [] } = await listPrompts(app.actor(), { q, ...more })
  return (items.length > 0 ? items : closest).map(({ name }) => name)
}

describe('a search in natural words', () => {
  it('shows what was meant among the first three, and mostly first', async () => {
    const places = await Promise.all(
      REQUESTS.map(async ([q, name]) => [q, (await shown(q)).indexOf(name)] as const),
    )
    expect(places.filter(([, place]) => place < 0 || place > 2)).toEqual([])
    expect(places.filter(([, place]) => place === 0).length).toBeGreaterThanOrEqual(REQUESTS.length - 3)
  })

  it('keeps those apart that have all the words', async () => {
    const exact = await listPrompts(app.actor(), { q: 'summarize meeting notes' })
    expect(exact.items.map(({ name }) => name)).toContain('meeting_summary')
    expect(exact).not.toHaveProperty('closest')
    const near = await listPrompts(app.actor(), { q: 'sumarize meetng notes' })
    expect([near.items, near.next_cursor]).toEqual([[], null])
    expect(near.closest?.[0]?.name).toBe('meeting_summary')
  })

  it('shows few, not all that share a word', async () => {
    expect((await shown('meeting notes for the board of directors', { limit: 200 })).length).toBeLessThan(20)
  })

  it('finds nothing where no word is known', async () => {
    for (const q of ['xyzzy plugh', '???', '12345'])
      expect(await listPrompts(app.actor(), { q })).toEqual({ items: [], next_cursor: null })
  })

  it('takes any text without failing', async () => {
    for (const q of ["it's", 'a & b | c !d', '%_\\', 'ß ä 日本語 👩‍💻', 'x '.repeat(200), 'word'.repeat(120)])
      await expect(listPrompts(app.actor(), { q })).resolves.toHaveProperty('items')
  })

  it('says nothing beside a list in another order, or on a later page', async () => {
    expect(await listPrompts(app.actor(), { q: 'sumarize meetng', sort: 'name' })).not.toHaveProperty(
      'closest',
    )
  })

  it('stays within workspace, filters, archive and label', async () => {
    await makeCategory(app.actor(), { slug: 'legal' })
    await makePrompt(app.actor(), {
      name: 'dative_trainer',
      category: 'legal',
      tags: ['t'],
      description: 'Practises the dative',
    })
    const gone = await makePrompt(app.actor(), { name: 'dative_games', description: 'Plays with the dative' })
    await archivePrompt(app.actor(), { name: gone.name, if_match: gone.etag })
    const q = 'zzz dative'
    expect(await shown(q)).toEqual(['dative_trainer'])
    expect(await shown(q, { category: 'legal' })).toEqual(['dative_trainer'])
    expect(await shown(q, { tag: 'other' })).toEqual([])
    expect(await shown(q, { label: 'staging' })).toEqual([])
    expect(await shown(q, { archived: 'true' })).toEqual(['dative_games'])
    const pinned = await listPrompts(pinnedTo(app.actor(), 'staging'), { q })
    expect(pinned).toEqual({ items: [], next_cursor: null })
    expect(await listPrompts(await makeOtherWorkspace(), { q })).toEqual({ items: [], next_cursor: null })
  })
})

describe('names like one that leads nowhere', () => {
  const near = (name: string, more: object = {}) =>
    nearNames(app.actor(), { name, label: 'production', category: null, ...more })

  it('are written alike', async () => {
    expect((await near('meeting-sumary'))[0]).toBe('meeting_summary')
    expect((await near('Chain_Of_Thougth'))[0]).toBe('chain_of_thought')
    expect((await near('kubernets-review'))[0]).toBe('kubernetes_review')
  })

  it('or are found by its words', async () => {
    expect(await near('outage_timeline')).toContain('incident_postmortem')
    expect(await near('xyzzy')).toEqual([])
  })

  it('are those that one sees', async () => {
    expect(await near('meeting_sumary', { label: 'staging' })).toEqual([])
    expect(await near('meeting_sumary', { category: 'legal' })).toEqual([])
    expect((await near('meeting_sumary', { label: 'latest' }))[0]).toBe('meeting_summary')
  })

  it('name a prompt that is meant by an alias', async () => {
    await makePrompt(app.actor(), { name: 'with_alias', aliases: ['quarterly_figures'] })
    expect(await near('quaterly_figures')).toEqual(['with_alias'])
  })
})

describe('names by what was typed of them', () => {
  const find = (typed: string, more: object = {}) =>
    findNames(app.actor(), { typed, label: 'production', category: null, limit: 5, ...more })

  it('counts all, and shows those that begin like it first', async () => {
    const { names, total } = await find('co', { limit: 100 })
    const begins = names.filter((name) => name.startsWith('co'))
    expect(names.slice(0, begins.length)).toEqual(begins)
    expect(begins).toContain('contract_review')
    expect(names.every((name) => name.includes('co'))).toBe(true)
    expect(total).toBe(names.length)
    const all = await find('')
    expect(all.names).toHaveLength(5)
    expect(all.total).toBeGreaterThan(100)
  })

  it('takes signs of patterns as they are, in the scope alone', async () => {
    expect(await find('%')).toEqual({ names: [], total: 0 })
    expect((await find('MEETING')).names).toEqual(['meeting_summary'])
    expect(await find('meeting', { label: 'staging' })).toEqual({ names: [], total: 0 })
  })
})
