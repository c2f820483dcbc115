import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntilBlocked } from '../testing/blocked.ts'
import { withClient } from '../testing/database.ts'
import { makeOtherWorkspace, viewerOf } from '../testing/factories.ts'
import { makePromptRow } from '../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { createCategory } from './operations/create-category.ts'
import { deleteCategory } from './operations/delete-category.ts'
import { listCategories } from './operations/list-categories.ts'
import { patchCategory } from './operations/patch-category.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { categories: 12 } })
})
afterAll(() => app.close())

const slugs = async () => (await listCategories(app.actor())).categories.map(({ slug }) => slug)

describe('createCategory', () => {
  it('puts a category last and gives it a color', async () => {
    const actor = app.actor()
    const one = await createCategory(actor, { slug: 'one', name: 'One' })
    const two = await createCategory(app.actor(), { slug: 'two', name: 'Two' })
    expect(two.position).toBe(one.position + 1)
    expect(one).toMatchObject({
      description: '',
      prompt_count: 0,
      color: expect.stringMatching(/^#[0-9a-f]{6}$/),
    })
    expect(actor.request.outcome.revision).toBeGreaterThan(0)
    expect(await slugs()).toEqual(['one', 'two'])
  })

  it('refuses a taken slug with conflict, also when two come at once', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, () => createCategory(app.actor(), { slug: 'same', name: 'Same' })),
    )
    const refused = attempts.filter((attempt) => attempt.status === 'rejected')
    expect(refused).toHaveLength(4)
    for (const each of refused) expect(each.reason).toMatchObject({ code: 'conflict' })
  })

  it('refuses a viewer, and keeps workspaces apart', async () => {
    await expect(createCategory(viewerOf(app.actor()), { slug: 'x', name: 'X' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    const other = await makeOtherWorkspace()
    expect(await listCategories(other)).toEqual({ categories: [] })
    await createCategory(other, { slug: 'one', name: 'Theirs' })
    await expect(patchCategory(other, { current_slug: 'two', name: 'Mine' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('stops at limits.categories', async () => {
    const until = async () => {
      for (let index = 0; index < 12; index++)
        await createCategory(app.actor(), { slug: `many-${index}`, name: 'Many' })
    }
    await expect(until()).rejects.toMatchObject({ extra: { limit: 'limits.categories' } })
    for (const slug of (await slugs()).filter((slug) => slug.startsWith('many')))
      await deleteCategory(app.actor(), { slug })
  })
})

describe('patchCategory', () => {
  it('changes what is given, and its slug everywhere', async () => {
    await createCategory(app.actor(), { slug: 'old', name: 'Old', description: 'kept' })
    await makePromptRow(app.actor(), { category: 'old' })
    const patched = await patchCategory(app.actor(), {
      current_slug: 'old',
      slug: 'fresh',
      name: 'Fresh',
      position: 0,
    })
    expect(patched).toMatchObject({
      slug: 'fresh',
      name: 'Fresh',
      description: 'kept',
      position: 0,
      prompt_count: 1,
    })
    expect(await slugs()).toContain('fresh')
    expect(await slugs()).not.toContain('old')
  })

  it('refuses a slug that another category has', async () => {
    await expect(patchCategory(app.actor(), { current_slug: 'one', slug: 'two' })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('changes nothing and records nothing when nothing differs', async () => {
    const actor = app.actor()
    await patchCategory(actor, { current_slug: 'one', name: 'One' })
    expect(actor.request.outcome.revision).toBeUndefined()
  })

  it('records what it was and what it is, with the lists that show it', async () => {
    await patchCategory(app.actor(), { current_slug: 'one', description: 'The first' })
    const event = await app.runtime.database.primary.prisma.auditEvent.findFirst({
      orderBy: { revision: 'desc' },
    })
    expect(event).toMatchObject({
      action: 'category.update',
      target_name: 'one',
      before: { description: '' },
      after: { description: 'The first' },
      lists: [{ list: 'resources', label: null, category: 'one' }],
    })
  })
})

describe('deleteCategory', () => {
  it('deletes an empty one', async () => {
    await createCategory(app.actor(), { slug: 'empty', name: 'Empty' })
    await deleteCategory(app.actor(), { slug: 'empty' })
    expect(await slugs()).not.toContain('empty')
    await expect(deleteCategory(app.actor(), { slug: 'empty' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('refuses one with prompts, archived ones included', async () => {
    await createCategory(app.actor(), { slug: 'full', name: 'Full' })
    const { id } = await makePromptRow(app.actor(), { category: 'full' })
    await app.runtime.database.primary.prisma.promptTemplate.update({
      where: { id },
      data: { archived_at: new Date() },
    })
    await expect(deleteCategory(app.actor(), { slug: 'full' })).rejects.toMatchObject({
      code: 'conflict',
      extra: { prompt_count: 1 },
    })
  })

  it('refuses one that a prompt enters meanwhile', async () => {
    await createCategory(app.actor(), { slug: 'busy', name: 'Busy' })
    const { id } = await makePromptRow(app.actor())
    await withClient(app.database.url, async (client) => {
      await client.query('BEGIN')
      await client.query(
        `UPDATE prompt_template SET category_id = (SELECT id FROM category WHERE slug = 'busy') WHERE id = $1`,
        [id],
      )
      const outcome = Promise.allSettled([deleteCategory(app.actor(), { slug: 'busy' })])
      await waitUntilBlocked(app.database.url)
      await client.query('COMMIT')
      expect(await outcome).toMatchObject([{ status: 'rejected', reason: { code: 'conflict' } }])
    })
  })
})

describe('listCategories', () => {
  it('counts active prompts and follows their changes', async () => {
    await createCategory(app.actor(), { slug: 'counted', name: 'Counted' })
    const count = async () =>
      (await listCategories(app.actor())).categories.find((each) => each.slug === 'counted')?.prompt_count
    expect(await count()).toBe(0)
    await makePromptRow(app.actor(), { category: 'counted' })
    expect(await count()).toBe(1)
    expect(await listCategories(app.actor())).toBe(await listCategories(app.actor()))
  })
})
