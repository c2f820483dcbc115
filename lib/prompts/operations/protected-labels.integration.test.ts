import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { deleteCategory } from '../../categories/operations/delete-category.ts'
import { mergeCategory } from '../../categories/operations/merge-category.ts'
import { patchCategory } from '../../categories/operations/patch-category.ts'
import { makeCategory, makePrompt } from '../../testing/factories.ts'
import { makeMember } from '../../testing/members.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { actorLike, type TestRuntime, testRequest, testRuntime } from '../../testing/runtime.ts'
import { archivePrompt } from './archive-prompt.ts'
import { bulkPrompts } from './bulk-prompts.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { deleteLabel } from './delete-label.ts'
import { duplicatePrompt } from './duplicate-prompt.ts'
import { createExample } from './examples/create-example.ts'
import { getPrompt } from './get-prompt.ts'
import { patchPrompt } from './patch-prompt.ts'
import { setLabel } from './set-label.ts'

/* What takes the right to release, and in which categories somebody may write and release. */

let app: TestRuntime
let editor: Actor
let publisher: Actor
beforeAll(async () => {
  app = await testRuntime()
  editor = await makeMember(app.actor(), { role: 'editor', display: 'Edda' })
  publisher = await makeMember(app.actor(), { role: 'publisher', display: 'Paul' })
  await makeMember(app.actor(), { role: 'viewer', display: 'Viola' })
})
afterAll(() => app.close())

const again = (actor: Actor): Actor => ({ ...actor, request: testRequest() })
const make = (input: Parameters<typeof makePrompt>[1] = {}) => makePrompt(app.actor(), input)
const idOf = async (slug: string) => {
  const { rows } = await app.runtime.database.primary.pool.query<{ id: string }>(
    'SELECT id FROM category WHERE workspace_id = $1 AND slug = $2',
    [app.identity.workspaceId, slug],
  )
  return rows[0]?.id ?? ''
}
const FORBIDDEN = { code: 'forbidden', extra: { required_scope: 'prompts:release', who: ['Paul'] } }

/** What a change of a prompt with the label `production` is, in the hands of somebody. */
type Change = (actor: Actor, prompt: { name: string }) => Promise<unknown>
const RELEASES: [string, Change, string[]?][] = [
  ['a move', (actor, { name }) => setLabel(actor, { name, label: 'production', version: 1, if_match: '*' })],
  ['a removal', (actor, { name }) => deleteLabel(actor, { name, label: 'production', if_match: '*' })],
  [
    'a version that gets it',
    (actor, { name }) => createVersion(actor, { name, title: 'x', labels: ['production'], if_match: '*' }),
  ],
  ['archiving', (actor, { name }) => archivePrompt(actor, { name, if_match: '*' })],
  [
    'archiving by a patch',
    (actor, { name }) => patchPrompt(actor, { current_name: name, archived: true, if_match: '*' }),
  ],
  [
    'another name',
    (actor, { name }) => patchPrompt(actor, { current_name: name, name: uniqueName('new'), if_match: '*' }),
  ],
  [
    'an alias less',
    (actor, { name }) => patchPrompt(actor, { current_name: name, aliases: [], if_match: '*' }),
  ],
]

describe('a protected label', () => {
  it.each(RELEASES)('%s takes prompts:release, and names who has it', async (_what, change) => {
    const { name } = await make({ aliases: [uniqueName('alias')] })
    const refused = await refusal(change(again(editor), { name }))
    expect(refused).toMatchObject(FORBIDDEN)
    expect(refused.message).toMatch(/"production" is protected.*Ask Paul\.$/)
    expect(await getPrompt(again(editor), { name })).toMatchObject({ version: 1 })
    await change(again(publisher), { name })
  })

  it('keeps its prompt from being restored as well', async () => {
    const { name } = await make()
    await archivePrompt(again(publisher), { name, if_match: '*' })
    const restore = (actor: Actor) =>
      patchPrompt(again(actor), { current_name: name, archived: false, if_match: '*' })
    expect(await refusal(restore(editor))).toMatchObject(FORBIDDEN)
    expect((await restore(publisher)).archived).toBe(false)
  })

  it('leaves other changes to who may write, and prompts without one', async () => {
    const { name } = await make({ labels: ['production', 'staging'] })
    await setLabel(again(editor), { name, label: 'staging', version: 1, if_match: '*' })
    await deleteLabel(again(editor), { name, label: 'staging', if_match: '*' })
    await createVersion(again(editor), { name, title: 'x', labels: ['staging'], if_match: '*' })
    await patchPrompt(again(editor), {
      current_name: name,
      tags: ['x'],
      aliases: [uniqueName('more')],
      if_match: '*',
    })
    const free = await make({ labels: ['staging'] })
    const renamed = await patchPrompt(again(editor), {
      current_name: free.name,
      name: uniqueName('new'),
      archived: true,
      if_match: '*',
    })
    expect(renamed.archived).toBe(true)
  })

  it('takes no right to write from who may release alone', async () => {
    const { name } = await make()
    const releaser = actorLike(publisher, { scopes: new Set(['prompts:read', 'prompts:release']) })
    await setLabel(releaser, { name, label: 'production', version: 1, if_match: '*' })
    const version = createVersion(
      { ...releaser, request: testRequest() },
      { name, title: 'x', if_match: '*' },
    )
    expect(await refusal(version)).toMatchObject({ extra: { required_scope: 'prompts:write' } })
  })

  it('tells a service of nobody', async () => {
    const { name } = await make()
    const scopes = new Set(['prompts:read', 'prompts:write'] as const)
    const service: Actor = actorLike(editor, {
      scopes,
      credential: { kind: 'key', id: 'k', personActorId: null },
    })
    const refused = await refusal(setLabel(service, { name, label: 'production', version: 1, if_match: '*' }))
    expect(refused.extra).not.toHaveProperty('who')
    expect(refused.message).not.toContain('Paul')
  })
})

describe('a new prompt of somebody who may not release', () => {
  it('has no production label, and says how it gets there', async () => {
    const made = await createPrompt(again(editor), { name: uniqueName(), template_content: 'Hi' })
    expect(made).toMatchObject({ labels: [], notes: [{ code: 'not_released' }] })
    expect(made.notes?.[0]?.message).toContain(`PUT /api/prompts/${made.name}/labels/production`)
    expect(made.notes?.[0]?.message).toContain('Ask Paul.')
    const copy = await duplicatePrompt(again(editor), { current_name: made.name })
    expect(copy).toMatchObject({ labels: [], notes: [{ code: 'not_released' }] })
  })

  it('is not told what it asked for', async () => {
    const input = { name: uniqueName(), template_content: 'Hi' }
    expect(await createPrompt(again(editor), { ...input, labels: ['staging'] })).not.toHaveProperty('notes')
    const named = createPrompt(again(editor), { ...input, name: uniqueName(), labels: ['production'] })
    expect(await refusal(named)).toMatchObject(FORBIDDEN)
    const released = await createPrompt(again(publisher), { ...input, name: uniqueName() })
    expect(released.labels).toMatchObject([{ label: 'production' }])
    expect(released).not.toHaveProperty('notes')
  })
})

describe('many prompts at once', () => {
  it('are refused one by one, with who may', async () => {
    const [held, free] = [await make(), await make({ labels: ['staging'] })]
    const names = [held.name, free.name]
    const archived = await bulkPrompts(again(editor), { names, patch: { archived: true } })
    expect(archived.items).toMatchObject([
      { name: held.name, status: 'failed', problem: { code: 'forbidden', who: ['Paul'] } },
      { name: free.name, status: 'ok', changed: true },
    ])
    const tagged = await bulkPrompts(again(editor), { names, patch: { add_tags: ['x'] } })
    expect(tagged).toMatchObject({ changed: 2, failed: 0 })
    const all = await bulkPrompts(again(publisher), { names: [held.name], patch: { archived: true } })
    expect(all).toMatchObject({ changed: 1, failed: 0 })
  })
})

describe('a right that is limited to categories', () => {
  let mine: string
  let other: string
  let narrow: Actor
  let narrowPublisher: Actor
  beforeAll(async () => {
    mine = (await makeCategory(app.actor())).slug
    other = (await makeCategory(app.actor())).slug
    const categories = [await idOf(mine)]
    narrow = await makeMember(app.actor(), { role: 'editor', categories, display: 'Nele' })
    narrowPublisher = await makeMember(app.actor(), { role: 'publisher', categories, display: 'Nora' })
  })

  const CHANGES: [string, Change][] = [
    ['a version', (actor, { name }) => createVersion(actor, { name, title: 'x', if_match: '*' })],
    ['a label', (actor, { name }) => setLabel(actor, { name, label: 'staging', version: 1, if_match: '*' })],
    ['tags', (actor, { name }) => patchPrompt(actor, { current_name: name, tags: ['x'], if_match: '*' })],
    ['saved inputs', (actor, { name }) => createExample(actor, { prompt: name, name: 'x', values: {} })],
    ['a copy', (actor, { name }) => duplicatePrompt(actor, { current_name: name })],
  ]

  it.each(CHANGES)('covers %s there, and nowhere else', async (_what, change) => {
    await change(again(narrow), await make({ category: mine }))
    for (const category of [other, null])
      expect(await refusal(change(again(narrow), await make({ category })))).toMatchObject({
        code: 'forbidden',
        extra: { required_scope: 'prompts:write' },
      })
  })

  it('covers the category before and after a change', async () => {
    const move = async (from: string | null, to: string | null) =>
      patchPrompt(again(narrow), {
        current_name: (await make({ category: from })).name,
        category: to,
        if_match: '*',
      })
    for (const [from, to] of [
      [mine, other],
      [mine, null],
      [other, mine],
    ] as const)
      expect((await refusal(move(from, to))).code).toBe('forbidden')
    const wide = await makeMember(app.actor(), { categories: [await idOf(mine), await idOf(other)] })
    const { name } = await make({ category: mine })
    expect(
      (await patchPrompt(again(wide), { current_name: name, category: other, if_match: '*' })).category,
    ).toBe(other)
  })

  it('covers what is made', async () => {
    const input = { template_content: 'Hi' }
    const made = (category: string | null, actor = narrow) =>
      createPrompt(again(actor), { ...input, name: uniqueName(), category })
    expect(await made(mine)).toMatchObject({ category: mine, labels: [], notes: [{ code: 'not_released' }] })
    for (const category of [other, null]) expect((await refusal(made(category))).code).toBe('forbidden')
    expect((await made(mine, narrowPublisher)).labels).toMatchObject([{ label: 'production' }])
  })

  it('covers releases, and names who may in that category', async () => {
    const release = async (actor: Actor, category: string) =>
      setLabel(again(actor), {
        name: (await make({ category })).name,
        label: 'production',
        version: 1,
        if_match: '*',
      })
    expect((await release(narrowPublisher, mine)).version).toBe(1)
    expect(await refusal(release(narrowPublisher, other))).toMatchObject({
      message: expect.stringContaining('limited to other categories'),
      extra: { who: ['Paul'] },
    })
    expect((await refusal(release(narrow, mine))).extra.who).toEqual(['Nora', 'Paul'])
  })

  it('covers many prompts one by one', async () => {
    const names = [await make({ category: mine }), await make({ category: other })].map(({ name }) => name)
    const tagged = await bulkPrompts(again(narrow), { names, patch: { add_tags: ['x'] } })
    expect(tagged.items).toMatchObject([
      { status: 'ok' },
      { status: 'failed', problem: { code: 'forbidden' } },
    ])
    const moved = await bulkPrompts(again(narrow), { names: names.slice(0, 1), patch: { category: other } })
    expect(moved.items).toMatchObject([{ status: 'failed', problem: { code: 'forbidden' } }])
  })

  it('covers the categories themselves', async () => {
    const patch = (slug: string) =>
      patchCategory(again(narrow), { current_slug: slug, description: uniqueName() })
    await patch(mine)
    expect((await refusal(patch(other))).code).toBe('forbidden')
    expect((await refusal(deleteCategory(again(narrow), { slug: other }))).code).toBe('forbidden')
    for (const [slug, into] of [
      [mine, other],
      [other, mine],
    ] as const)
      expect((await refusal(mergeCategory(again(narrow), { slug, into }))).code).toBe('forbidden')
  })

  it('never narrows what is read', async () => {
    const { name } = await make({ category: other })
    expect((await getPrompt(again(narrow), { name })).category).toBe(other)
  })
})
