import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteCategory } from '../categories/operations/delete-category.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { makeCategory, makePrompt } from '../testing/factories.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { undoImport } from './operations/undo-import.ts'
import type { ImportAnswer } from './schema.ts'
import { bringTo, errorOf, file } from './testing.ts'

let app: TestRuntime
let bring: ReturnType<typeof bringTo>
beforeAll(async () => {
  app = await testRuntime()
  bring = bringTo(app)
  for (const slug of ['mail', 'sales']) await makeCategory(app.actor(), { slug })
})
afterAll(() => app.close())

const said = ({ items: [item] }: ImportAnswer) => item?.notes.map(({ message }) => message).join('\n') ?? ''
const now = (name: string) => getPrompt(app.actor(), { name, label: 'latest' })

/** A prompt on a shelf, whose text is always the same. */
function make(name: string) {
  const shelf = { category: 'mail', tags: ['old'], aliases: [`${name}-before`] }
  return makePrompt(app.actor(), { name, template_content: 'Text', ...shelf })
}

describe('a prompt that is there', () => {
  it('gets category, tags and aliases of its file, is told so before, and goes back with the import', async () => {
    await make('moved')
    const files = {
      'moved.md': file('name: moved\ncategory: fresh\ntags: [New]\naliases: [moved-after]', 'Text'),
    }
    const dry = await bring(files, { dry_run: 'true' })
    expect(dry.items).toMatchObject([{ action: 'unchanged', category: 'fresh', tags: ['new'] }])
    expect(said(dry)).toContain('Its category is "fresh" then; "mail" before')
    expect(said(dry)).toContain('Its tags are new then; old before')
    expect(said(dry)).toContain('Aliases that come: moved-after')
    expect(said(dry)).toContain('Aliases that go: moved-before')
    expect(await now('moved')).toMatchObject({ category: 'mail' })

    const made = await bring(files)
    const moved = { version: 1, category: 'fresh', tags: ['new'], aliases: ['moved-after'] }
    expect(await now('moved-after')).toMatchObject({ name: 'moved', ...moved })
    expect(await errorOf(now('moved-before'))).toMatchObject({ code: 'not_found' })
    const entry = await app.runtime.database.primary.prisma.auditEvent.findFirst({
      where: { workspace_id: app.identity.workspaceId, action: 'prompt.update', target_name: 'moved' },
    })
    expect(entry).toMatchObject({
      before: { category: 'mail', tags: ['old'], aliases: ['moved-before'] },
      after: { category: 'fresh', tags: ['new'], aliases: ['moved-after'] },
    })
    expect(said(await bring(files))).toBe('')

    await undoImport(app.actor(), { id: made.id ?? '' })
    expect(await now('moved-before')).toMatchObject({
      category: 'mail',
      tags: ['old'],
      aliases: ['moved-before'],
    })
    expect(await errorOf(now('moved-after'))).toMatchObject({ code: 'not_found' })
  })

  it('keeps what its file leaves out, and loses what the file says is empty', async () => {
    await make('kept')
    const answer = await bring({ 'sales/kept.md': file('name: kept', 'Other text') })
    expect(said(answer)).toBe('')
    const shelf = { category: 'mail', tags: ['old'], aliases: ['kept-before'] }
    expect(await now('kept')).toMatchObject({ version: 2, ...shelf })
    await bring({ 'kept.md': file('name: kept\ntags: []\naliases: []', 'Other text') })
    expect(await now('kept')).toMatchObject({ version: 2, category: 'mail', tags: [], aliases: [] })
  })

  it('gets the category that the plan names for it, and of other tools nothing else', async () => {
    await make('planned')
    const plan = {
      defaults: { category: 'nowhere', tags: ['brought'] },
      items: [{ source: { path: 'planned.prompt' }, category: 'sales' }],
    }
    await bring({ 'planned.prompt': '---\nmodel: x\n---\nText' }, { plan })
    expect(await now('planned')).toMatchObject({
      category: 'sales',
      tags: ['old'],
      aliases: ['planned-before'],
    })
  })

  it('is a conflict where an alias is another prompt’s, which is named', async () => {
    await make('first')
    await make('second')
    const answer = await bring({
      'second.md': file('name: second\naliases: [first-before]', 'Text'),
      'other.md': file('name: other', 'x'),
    })
    expect(answer.items).toMatchObject([{ name: 'second', action: 'conflict' }, { action: 'create' }])
    expect(said(answer)).toContain('The alias "first-before" is a name of the prompt "first"')
    expect(await now('second')).toMatchObject({ aliases: ['second-before'] })
  })

  it('loses no alias, and leaves no category, by somebody who may not', async () => {
    await make('guarded')
    const editor = actorLike(app.actor(), { role: 'editor' })
    const stays = await bring(
      { 'guarded.md': file('name: guarded\naliases: [guarded-too]', 'Text') },
      {},
      editor,
    )
    expect(said(stays)).toContain('prompts:release: guarded-before')
    expect(await now('guarded')).toMatchObject({ aliases: ['guarded-before', 'guarded-too'] })
    const { prisma } = app.runtime.database.primary
    const mail = await prisma.category.findFirstOrThrow({
      where: { workspace_id: app.identity.workspaceId, slug: 'mail' },
    })
    const narrow = actorLike(app.actor(), { categories: new Set([mail.id]) })
    const refused = await errorOf(
      bring({ 'guarded.md': file('name: guarded\ncategory: sales', 'Text') }, {}, narrow),
    )
    expect(refused.message).toContain('does not reach the category "sales"')
    expect(await now('guarded')).toMatchObject({ category: 'mail' })
  })

  it('does not go back to what is gone or taken since, which is named', async () => {
    await makeCategory(app.actor(), { slug: 'short' })
    const { etag } = await make('lost')
    await patchPrompt(app.actor(), { current_name: 'lost', category: 'short', if_match: etag })
    const made = await bring({ 'lost.md': file('name: lost\ncategory: sales\naliases: []', 'Text') })
    await makePrompt(app.actor(), { name: 'lost-before' })
    await deleteCategory(app.actor(), { slug: 'short' })
    const error = await errorOf(undoImport(app.actor(), { id: made.id ?? '' }))
    expect(error.message).toContain('"lost" was in the category "short", which is gone')
    expect(error.message).toContain('had the alias "lost-before"')
  })
})
