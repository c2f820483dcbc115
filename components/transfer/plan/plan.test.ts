import { describe, expect, it } from 'vitest'
import type { ImportItem } from '#lib/transfer/schema.ts'
import { keyOf, nameFaults, planOf, withEdit, withoutLost, withWish } from './item-plan.ts'
import { filtersOf, inOrder, narrowed } from './sorted-items.ts'

function item(name: string, given: Partial<ImportItem> = {}): ImportItem {
  return {
    name,
    action: 'create',
    title: '',
    category: null,
    tags: [],
    notes: [],
    source: { path: `${name}.md`, format: 'incipit' },
    ...given,
  }
}
const names = (items: readonly ImportItem[]) => items.map(({ name }) => name)

describe('the plan of an import', () => {
  it('says nothing where nothing is wanted', () => {
    expect(planOf(new Map(), { labels: true })).toEqual({})
  })

  it('has what was edited, by file and entry', () => {
    const [one, two] = [item('a'), item('b', { source: { path: 'list.csv', entry: '2', format: 'table' } })]
    let edits = withEdit(new Map(), [keyOf(one), keyOf(two)], { category: null })
    edits = withEdit(edits, [keyOf(two)], { name: 'c', on_conflict: 'rename' })
    expect(planOf(edits, { labels: false, category: 'writing', columns: { name: 'act' } })).toEqual({
      columns: { name: 'act' },
      defaults: { category: 'writing', labels: false },
      items: [
        { source: { path: 'a.md' }, category: null },
        { source: { path: 'list.csv', entry: '2' }, name: 'c', category: null, on_conflict: 'rename' },
      ],
    })
  })

  it('leaves a name out that cannot stand, and tells it', () => {
    const edits = withEdit(new Map(), ['a.md'], { name: '-' })
    expect(planOf(edits, { labels: true }).items).toEqual([{ source: { path: 'a.md' } }])
    expect(nameFaults([item('a')], edits).get('a.md')).toContain('A name is made of')
  })

  it('tells at once of two items with one name, but for those that are left out', () => {
    const items = [item('a'), item('b'), item('broken', { action: 'refused' })]
    const same = withEdit(new Map(), ['b.md'], { name: 'a' })
    expect([...nameFaults(items, same)]).toEqual([['b.md', 'Another item of this import is called a.']])
    expect(nameFaults(items, withEdit(same, ['a.md'], { skip: true })).size).toBe(0)
    expect(nameFaults(items, withEdit(new Map(), ['b.md'], { name: 'broken' })).size).toBe(0)
  })

  it('forgets what was wanted of items that are there no more', () => {
    const edits = withEdit(new Map(), ['a.md', 'list.csv\n2', 'b.md'], { skip: true })
    const problem = {
      status: 400,
      code: 'invalid_input' as const,
      title: 'Invalid input',
      detail: '',
      errors: [
        { in: 'body' as const, path: ['plan', 'items', 1, 'source'], code: 'unknown_source', message: '' },
      ],
    }
    const plan = planOf(edits, { labels: true })
    expect([...(withoutLost(edits, plan, problem)?.keys() ?? [])]).toEqual(['a.md', 'b.md'])
    expect(withoutLost(edits, plan, { ...problem, errors: [] })).toBeUndefined()
    expect(withoutLost(edits, plan, undefined)).toBeUndefined()
  })

  it('takes a wish back', () => {
    const wishes = withWish({ labels: true }, { format: 'table', on_conflict: 'skip' })
    expect(withWish(wishes, { format: undefined })).toEqual({ labels: true, on_conflict: 'skip' })
  })
})

describe('the table of an import', () => {
  const ITEMS = [
    item('plain'),
    item('noted', { notes: [{ line: 3, message: 'The model stays in config' }] }),
    item('taken', { action: 'conflict' }),
    item('broken', { action: 'refused', source: { path: 'deep/Folder/x.prompt', format: 'dotprompt' } }),
  ]

  it('has problems first, then what has notes, then the rest', () => {
    expect(names(inOrder(ITEMS))).toEqual(['broken', 'taken', 'noted', 'plain'])
  })

  it('is narrowed by action, by notes and by words', () => {
    expect(names(narrowed(ITEMS, 'noted', ''))).toEqual(['noted'])
    expect(names(narrowed(ITEMS, 'refused', ''))).toEqual(['broken'])
    expect(names(narrowed(ITEMS, 'all', 'folder PROMPT'))).toEqual(['broken'])
    expect(names(narrowed(ITEMS, 'all', 'config'))).toEqual(['noted'])
  })

  it('offers the filters that hold something', () => {
    expect(filtersOf(ITEMS).map(({ id, count }) => [id, count])).toEqual([
      ['all', 4],
      ['refused', 1],
      ['conflict', 1],
      ['noted', 1],
      ['create', 2],
    ])
  })
})
