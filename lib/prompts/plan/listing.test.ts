import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ListScope } from '../../db/changes/notice.ts'
import { argumentDescription } from '../variables/allowed-values.ts'
import { type ListedVersion, type Listing, listChanges } from './listing.ts'

const version: ListedVersion = {
  title: 'Title',
  description: 'About',
  variables: [{ name: 'who', type: 'string', required: true, description: 'whom' }],
  publish: { prompt: true, tool: false, skill: false },
  checksum: '1',
}

function listing(
  changes: Partial<Omit<Listing, 'labels'>> & { labels?: Record<string, ListedVersion> } = {},
): Listing {
  const { labels = { production: version, latest: version }, ...rest } = changes
  return {
    name: 'greeting',
    category: 'data',
    archived: false,
    ...rest,
    labels: new Map(Object.entries(labels)),
  }
}

/** Scopes as short texts: `prompts production data`. */
function told(before: Listing | undefined, after: Listing): string[] {
  return listChanges(before, after)
    .map(({ list, label, category }) => `${list} ${label} ${category ?? '-'}`)
    .toSorted()
}

describe('listChanges', () => {
  it('tells of a new prompt in every list that shows it', () => {
    expect(told(undefined, listing())).toEqual([
      'prompts latest data',
      'prompts production data',
      'resources latest data',
      'resources production data',
    ])
  })

  it('tells nothing of a change that no list shows', () => {
    expect(told(listing(), listing())).toEqual([])
  })

  it('tells only those who read by the label that moved', () => {
    const after = listing({ labels: { production: { ...version, title: 'New' }, latest: version } })
    expect(told(listing(), after)).toEqual(['prompts production data', 'resources production data'])
  })

  it('tells nothing when a label moves to a version that looks the same', () => {
    const labels = { production: { ...version, variables: [...version.variables] }, latest: version }
    expect(told(listing(), listing({ labels }))).toEqual([])
  })

  it('tells of arguments by name, need and what is said of them, and not of what only a tool shows', () => {
    const withVariable = (variable: Partial<ListedVersion['variables'][number]>, tool = false) => {
      const [first] = version.variables
      const variables = first === undefined ? [] : [{ ...first, ...variable }]
      return listing({
        labels: { production: { ...version, variables, publish: { prompt: true, tool, skill: false } } },
      })
    }
    const before = withVariable({})
    expect(told(before, withVariable({ description: 'someone' }))).toEqual(['prompts production data'])
    expect(told(before, withVariable({ required: false }))).toEqual(['prompts production data'])
    expect(told(before, withVariable({ type: 'integer', max: 3 }))).toEqual(['prompts production data'])
    expect(told(before, withVariable({ example: 'you' }))).toEqual([])
    expect(told(withVariable({}, true), withVariable({ example: 'you' }, true))).toEqual([
      'tools production data',
    ])
  })

  it('tells of the order of arguments', () => {
    const two = [...version.variables, { name: 'mood', type: 'string' as const, required: false }]
    const before = listing({ labels: { production: { ...version, variables: two } } })
    const after = listing({ labels: { production: { ...version, variables: two.toReversed() } } })
    expect(told(before, after)).toEqual(['prompts production data'])
  })

  it('tells the tools list when a prompt becomes a tool, and no other', () => {
    const after = listing({
      labels: { production: { ...version, publish: { prompt: true, tool: true, skill: false } } },
    })
    expect(told(listing({ labels: { production: version } }), after)).toEqual(['tools production data'])
  })

  it('tells the resources list of a skill and of each other text of it, and of the text of no other prompt', () => {
    const as = (skill: boolean, checksum: string) =>
      listing({ labels: { production: { ...version, checksum, publish: { ...version.publish, skill } } } })
    expect(told(as(false, '1'), as(true, '1'))).toEqual(['resources production data'])
    expect(told(as(true, '1'), as(true, '2'))).toEqual(['resources production data'])
    expect(told(as(true, '1'), as(true, '1'))).toEqual([])
    expect(told(as(false, '1'), as(false, '2'))).toEqual([])
  })

  it('hides an unpublished prompt from the prompts list alone', () => {
    const after = listing({
      labels: { production: { ...version, publish: { prompt: false, tool: false, skill: false } } },
    })
    expect(told(listing({ labels: { production: version } }), after)).toEqual(['prompts production data'])
    expect(told(undefined, after)).toEqual(['resources production data'])
  })

  it('tells both categories when a prompt moves between them', () => {
    const before = listing({ labels: { production: version } })
    const after = listing({ labels: { production: version }, category: null })
    expect(told(before, after)).toEqual([
      'prompts production -',
      'prompts production data',
      'resources production -',
      'resources production data',
    ])
  })

  it('tells of a rename in every list that shows the prompt', () => {
    expect(told(listing(), listing({ name: 'welcome' }))).toHaveLength(4)
  })

  it('tells of a prompt that is archived and restored as of one that goes and comes', () => {
    const archived = listing({ archived: true })
    expect(told(listing(), archived)).toEqual(told(undefined, listing()))
    expect(told(archived, listing())).toEqual(told(undefined, listing()))
    expect(told(undefined, archived)).toEqual([])
    expect(told(archived, listing({ archived: true, name: 'other', category: null }))).toEqual([])
  })

  it('tells of a label that is removed', () => {
    expect(told(listing(), listing({ labels: { latest: version } }))).toEqual([
      'prompts production data',
      'resources production data',
    ])
  })
})

const anyVersion: fc.Arbitrary<ListedVersion> = fc.record({
  title: fc.constantFrom('A', 'B'),
  description: fc.constantFrom('', 'x'),
  variables: fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b'),
      type: fc.constantFrom('string' as const, 'integer' as const),
      required: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  publish: fc.record({ prompt: fc.boolean(), tool: fc.boolean(), skill: fc.boolean() }),
  checksum: fc.constantFrom('1', '2'),
})
const anyListing: fc.Arbitrary<Listing> = fc
  .record({
    name: fc.constantFrom('one', 'two'),
    category: fc.constantFrom(null, 'data', 'quality'),
    archived: fc.boolean(),
    labels: fc.dictionary(fc.constantFrom('production', 'staging', 'latest'), anyVersion),
  })
  .map((found) => ({ ...found, labels: new Map(Object.entries(found.labels)) }))

/** What a subscriber of one label and category sees of the prompt, as MCP would list it. */
function seen(list: ListScope['list'], label: string, category: string | null, found: Listing): string {
  const version = found.labels.get(label)
  if (version === undefined || found.archived || found.category !== category) return 'nothing'
  const { title, description, variables, publish } = version
  const head = [found.name, title, description]
  if (list === 'resources') return JSON.stringify(publish.skill ? [head, version.checksum] : head)
  if (list === 'tools') return publish.tool ? JSON.stringify([head, variables]) : 'nothing'
  const args = variables.map((each) => [each.name, argumentDescription(each), each.required])
  return publish.prompt ? JSON.stringify([head, args]) : 'nothing'
}

describe('listChanges, for any change', () => {
  it('tells a subscriber of a label and category exactly when its list looks different', () => {
    fc.assert(
      fc.property(anyListing, anyListing, (before, after) => {
        const scopes = listChanges(before, after)
        for (const list of ['prompts', 'tools', 'resources'] as const)
          for (const label of ['production', 'staging', 'latest'])
            for (const category of [null, 'data', 'quality']) {
              const changed = seen(list, label, category, before) !== seen(list, label, category, after)
              const isTold = scopes.some(
                (scope) => scope.list === list && scope.label === label && scope.category === category,
              )
              expect(isTold).toBe(changed)
            }
      }),
      { numRuns: 500 },
    )
  })
})
