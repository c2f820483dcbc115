import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { bulkPrompts } from '../prompts/operations/bulk-prompts.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { waitUntilBlocked } from '../testing/blocked.ts'
import { withClient } from '../testing/database.ts'
import { makeCategory, makePrompt, viewerOf } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { createCategory } from './operations/create-category.ts'
import { listCategories } from './operations/list-categories.ts'
import { mergeCategory } from './operations/merge-category.ts'
import { orderCategories } from './operations/order-categories.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { bulk_names: 2 } })
})
afterAll(() => app.close())

const slugs = async () => (await listCategories(app.actor())).categories.map(({ slug }) => slug)
const countOf = async (slug: string) =>
  (await listCategories(app.actor())).categories.find((each) => each.slug === slug)?.prompt_count

describe('mergeCategory', () => {
  it('moves every prompt, archived ones too, deletes the old one, and can be taken back', async () => {
    await makeCategory(app.actor(), {
      slug: 'old',
      description: 'The old one',
      color: '#112233',
      position: 7,
    })
    await makeCategory(app.actor(), { slug: 'kept' })
    const active = await makePrompt(app.actor(), { category: 'old' })
    await makePrompt(app.actor(), { category: 'old' })
    const gone = await makePrompt(app.actor(), { category: 'old' })
    await archivePrompt(app.actor(), { name: gone.name, if_match: gone.etag })
    await makePrompt(app.actor(), { category: 'kept' })
    expect(await getPrompt(app.actor(), { name: active.name })).toMatchObject({ category: 'old' })

    const answer = await mergeCategory(app.actor(), { slug: 'old', into: 'kept' })
    expect(answer).toMatchObject({ moved: 3, into: { slug: 'kept', prompt_count: 3 } })
    expect(await slugs()).toEqual(['kept'])
    expect(await countOf('kept')).toBe(3)
    const moved = await getPrompt(app.actor(), { name: active.name })
    expect(moved.category).toBe('kept')
    expect(moved.etag).not.toBe(active.etag)

    await createCategory(app.actor(), answer.undo.category)
    expect(answer.undo.bulk).toHaveLength(2)
    for (const body of answer.undo.bulk) expect((await bulkPrompts(app.actor(), body)).failed).toBe(0)
    expect(answer.undo.category).toMatchObject({ description: 'The old one', color: '#112233', position: 7 })
    expect([await countOf('old'), await countOf('kept')]).toEqual([2, 1])
  })

  it('leaves one line with the names of all that moved', async () => {
    await makeCategory(app.actor(), { slug: 'from' })
    await makeCategory(app.actor(), { slug: 'to' })
    const { name } = await makePrompt(app.actor(), { category: 'from' })
    const actor = app.actor()
    await mergeCategory(actor, { slug: 'from', into: 'to' })
    const event = await app.runtime.database.primary.prisma.auditEvent.findFirst({
      where: { revision: actor.request.outcome.revision ?? -1, action: 'category.merge' },
    })
    expect(event).toMatchObject({ target_name: 'from', before: { prompts: [name] }, after: { into: 'to' } })
  })

  it('refuses itself, what is not there, and a viewer', async () => {
    await makeCategory(app.actor(), { slug: 'lonely' })
    const merge = (slug: string, into: string) => refusal(mergeCategory(app.actor(), { slug, into }))
    expect(await merge('lonely', 'lonely')).toMatchObject({ code: 'unprocessable' })
    expect(await merge('lonely', 'nowhere')).toMatchObject({ code: 'unprocessable' })
    expect(await merge('nowhere', 'lonely')).toMatchObject({ code: 'not_found' })
    const viewer = mergeCategory(viewerOf(app.actor()), { slug: 'lonely', into: 'kept' })
    expect(await refusal(viewer)).toMatchObject({ code: 'forbidden' })
  })

  it('tells who moves a prompt into it meanwhile that it is gone', async () => {
    await makeCategory(app.actor(), { slug: 'closing' })
    const { name, etag } = await makePrompt(app.actor())
    await withClient(app.database.url, async (client) => {
      await client.query('BEGIN')
      await client.query(`DELETE FROM category WHERE slug = 'closing'`)
      const late = refusal(
        patchPrompt(app.actor(), { current_name: name, category: 'closing', if_match: etag }),
      )
      await waitUntilBlocked(app.database.url)
      await client.query('COMMIT')
      expect(await late).toMatchObject({ code: 'unprocessable' })
    })
  })

  it('and bulk changes in both directions end without a deadlock', async () => {
    await makeCategory(app.actor(), { slug: 'left' })
    await makeCategory(app.actor(), { slug: 'right' })
    const prompts = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        makePrompt(app.actor(), { category: n % 2 === 0 ? 'left' : 'right' }),
      ),
    )
    const names = prompts.map(({ name }) => name)
    const outcomes = await Promise.allSettled([
      bulkPrompts(app.actor(), { names: names.slice(0, 2), patch: { category: 'right' } }),
      mergeCategory(app.actor(), { slug: 'left', into: 'right' }),
      bulkPrompts(app.actor(), { names: names.slice(1, 3), patch: { category: 'right', add_tags: ['x'] } }),
      orderCategories(app.actor(), { slugs: ['right'] }),
      patchPrompt(app.actor(), { current_name: names[4] ?? '', category: 'right', if_match: '*' }),
    ])
    const done = 'fulfilled'
    expect(outcomes.map(({ status }) => status)).toEqual([done, done, done, 'rejected', done])
    expect(outcomes[3]).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
    expect(await slugs()).not.toContain('left')
    expect(await countOf('right')).toBe(6)
  })
})

describe('orderCategories', () => {
  it('puts all in the order that is given, on record, and nothing when they are so already', async () => {
    const before = await slugs()
    const wanted = before.toReversed()
    const actor = app.actor()
    const { categories } = await orderCategories(actor, { slugs: wanted })
    expect(categories.map(({ slug, position }) => [slug, position])).toEqual(
      wanted.map((slug, n) => [slug, n]),
    )
    expect(await slugs()).toEqual(wanted)
    const event = await app.runtime.database.primary.prisma.auditEvent.findFirst({
      where: { revision: actor.request.outcome.revision ?? -1 },
    })
    expect(event).toMatchObject({
      action: 'category.order',
      before: { slugs: before },
      after: { slugs: wanted },
    })
    const again = app.actor()
    await orderCategories(again, { slugs: wanted })
    expect(again.request.outcome.revision).toBeUndefined()
  })

  it('refuses a list that is not that of all categories, and one that names a slug twice', async () => {
    const [first = '', ...rest] = await slugs()
    const partly = await refusal(orderCategories(app.actor(), { slugs: [...rest, 'nowhere'] }))
    expect(partly).toMatchObject({ code: 'conflict', extra: { missing: [first], unknown: ['nowhere'] } })
    const twice = await refusal(orderCategories(app.actor(), { slugs: [first, first, ...rest] }))
    expect(twice).toMatchObject({ code: 'unprocessable', details: [{ path: ['slugs', 1] }] })
    const viewer = orderCategories(viewerOf(app.actor()), { slugs: [first, ...rest] })
    expect(await refusal(viewer)).toMatchObject({ code: 'forbidden' })
  })
})
