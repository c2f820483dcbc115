import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { listVersions } from '../prompts/operations/list-versions.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { makeCategory, makePrompt } from '../testing/factories.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { getImport } from './operations/get-import.ts'
import { listImports } from './operations/list-imports.ts'
import { undoImport } from './operations/undo-import.ts'
import type { ImportAnswer } from './schema.ts'
import { actions, bringTo, errorOf, file } from './testing.ts'

let app: TestRuntime
let bring: ReturnType<typeof bringTo>
beforeAll(async () => {
  app = await testRuntime()
  bring = bringTo(app)
})
afterAll(() => app.close())

const notes = (answer: ImportAnswer, name: string) =>
  answer.items
    .flatMap((item) => (item.name === name ? item.notes.map(({ message }) => message) : []))
    .join('\n')

async function counts() {
  const { rows } = await app.runtime.database.primary.pool.query(
    `SELECT (SELECT count(*) FROM prompt_template WHERE workspace_id = $1), (SELECT count(*) FROM prompt_version WHERE workspace_id = $1),
      (SELECT count(*) FROM audit_event WHERE workspace_id = $1), (SELECT count(*) FROM prompt_import WHERE workspace_id = $1)`,
    [app.identity.workspaceId],
  )
  return rows
}

describe('an import', () => {
  it('makes prompts with categories, tags, aliases, labels and what they include, in whatever order they come', async () => {
    const answer = await bring({
      'incipit.json': JSON.stringify({
        format_version: 1,
        source: { url: '', version: '', exported_at: '2026-01-01T00:00:00.000Z', revision: 1 },
        prompts: [],
      }),
      'support/a_reply.md': file(
        'name: a_reply\ntags: [Mail]\naliases: [answer]\nlabels: [staging]',
        '{% render "z_tone" %} Dear {{ who }}',
      ),
      'z_tone.md': file('name: z_tone\ndescription: How we speak', 'Be kind.'),
    })
    expect(answer.items).toMatchObject([
      {
        name: 'a_reply',
        action: 'create',
        version: 1,
        category: 'support',
        tags: ['mail'],
        labels: ['staging'],
      },
      { name: 'z_tone', action: 'create', version: 1, category: null, labels: ['production'] },
    ])
    expect(await getPrompt(app.actor(), { name: 'answer', label: 'staging' })).toMatchObject({
      name: 'a_reply',
      category: 'support',
      variables: [{ name: 'who', required: true }],
      includes: [{ ref: 'z_tone', name: 'z_tone', version: 1 }],
      labels: [{ label: 'staging', version: 1 }],
    })
    const event = await app.runtime.database.primary.prisma.auditEvent.findFirst({
      where: { workspace_id: app.identity.workspaceId, action: 'prompt.create', target_name: 'a_reply' },
    })
    expect(event?.after).toMatchObject({ category: 'support', version: 1, labels: ['staging'] })
  })

  it('makes a version of what is there, leaves what is like that, and finds the same checksum', async () => {
    await makePrompt(app.actor(), { name: 'same', title: 'Same', template_content: 'One {{ a }}' })
    await makePrompt(app.actor(), { name: 'other', template_content: 'Old {{ a }}' })
    const files = {
      'same.md': file('name: same\ntitle: Same', 'One {{ a }}'),
      'other.md': file('name: other\nmessage: From git', 'New {{ a }} {{ b }}'),
    }
    const answer = await bring(files)
    expect(actions(answer)).toEqual({ same: 'unchanged', other: 'version' })
    const now = await getPrompt(app.actor(), { name: 'other', label: 'latest' })
    expect(now).toMatchObject({
      version: 2,
      message: 'From git',
      labels: [{ label: 'production', version: 1 }],
    })
    expect(now.variables.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(actions(await bring(files))).toEqual({ same: 'unchanged', other: 'unchanged' })
  })

  it('tells in a dry run what it would do, and does nothing', async () => {
    const before = await counts()
    const answer = await bring({ 'dry.md': file('name: dry\ncategory: nowhere', 'x') }, { dry_run: 'true' })
    expect(answer).toMatchObject({
      id: null,
      counts: { create: 1 },
      items: [{ name: 'dry', action: 'create' }],
    })
    expect(notes(answer, 'dry')).toContain('"nowhere" is new')
    expect(await counts()).toEqual(before)
  })

  it('refuses item by item, with the line of the file, and makes the others', async () => {
    const answer = await bring(
      {
        'bad.md': file('name: bad\ntitle: x', 'fine\n{{ a | nofilter }}'),
        'good.md': file('name: good', 'fine'),
        'needs.md': file('name: needs', '{% render "missing_one" %}'),
        'needs_bad.md': file('name: needs_bad', '{% render "bad" %}'),
        'yaml.md': '---\nname: yaml\ntags: 1\n---\nx\n',
      },
      { plan: { format: 'incipit' } },
    )
    expect(actions(answer)).toEqual({
      bad: 'refused',
      good: 'create',
      needs: 'refused',
      needs_bad: 'refused',
      yaml: 'refused',
    })
    expect(answer.items[0]?.notes[0]).toMatchObject({ line: 6 })
    expect(notes(answer, 'needs')).toContain('Bring it along')
    expect(notes(answer, 'needs_bad')).toContain('is refused itself')
    expect(answer.items.at(-1)?.notes).toEqual([{ line: 3, message: '"tags" is a list, such as [one, two]' }])
  })

  it('refuses prompts that include each other in a circle, naming it', async () => {
    const answer = await bring({
      'c1.md': file('name: c1', '{% render "c2" %}'),
      'c2.md': file('name: c2', '{% render "c3" %}'),
      'c3.md': file('name: c3', '{% render "c1" %}'),
      'c4.md': file('name: c4', '{% render "c1" %}'),
      'free.md': file('name: free', 'x'),
    })
    expect(actions(answer)).toEqual({
      c1: 'refused',
      c2: 'refused',
      c3: 'refused',
      c4: 'refused',
      free: 'create',
    })
    expect(notes(answer, 'c1')).toContain('c1 → c2 → c3 → c1')
  })

  it('answers 422 with every item when nothing can be made, and keeps nothing', async () => {
    const before = await counts()
    const error = await errorOf(bring({ 'only.md': file('name: only', '{{ x | nofilter }}') }))
    expect(error).toMatchObject({
      code: 'unprocessable',
      extra: { items: [{ name: 'only', action: 'refused' }] },
    })
    expect(await counts()).toEqual(before)
  })

  it('refuses a plan that names what is not there, with its place, and imports nothing', async () => {
    const files = { 'there.md': file('name: there', 'x') }
    const items = [
      { source: { path: 'there.md' }, name: 'elsewhere' },
      { source: { path: 'their.md' }, skip: true },
      { source: { path: 'there.md', entry: '2' }, skip: true },
    ]
    for (const dry_run of ['true', 'false'] as const) {
      const error = await errorOf(bring(files, { plan: { items }, dry_run }))
      expect(error.code).toBe('invalid_input')
      expect(error.message).toContain('The plan names "their.md", of which nothing was read, and 1 more.')
      expect(error.details).toMatchObject([
        { path: ['plan', 'items', 1, 'source'], code: 'unknown_source' },
        {
          path: ['plan', 'items', 2, 'source'],
          message: 'No prompt was read from the entry "2" of "there.md"',
          hint: expect.stringContaining('items of a dry run'),
        },
      ])
    }
    expect(await errorOf(getPrompt(app.actor(), { name: 'elsewhere' }))).toMatchObject({ code: 'not_found' })
  })

  it('does as its plan says: other names and categories, skipped items, what becomes of taken names', async () => {
    await makeCategory(app.actor(), { slug: 'shelf' })
    await makePrompt(app.actor(), { name: 'taken', template_content: 'Old' })
    const files = {
      'taken.md': file('name: taken', 'New'),
      'more.md': file('name: more', 'x'),
      'left.md': file('name: left', 'x'),
    }
    const answer = await bring(files, {
      plan: {
        defaults: { on_conflict: 'rename', category: 'shelf', tags: ['brought'] },
        items: [
          { source: { path: 'more.md' }, name: 'renamed', category: null },
          { source: { path: 'left.md' }, skip: true },
        ],
      },
    })
    expect(answer.items).toMatchObject([
      { name: 'taken-2', action: 'create', category: 'shelf', tags: ['brought'] },
      { name: 'renamed', action: 'create', category: null },
      { name: 'left', action: 'skipped' },
    ])
    expect(
      actions(
        await bring(
          { 'taken.md': file('name: taken', 'New') },
          { plan: { defaults: { on_conflict: 'skip' } } },
        ),
      ),
    ).toEqual({ taken: 'skipped' })
    expect((await getPrompt(app.actor(), { name: 'taken' })).latest_version).toBe(1)
  })

  it('names both places of two items that become one name, or renames one', async () => {
    const files = {
      'one/mail.md': file('name: mail', 'a'),
      'incipit.json': '{}',
      'two/Mail.md': file('name: "Mail"', 'b'),
    }
    const answer = await bring(files, { dry_run: 'true' })
    expect(answer.items.map(({ action }) => action)).toContain('conflict')
    expect(notes(answer, 'mail')).toContain('one/mail.md and two/Mail.md both become "mail"')
    const renamed = await bring(files, { dry_run: 'true', plan: { defaults: { on_conflict: 'rename' } } })
    expect(renamed.items.filter(({ action }) => action === 'create').map(({ name }) => name)).toEqual([
      'mail',
      'mail-2',
    ])
  })

  it('brings history along: versions in order with their messages and labels, and later what is new', async () => {
    const files = {
      'incipit.json': '{}',
      'past.md': file('name: past\nmessage: third', 'three'),
      'past.versions/1.md': file('name: past\nmessage: first\nlabels: [production]', 'one'),
      'past.versions/2.md': file('name: past\nmessage: second', 'two'),
    }
    const answer = await bring(files)
    expect(answer.items.find(({ name }) => name === 'past')).toMatchObject({ action: 'create', version: 3 })
    const { items } = await listVersions(app.actor(), { name: 'past' })
    expect(items.map(({ message, labels }) => [message, labels])).toEqual([
      ['third', []],
      ['second', []],
      ['first', ['production']],
    ])
    const later = {
      ...files,
      'past.versions/3.md': files['past.md'],
      'past.md': file('name: past\nmessage: fourth', 'four'),
    }
    expect((await bring(later)).items.find(({ name }) => name === 'past')).toMatchObject({
      action: 'version',
      version: 4,
    })
  })

  it('moves labels only for who may release, and changes only categories that one may', async () => {
    const shelf = await makeCategory(app.actor(), { slug: 'mine' })
    const id = await categoryId(shelf.slug)
    const editor = actorLike(app.actor(), { role: 'editor' })
    const answer = await bring({ 'draft.md': file('name: draft\nlabels: [production]', 'x') }, {}, editor)
    expect(notes(answer, 'draft')).toContain('prompts:release')
    expect((await getPrompt(app.actor(), { name: 'draft', label: 'latest' })).labels).toEqual([])
    const narrow = actorLike(app.actor(), { categories: new Set([id]) })
    const some = await bring(
      { 'in.md': file('name: in\ncategory: mine', 'x'), 'out.md': file('name: out', 'x') },
      {},
      narrow,
    )
    expect(actions(some)).toEqual({ in: 'create', out: 'refused' })
  })

  it('takes the name of an archived prompt for that prompt, and restores it', async () => {
    await makePrompt(app.actor(), { name: 'sleeper', template_content: 'x' })
    const first = await bring({
      'sleeper.md': file('name: sleeper', 'y'),
      'fresh.md': file('name: fresh', 'y'),
    })
    await undoImport(app.actor(), { id: first.id ?? '' })
    expect((await errorOf(getPrompt(app.actor(), { name: 'fresh' }))).extra).toMatchObject({ archived: true })
    const again = await bring({ 'fresh.md': file('name: fresh', 'y') })
    expect(actions(again)).toEqual({ fresh: 'unchanged' })
    expect(notes(again, 'fresh')).toContain('restored')
    expect((await getPrompt(app.actor(), { name: 'fresh' })).archived).toBe(false)
  })
})

async function categoryId(slug: string): Promise<string> {
  const { prisma } = app.runtime.database.primary
  const row = await prisma.category.findFirstOrThrow({
    where: { workspace_id: app.identity.workspaceId, slug },
  })
  return row.id
}

describe('an import that is taken back', () => {
  it('archives what it made, and says again what was there before', async () => {
    await makePrompt(app.actor(), { name: 'u_old', title: 'Before', template_content: '{{ a }} before' })
    const answer = await bring({
      'u_old.md': file('name: u_old\ntitle: After\nlabels: [production, beta]', 'after'),
      'u_new.md': file('name: u_new', 'new'),
    })
    expect((await getPrompt(app.actor(), { name: 'u_old' })).title).toBe('After')
    const undone = await undoImport(app.actor(), { id: answer.id ?? '' })
    expect(undone).toMatchObject({ archived: 1, reverted: 1, labels: 2 })
    expect(await getPrompt(app.actor(), { name: 'u_old', label: 'latest' })).toMatchObject({
      version: 3,
      title: 'Before',
      template_content: '{{ a }} before',
      labels: [{ label: 'production', version: 1 }],
    })
    expect((await getPrompt(app.actor(), { name: 'u_old' })).title).toBe('Before')
    expect((await errorOf(getPrompt(app.actor(), { name: 'u_new' }))).extra).toMatchObject({ archived: true })
    expect(await errorOf(undoImport(app.actor(), { id: answer.id ?? '' }))).toMatchObject({
      code: 'conflict',
    })
    expect(await getImport(app.actor(), { id: answer.id ?? '' })).toMatchObject({
      counts: { create: 1, version: 1 },
      items: [{ name: 'u_old' }, { name: 'u_new' }],
      undone_by: { id: app.actor().id },
    })
  })

  it('is refused with the names of what changed since', async () => {
    const answer = await bring({
      'w1.md': file('name: w1', 'a'),
      'w2.md': file('name: w2', 'a'),
      'w3.md': file('name: w3', 'a'),
    })
    const w1 = await getPrompt(app.actor(), { name: 'w1' })
    await createVersion(app.actor(), { name: 'w1', if_match: w1.etag, template_content: 'b' })
    const w2 = await getPrompt(app.actor(), { name: 'w2' })
    await setLabel(app.actor(), { name: 'w2', label: 'beta', version: 1, if_match: w2.etag })
    await makePrompt(app.actor(), { name: 'w_user', template_content: '{% render "w3" %}' })
    const error = await errorOf(undoImport(app.actor(), { id: answer.id ?? '' }))
    expect(error).toMatchObject({ code: 'conflict', extra: { changed: ['w1', 'w2', 'w3'] } })
    expect(error.message).toContain('"w1" has a version 2 since')
    expect(error.message).toContain('"w3" is included by "w_user"')
    expect((await getImport(app.actor(), { id: answer.id ?? '' })).undone_at).toBeNull()
  })

  it('is listed, a page at a time', async () => {
    const { items, next_cursor } = await listImports(app.actor(), { limit: 2 })
    expect(items).toHaveLength(2)
    const rest = await listImports(app.actor(), { limit: 2, cursor: next_cursor ?? '' })
    expect(rest.items[0]?.id).not.toBe(items[1]?.id)
    expect(await errorOf(getImport(app.actor(), { id: app.identity.workspaceId }))).toMatchObject({
      code: 'not_found',
    })
  })
})
