import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { longestTurnMs } from '../../testing/time/processor-time.ts'
import type { CreatePromptInput, Prompt } from '../schema.ts'
import { archivePrompt } from './archive-prompt.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { deleteLabel } from './delete-label.ts'
import { getPrompt } from './get-prompt.ts'
import { getVersion } from './get-version.ts'
import { listUsedBy } from './list-used-by.ts'
import { patchPrompt } from './patch-prompt.ts'
import { renderDraft } from './render-draft.ts'
import { renderPrompt } from './render-prompt.ts'
import { setLabel } from './set-label.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { includes: 7, include_bytes: 5_000 } })
})
afterAll(() => app.close())

function make(text: string, input: Partial<CreatePromptInput> = {}): Promise<Prompt> {
  return createPrompt(app.actor(), { name: uniqueName(), template_content: text, ...input })
}

function release(prompt: Prompt, text: string): Promise<Prompt> {
  const { name, latest_version: base_version } = prompt
  return createVersion(app.actor(), { name, base_version, template_content: text, labels: ['production'] })
}

describe('includes', () => {
  it('are pinned when the version is saved: its output never changes', async () => {
    const part = await make('one')
    const whole = await make(`<{% render "${part.name}" %}>`)
    expect(whole.includes).toEqual([
      { ref: part.name, name: part.name, version: 1, checksum: part.checksum, newer: null },
    ])
    await release(part, 'two')
    expect(await renderPrompt(app.actor(), { name: whole.name })).toMatchObject({
      content: '<one>',
      includes: [{ name: part.name, version: 1, checksum: part.checksum }],
    })
    expect(await getPrompt(app.actor(), { name: whole.name })).toMatchObject({ includes: [{ newer: 2 }] })
  })

  it('are pinned anew by a version that changes nothing else', async () => {
    const part = await make('one')
    const whole = await make(`<{% render "${part.name}" %}>`)
    await release(part, 'two')
    const refreshed = await createVersion(app.actor(), {
      name: whole.name,
      base_version: 1,
      labels: ['production'],
    })
    expect(refreshed.includes).toMatchObject([{ version: 2, newer: null }])
    expect(refreshed.checksum).not.toBe(whole.checksum)
    expect(await renderPrompt(app.actor(), { name: whole.name })).toMatchObject({ content: '<two>' })
    expect(await renderPrompt(app.actor(), { name: whole.name, version: 1 })).toMatchObject({
      content: '<one>',
    })
  })

  it('mean production, else the newest, or the version they name', async () => {
    const part = await make('one')
    await createVersion(app.actor(), { name: part.name, base_version: 1, template_content: 'two' })
    const text = `{% render "${part.name}" %} {% render "${part.name}@2" %}`
    const whole = await make(text)
    expect(await renderPrompt(app.actor(), { name: whole.name })).toMatchObject({ content: 'one two' })
    await deleteLabel(app.actor(), { name: part.name, label: 'production', if_match: '*' })
    const second = await make(text)
    expect(await renderPrompt(app.actor(), { name: second.name })).toMatchObject({ content: 'two two' })
    expect(second.includes.map(({ ref, version, newer }) => [ref, version, newer])).toEqual([
      [part.name, 2, null],
      [`${part.name}@2`, 2, null],
    ])
  })

  it('are found by an alias, and named by their current name after a rename', async () => {
    const alias = uniqueName('alias')
    const part = await make('one', { aliases: [alias] })
    const whole = await make(`{% render "${alias}" %}`)
    expect(whole.includes).toMatchObject([{ ref: alias, name: part.name }])
    await getPrompt(app.actor(), { name: whole.name })
    const renamed = uniqueName('renamed')
    await patchPrompt(app.actor(), { current_name: part.name, if_match: '*', name: renamed })
    expect(await getPrompt(app.actor(), { name: whole.name })).toMatchObject({
      includes: [{ name: renamed }],
    })
    expect(await renderPrompt(app.actor(), { name: whole.name })).toMatchObject({
      includes: [{ name: renamed, version: 1 }],
    })
  })

  it('pass only what is passed, and keep their closure', async () => {
    const inner = await make('[{{ x }}]')
    const middle = await make(`({% render "${inner.name}", x: y %})`)
    const outer = await make(`{% render "${middle.name}", y: z %}{% render "${inner.name}", x: "!" %}`)
    const { content, includes } = await renderPrompt(app.actor(), { name: outer.name, variables: { z: 'Z' } })
    expect(content).toBe('([Z])[!]')
    expect(includes.map((include) => include.name)).toEqual([inner.name, middle.name].toSorted())
    const { prisma } = app.runtime.database.primary
    const version = await prisma.promptVersion.findFirstOrThrow({ where: { prompt_id: outer.id } })
    const rows = await prisma.versionInclude.findMany({
      where: { version_id: version.id },
      orderBy: { depth: 'asc' },
    })
    expect(rows.map((row) => `${row.ref} ${row.depth}`).toSorted()).toEqual(
      [`${inner.name} 1`, `${inner.name} 2`, `${middle.name} 1`].toSorted(),
    )
  })

  it('may include an earlier version of the same prompt, so that no cycle can arise', async () => {
    const first = await make('base')
    const second = await createVersion(app.actor(), {
      name: first.name,
      base_version: 1,
      template_content: `more than {% render "${first.name}" %}`,
      labels: ['production'],
    })
    expect(second.includes).toMatchObject([{ name: first.name, version: 1 }])
    expect(await renderPrompt(app.actor(), { name: first.name })).toMatchObject({ content: 'more than base' })
    const used = await listUsedBy(app.actor(), { name: first.name })
    expect(used.items).toEqual([])
  })

  it('are refused deeper than five levels', async () => {
    let below = await make('x')
    for (let level = 1; level <= 5; level++) below = await make(`{% render "${below.name}" %}`)
    const refused = make(`{% render "${below.name}" %}`)
    expect(await refusal(refused)).toMatchObject({
      code: 'too_large',
      extra: { limit: 'limits.include_depth' },
      details: [{ code: 'include_depth', path: ['template_content'], range: { start: 0 } }],
    })
    expect(await renderPrompt(app.actor(), { name: below.name })).toMatchObject({ content: 'x' })
  })

  it('are refused beyond the configured number', async () => {
    const parts = await Promise.all(Array.from({ length: 8 }, () => make('x')))
    const refused = make(parts.map((part) => `{% render "${part.name}" %}`).join(''))
    expect(await refusal(refused)).toMatchObject({ code: 'too_large', extra: { limit: 'limits.includes' } })
  })

  it('are refused with their places when they are unknown, archived or chats', async () => {
    const archived = await make('x')
    await archivePrompt(app.actor(), { name: archived.name, if_match: '*' })
    const chat = await createPrompt(app.actor(), {
      name: uniqueName(),
      messages: [{ role: 'user', content: 'x' }],
    })
    const known = await make('x')
    const text = [
      'line one',
      '{% render "nothing" %}',
      `{% render "${archived.name}" %}`,
      `{% render "${chat.name}" %}`,
      `{% render "${known.name}@9" %}`,
    ].join('\n')
    const refused = await refusal(make(text))
    expect(refused.code).toBe('unprocessable')
    const places = refused.details.map(({ code, path, range }) => [range?.line, code, path])
    expect(places.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
      [2, 'unknown_include', ['template_content']],
      [3, 'archived_include', ['template_content']],
      [4, 'chat_include', ['template_content']],
      [5, 'unknown_include', ['template_content']],
    ])
  })

  it('must be passed what they require', async () => {
    const part = await make('{{ needed }}')
    expect(await refusal(make(`{% render "${part.name}" %}`))).toMatchObject({
      code: 'unprocessable',
      details: [{ code: 'missing_argument' }],
    })
  })

  it('cannot be archived at the moment they are included', async () => {
    const part = await make('x')
    const [saved, archived] = await Promise.allSettled([
      make(`{% render "${part.name}" %}`),
      archivePrompt(app.actor(), { name: part.name, if_match: part.etag }),
    ])
    expect([saved.status, archived.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('are not rendered once their text was redacted', async () => {
    const part = await make('secret')
    const whole = await make(`{% render "${part.name}" %}`)
    const { pool, prisma } = app.runtime.database.primary
    const version = await prisma.promptVersion.findFirstOrThrow({ where: { prompt_id: part.id } })
    await pool.query('SELECT redact_prompt_version($1, $2)', [app.identity.workspaceId, version.id])
    expect(await refusal(renderPrompt(app.actor(), { name: whole.name }))).toMatchObject({
      code: 'unprocessable',
      details: [{ code: 'redacted' }],
    })
    expect(await refusal(renderPrompt(app.actor(), { name: part.name }))).toMatchObject({
      code: 'unprocessable',
    })
    expect(await refusal(make(`{% render "${part.name}" %}`))).toMatchObject({
      details: [{ code: 'redacted_include' }],
    })
    const redacted = await getVersion(app.actor(), { name: part.name, version: 1 })
    expect(redacted).toMatchObject({ template_content: '', redacted_at: expect.any(String) })
    const blank = createVersion(app.actor(), { name: part.name, base_version: 1, title: 'x' })
    expect(await refusal(blank)).toMatchObject({ details: [{ code: 'redacted' }] })
  })
})

describe('listUsedBy', () => {
  it('tells the newest and the labelled versions that include a prompt, a page at a time', async () => {
    const part = await make('x')
    const users = await Promise.all(
      ['a', 'b', 'c'].map((letter) =>
        make(`{% render "${part.name}" %}`, { name: uniqueName(`user-${letter}`) }),
      ),
    )
    const [first, second] = users.map((user) => user.name)
    // Its production still includes the prompt, its newest version no more.
    await createVersion(app.actor(), { name: first ?? '', base_version: 1, template_content: 'alone' })
    await createVersion(app.actor(), { name: second ?? '', base_version: 1, title: 'again' })
    const page = await listUsedBy(app.actor(), { name: part.name, limit: 2 })
    expect(page.items).toEqual([
      {
        name: first,
        title: '',
        version: 1,
        newest: false,
        labels: ['production'],
        ref: part.name,
        included_version: 1,
      },
      {
        name: second,
        title: '',
        version: 1,
        newest: false,
        labels: ['production'],
        ref: part.name,
        included_version: 1,
      },
    ])
    const rest = await listUsedBy(app.actor(), { name: part.name, limit: 2, cursor: page.next_cursor ?? '' })
    expect(rest.items.map(({ name, version, newest }) => [name, version, newest])).toEqual([
      [second, 2, true],
      [users[2]?.name, 1, true],
    ])
    expect(rest.next_cursor).toBeNull()
    const none = listUsedBy(app.actor(), { name: 'nothing' })
    expect(await refusal(none)).toMatchObject({ code: 'not_found' })
  })
})

describe('renderDraft', () => {
  it('renders a text with its includes as they are now', async () => {
    const part = await make('[{{ x }}]')
    const draft = await renderDraft(app.actor(), {
      template_content: `{% render "${part.name}", x: who %}`,
      values: { who: 'me' },
    })
    expect(draft).toMatchObject({
      content: '[me]',
      messages: [{ role: 'user', content: '[me]' }],
      includes: [{ name: part.name, version: 1 }],
      variables: [{ name: 'who', type: 'string', required: true }],
      warnings: [],
    })
    const { name } = part
    await setLabel(app.actor(), { name, label: 'x', version: 1, if_match: '*' })
  })

  it('names what is wrong, with places', async () => {
    const missing = renderDraft(app.actor(), { template_content: 'a\n{{ b }}' })
    expect(await refusal(missing)).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['values', 'b'], code: 'missing_variable' }],
    })
    const unknown = renderDraft(app.actor(), { template_content: '{% render "nothing" %}' })
    expect(await refusal(unknown)).toMatchObject({ details: [{ code: 'unknown_include' }] })
    const neither = renderDraft(app.actor(), {})
    expect(await refusal(neither)).toMatchObject({ code: 'invalid_input' })
  })

  it('ends a runaway with an error', async () => {
    const text = '{% for a in (1..9999) %}{% for b in (1..9999) %}{{ a }}{% endfor %}{% endfor %}'
    expect(await refusal(renderDraft(app.actor(), { template_content: text }))).toMatchObject({
      details: [{ code: expect.stringMatching(/limit/) }],
    })
  })
})

describe('includes are bounded as a sum', () => {
  it('by the bytes of all texts that a version takes in, also as a draft', async () => {
    const parts = await Promise.all([1, 2, 3].map(() => make('x'.repeat(2_000))))
    const text = (count: number) =>
      parts
        .slice(0, count)
        .map(({ name }) => `{% render "${name}" %}`)
        .join('')
    expect(await make(text(2))).toMatchObject({ latest_version: 1 })
    const tooLarge = { code: 'too_large', extra: { limit: 'limits.include_bytes' } }
    expect(await refusal(make(text(3)))).toMatchObject(tooLarge)
    expect(await refusal(renderDraft(app.actor(), { template_content: text(3) }))).toMatchObject(tooLarge)
  })

  it('counts the bytes of the texts, whatever JSON makes of them', async () => {
    const parts = await Promise.all(['\n', '"', '\\'].map((sign) => make(sign.repeat(1_666))))
    const rest = await make('é')
    const all = [...parts, rest].map(({ name }) => `{% render "${name}" %}`).join('')
    expect(await make(all)).toMatchObject({ latest_version: 1 })
    const one = await make('x')
    expect(await refusal(make(`${all}{% render "${one.name}" %}`))).toMatchObject({
      code: 'too_large',
      extra: { limit: 'limits.include_bytes' },
    })
  })

  it('by their number, before any of them is looked for', async () => {
    const text = Array.from({ length: 900 }, (_, index) => `{% render "none-${index}" %}`).join('')
    const error = await refusal(make(text))
    expect(error).toMatchObject({ code: 'too_large', extra: { limit: 'limits.includes' } })
  })
})

it('a version whose code is heavy is checked and rendered in a worker, with the same outcome', async () => {
  const text = '{{ a }}{% if a and a and a and a %}{% endif %}'.repeat(1_600)
  const prompt = await make(text, { variables: ['a'] })
  let content = ''
  const held = await longestTurnMs(async () => {
    content = (await renderPrompt(app.actor(), { name: prompt.name, variables: { a: 'b' } })).content
  })
  expect(held).toBeLessThan(300)
  expect(content).toBe('b'.repeat(1_600))
  expect(await refusal(make(`${text}{% if a %}`))).toMatchObject({
    code: 'unprocessable',
    details: [{ code: 'open_tag' }],
  })
})
