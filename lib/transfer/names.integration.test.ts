import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { makeOtherWorkspace, makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { importPrompts } from './operations/import-prompts.ts'
import { undoImport } from './operations/undo-import.ts'
import { actions, errorOf, file } from './testing.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

let count = 0
async function workspace(): Promise<() => Actor> {
  const owner = await makeOtherWorkspace(`names-${++count}`)
  return () => ({ ...owner, request: testRequest() })
}

/** Each name and alias of what is not in the archive, with the name of its prompt. */
async function names({ workspaceId }: Actor): Promise<Record<string, string>> {
  const { rows } = await app.runtime.database.primary.pool.query<{ name: string; owner: string }>(
    `SELECT n.name, t.name AS owner FROM prompt_name n
     JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
     WHERE n.workspace_id = $1 AND t.archived_at IS NULL ORDER BY n.name`,
    [workspaceId],
  )
  return Object.fromEntries(rows.map(({ name, owner }) => [name, owner]))
}

/** A prompt with aliases. */
interface Named {
  name: string
  aliases: string[]
  isBroken?: boolean
}

const ofEach = (prompts: readonly Named[]) =>
  Object.fromEntries(
    prompts.flatMap(({ name, aliases }) => [name, ...aliases].map((each) => [each, name] as const)),
  )

function filesOf(prompts: readonly Named[]) {
  return prompts.map(({ name, aliases, isBroken }) => ({
    path: `${name}.md`,
    text: file(
      `name: ${name}\naliases: [${aliases.join(', ')}]`,
      isBroken ? '{% render "nowhere" %}' : 'Other text',
    ),
  }))
}

const POOL = ['a0', 'a1', 'a2', 'a3', 'a4']

/** Gives names of the pool to prompts as aliases, or makes them prompts of their own. */
function spread(prompts: readonly string[], places: readonly number[]): Named[] {
  const made = prompts.map((name): Named => ({ name, aliases: [] }))
  for (const [index, name] of POOL.entries()) {
    const place = places[index] ?? 0
    if (place < made.length) made[place]?.aliases.push(name)
    else if (place === made.length) made.push({ name, aliases: [] })
  }
  return made
}

const places = fc.array(fc.nat(5), { minLength: POOL.length, maxLength: POOL.length })
const case_ = fc.record({
  before: places,
  after: places,
  order: fc.array(fc.nat(1_000), { minLength: 10, maxLength: 10 }),
})

const shuffled = <T>(list: readonly T[], order: readonly number[]): T[] =>
  list
    .map((each, index) => ({ each, key: order[index % order.length] ?? 0 }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ each }) => each)

const HERE = ['p0', 'p1', 'p2']

async function make(owner: () => Actor, prompts: readonly Named[]): Promise<void> {
  for (const { name, aliases } of prompts)
    await makePrompt(owner(), { name, aliases, template_content: name })
}

describe('names and aliases of one import', () => {
  it('change hands in one go, whatever stands first, and go back by one undo', async () => {
    await fc.assert(
      fc.asyncProperty(case_, async ({ before, after, order }) => {
        const owner = await workspace()
        // Names never move: what is a prompt of its own before is none of the pool after.
        const there = spread(
          HERE,
          before.map((place) => (place === 3 ? 4 : place)),
        )
        await make(owner, there)
        const wanted = shuffled(spread([...HERE, 'fresh'], after), order)
        const files = filesOf(wanted)
        const dry = await importPrompts(owner(), { files, dry_run: 'true' })
        const made = await importPrompts(owner(), { files })
        expect(actions(dry)).toEqual(actions(made))
        expect(await names(owner())).toEqual(ofEach(wanted))
        const again = await importPrompts(owner(), { files })
        expect(again.items.every(({ action, notes }) => action === 'unchanged' && notes.length === 0)).toBe(
          true,
        )
        await undoImport(owner(), { id: made.id ?? '' })
        expect(await names(owner())).toEqual(ofEach(there))
      }),
      { numRuns: 25 },
    )
  })

  it('stay where they are for what is refused or not brought, and nothing is half done', async () => {
    const broken = fc.record({ all: case_, bad: fc.nat(255), missing: fc.nat(2) })
    await fc.assert(
      fc.asyncProperty(broken, async ({ all: { before, after, order }, bad, missing }) => {
        const owner = await workspace()
        const there = spread(HERE, before)
        await make(owner, there)
        const prompts = shuffled(spread([...HERE, 'fresh'], after), order)
          .filter(({ name }) => name !== HERE[missing])
          .map((each, index) => ({ ...each, isBroken: ((bad >> (index % 8)) & 1) === 1 }))
        const files = filesOf([...prompts, { name: 'fine', aliases: [] }])
        const was = await names(owner())
        const dry = await importPrompts(owner(), { files, dry_run: 'true' })
        const made = await importPrompts(owner(), { files })
        expect(actions(dry)).toEqual(actions(made))
        const is = await names(owner())
        const own = (all: Record<string, string>, name: string) =>
          Object.keys(all).filter((each) => all[each] === name)
        const kept = made.items.filter(({ action }) => action === 'refused' || action === 'conflict')
        expect(kept.map(({ name }) => own(is, name))).toEqual(kept.map(({ name }) => own(was, name)))
        const saved = prompts.filter(({ name }) => !kept.some((item) => item.name === name))
        const changed = saved.filter(({ name }) => was[name] === name)
        expect(changed.map(({ name }) => own(is, name))).toEqual(
          changed.map(({ name, aliases }) => [name, ...aliases].toSorted()),
        )
        const untold = saved.flatMap(({ name, aliases }) => {
          const notes = JSON.stringify(made.items.find((item) => item.name === name)?.notes)
          return aliases.filter((alias) => is[alias] !== name && !notes.includes(`\\"${alias}\\" is taken`))
        })
        expect(untold).toEqual([])
        await undoImport(owner(), { id: made.id ?? '' })
        expect(await names(owner())).toEqual(was)
      }),
      { numRuns: 30 },
    )
  })

  it('lead at once to whom they belong, for callers and for includes', async () => {
    const owner = await workspace()
    await make(owner, [
      { name: 'one', aliases: ['moves', 'becomes', 'goes'] },
      { name: 'two', aliases: [] },
    ])
    const said = async (name: string) => {
      const { content } = await renderPrompt(owner(), { name, variables: {} })
      return content
    }
    expect(await said('moves')).toBe('one')
    const user = (name: string, ref: string) => ({
      path: `${name}.md`,
      text: file(`name: ${name}`, `{% render "${ref}" %}`),
    })
    const made = await importPrompts(owner(), {
      files: [
        user('uses-moved', 'moves'),
        user('uses-new', 'becomes'),
        user('uses-gone', 'goes'),
        user('uses-numbered', 'becomes@7'),
        { path: 'becomes.md', text: file('name: becomes', 'New') },
        { path: 'two.md', text: file('name: two\naliases: [moves]', 'two') },
        { path: 'one.md', text: file('name: one\naliases: []', 'one') },
      ],
    })
    expect(actions(made)).toEqual({
      one: 'unchanged',
      two: 'unchanged',
      becomes: 'create',
      'uses-moved': 'create',
      'uses-new': 'create',
      'uses-gone': 'refused',
      'uses-numbered': 'refused',
    })
    expect(await said('moves')).toBe('two')
    expect(await said('becomes')).toBe('New')
    expect(await said('uses-moved')).toBe('two')
    expect(await said('uses-new')).toBe('New')
    const notes = made.items.flatMap((item) => item.notes.map(({ message }) => message)).join('\n')
    expect(notes).toContain('"becomes" is an alias of the prompt "one" until then')
    expect(notes).toContain('Aliases that come: moves (of "one" before)')
    expect(notes).toContain('There is no prompt "goes" to include')

    await undoImport(owner(), { id: made.id ?? '' })
    expect(await said('becomes')).toBe('one')
    const archived = await errorOf(getPrompt(owner(), { name: 'becomes-2', label: 'latest' }))
    expect(archived.message).toContain('The prompt "becomes-2" is archived')
  })

  it('end in an answer however long the chain of those who wait for each other is', async () => {
    const owner = await workspace()
    const all = Array.from({ length: 12 }, (_, index) => `c${index}`)
    await make(
      owner,
      all.map((name) => ({ name, aliases: [`${name}-alias`] })),
    )
    // Each takes the alias of the one before, and includes what the one before was to become.
    const files = all.map((name, index) => {
      const text = index === 0 ? '{% render "nowhere" %}' : `{% render "c${index - 1}@2" %}`
      return { path: `${name}.md`, text: file(`name: ${name}\naliases: [c${index - 1}-alias]`, text) }
    })
    expect(await errorOf(importPrompts(owner(), { files }))).toMatchObject({ code: 'unprocessable' })
    expect(await names(owner())).toEqual(ofEach(all.map((name) => ({ name, aliases: [`${name}-alias`] }))))
  })
})
