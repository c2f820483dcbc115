import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../../testing/database.ts'
import { editorOf, makeColleague, viewerOf } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import type { CreatePromptInput, Prompt } from '../schema.ts'
import { archivePrompt } from './archive-prompt.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { getPrompt } from './get-prompt.ts'
import { getVersion } from './get-version.ts'
import { listVersions } from './list-versions.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

function make(input: Partial<CreatePromptInput> = {}): Promise<Prompt> {
  return createPrompt(app.actor(), { name: uniqueName(), template_content: 'Hi {{ who }}', ...input })
}

describe('createVersion', () => {
  it('starts from the newest version and moves no label', async () => {
    const first = await make({
      title: 'Title',
      description: 'About',
      config: { model: 'm' },
      variables: [{ name: 'who', description: 'whom to greet', max: 20 }],
      publish: { tool: true },
    })
    const input = { name: first.name, if_match: first.etag, title: 'Better', message: 'why' }
    const second = await createVersion(app.actor(), input)
    expect(second).toMatchObject({
      version: 2,
      latest_version: 2,
      label: 'latest',
      labels: [{ label: 'production', version: 1 }],
      title: 'Better',
      description: 'About',
      message: 'why',
      config: { model: 'm' },
      publish: { prompt: true, tool: true },
      template_content: 'Hi {{ who }}',
      variables: [{ name: 'who', description: 'whom to greet', max: 20 }],
      checksum: first.checksum,
    })
    expect(second.etag).not.toBe(first.etag)
    expect(await getPrompt(app.actor(), { name: first.name })).toMatchObject({ version: 1, title: 'Title' })
    expect(await getPrompt(app.actor(), { name: first.name, label: 'latest' })).toMatchObject({ version: 2 })
  })

  it('keeps the declarations of what the new text still uses', async () => {
    const first = await make({
      template_content: '{{ kept }} {{ gone }}',
      variables: [{ name: 'kept', type: 'integer', min: 1 }, 'gone'],
    })
    const input = { name: first.name, if_match: first.etag, template_content: '{{ kept }} {{ added }}' }
    const second = await createVersion(app.actor(), input)
    expect(second.variables).toEqual([
      { name: 'kept', type: 'integer', min: 1, required: true },
      { name: 'added', type: 'string', required: true },
    ])
    expect(second.warnings?.map((warning) => warning.code)).toEqual(['variable_added', 'variable_dropped'])
    expect(second.checksum).not.toBe(first.checksum)
  })

  it('keeps all declarations while the text stays', async () => {
    const first = await make({ variables: ['who', 'unused'] })
    const second = await createVersion(app.actor(), { name: first.name, if_match: first.etag, title: 'x' })
    expect(second.variables).toEqual(first.variables)
    expect(second.warnings).toEqual(first.warnings)
  })

  it('can turn a text into a chat', async () => {
    const first = await make()
    const messages = [{ role: 'user' as const, content: 'Hi {{ who }}' }]
    const second = await createVersion(app.actor(), { name: first.name, if_match: first.etag, messages })
    expect(second).toMatchObject({ kind: 'chat', messages })
    expect(second.template_content).toBeUndefined()
  })

  it('moves labels in the same change, with an event each', async () => {
    const first = await make()
    const labels = ['staging', 'production', 'staging']
    const second = await createVersion(app.actor(), { name: first.name, if_match: first.etag, labels })
    expect(second.labels.map(({ label, version }) => [label, version])).toEqual([
      ['production', 2],
      ['staging', 2],
    ])
    const { prisma } = app.runtime.database.primary
    const events = await prisma.labelEvent.findMany({
      where: { prompt_id: first.id },
      orderBy: { id: 'asc' },
    })
    expect(events.map(({ label, from_version, to_version }) => [label, from_version, to_version])).toEqual([
      ['production', null, 1],
      ['staging', null, 2],
      ['production', 1, 2],
    ])
  })

  it('takes base_version in place of an ETag', async () => {
    const first = await make()
    const second = await createVersion(app.actor(), { name: first.name, base_version: 1, title: 'two' })
    expect(second.version).toBe(2)
    const stale = createVersion(app.actor(), { name: first.name, base_version: 1, title: 'other' })
    expect(await refusal(stale)).toMatchObject({
      code: 'precondition_failed',
      extra: { current_etag: second.etag, latest_version: 2 },
    })
  })

  it('updates what search reads', async () => {
    const first = await make()
    await createVersion(app.actor(), {
      name: first.name,
      if_match: first.etag,
      title: 'Walrus',
      template_content: 'tusks {{ who }}',
    })
    const { prisma } = app.runtime.database.primary
    const row = await prisma.promptSearch.findFirstOrThrow({ where: { prompt_id: first.id } })
    expect(row).toMatchObject({ name: first.name, title: 'Walrus', body: 'tusks {{ who }}' })
  })

  it('names its author', async () => {
    const first = await make()
    const colleague = await makeColleague(app.actor(), 'Ada')
    const second = await createVersion(colleague, { name: first.name, if_match: first.etag, title: 'x' })
    expect(second.author).toMatchObject({ id: colleague.id, display: 'Ada' })
  })

  it('refuses without a precondition, and with a stale one', async () => {
    const first = await make()
    const blind = createVersion(app.actor(), { name: first.name, title: 'x' })
    expect(await refusal(blind)).toMatchObject({ code: 'precondition_required' })
    const second = await createVersion(app.actor(), { name: first.name, if_match: first.etag, title: 'x' })
    const stale = createVersion(app.actor(), { name: first.name, if_match: first.etag, title: 'y' })
    expect(await refusal(stale)).toMatchObject({
      code: 'precondition_failed',
      extra: { current_etag: second.etag },
    })
  })

  it('refuses unknown and archived prompts', async () => {
    const none = createVersion(app.actor(), { name: 'nothing', if_match: '"x"' })
    expect(await refusal(none)).toMatchObject({ code: 'not_found' })
    const first = await make()
    await archivePrompt(app.actor(), { name: first.name, if_match: first.etag })
    const gone = createVersion(app.actor(), { name: first.name, if_match: '*' })
    expect(await refusal(gone)).toMatchObject({ code: 'not_found', extra: { archived: true } })
  })

  it('refuses a viewer, and labels to an actor who may not release', async () => {
    const first = await make()
    const input = { name: first.name, if_match: first.etag, title: 'x' }
    expect(await refusal(createVersion(viewerOf(app.actor()), input))).toMatchObject({ code: 'forbidden' })
    const release = createVersion(editorOf(app.actor()), { ...input, labels: ['production'] })
    expect(await refusal(release)).toMatchObject({
      code: 'forbidden',
      extra: { required_scope: 'prompts:release' },
    })
    expect(await createVersion(editorOf(app.actor()), input)).toMatchObject({ version: 2 })
  })

  it('refuses what cannot be saved and leaves nothing behind', async () => {
    const first = await make()
    const wrong = { name: first.name, if_match: first.etag, template_content: '{{ x }}', variables: ['y'] }
    expect(await refusal(createVersion(app.actor(), wrong))).toMatchObject({ code: 'unprocessable' })
    expect(await getPrompt(app.actor(), { name: first.name, label: 'latest' })).toMatchObject({
      latest_version: 1,
      etag: first.etag,
    })
  })

  it('keeps versions immutable in the database', async () => {
    const first = await make()
    // Their owner is refused as well; the app's role has no right to try.
    await withClient(app.database.ownerUrl, async (owner) => {
      const change = owner.query(`UPDATE prompt_version SET title = 'other' WHERE prompt_id = $1`, [first.id])
      await expect(change).rejects.toThrow('immutable')
      await expect(
        owner.query('DELETE FROM prompt_version WHERE prompt_id = $1', [first.id]),
      ).rejects.toThrow('immutable')
    })
  })
})

describe('getVersion and listVersions', () => {
  it('tell every version, newest first, a page at a time', async () => {
    const first = await make()
    for (const base_version of [1, 2, 3, 4])
      await createVersion(app.actor(), { name: first.name, base_version, title: `after ${base_version}` })
    const one = await listVersions(app.actor(), { name: first.name, limit: 2 })
    expect(one.items.map((item) => item.version)).toEqual([5, 4])
    expect(one.items[0]).toMatchObject({
      name: first.name,
      title: 'after 4',
      labels: [],
      author: { kind: 'person' },
    })
    expect(one.items[0]).not.toHaveProperty('template_content')
    const cursor = one.next_cursor ?? ''
    const two = await listVersions(app.actor(), { name: first.name, limit: 3, cursor })
    expect(two.items.map((item) => [item.version, item.labels])).toEqual([
      [3, []],
      [2, []],
      [1, ['production']],
    ])
    expect(two.next_cursor).toBeNull()
    const other = await make()
    const foreign = listVersions(app.actor(), { name: other.name, cursor })
    expect(await refusal(foreign)).toMatchObject({ code: 'invalid_input', details: [{ path: ['cursor'] }] })
    const large = listVersions(app.actor(), { name: first.name, limit: 201 })
    expect(await refusal(large)).toMatchObject({ code: 'invalid_input', details: [{ path: ['limit'] }] })
  })

  it('give the source of any version', async () => {
    const first = await make({ title: 'one' })
    await createVersion(app.actor(), { name: first.name, base_version: 1, template_content: 'two' })
    const version = await getVersion(app.actor(), { name: first.name, version: 1 })
    expect(version).toMatchObject({
      name: first.name,
      version: 1,
      title: 'one',
      template_content: 'Hi {{ who }}',
      labels: ['production'],
      includes: [],
    })
    const none = getVersion(app.actor(), { name: first.name, version: 3 })
    expect(await refusal(none)).toMatchObject({ code: 'not_found', extra: { latest_version: 2 } })
  })
})
