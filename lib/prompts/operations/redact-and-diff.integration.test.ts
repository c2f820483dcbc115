import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editorOf, makePrompt, pinnedTo } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { longestTurnMs } from '../../testing/time/processor-time.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { diffVersions } from './diff-versions.ts'
import { getPrompt } from './get-prompt.ts'
import { getVersion } from './get-version.ts'
import { listPrompts } from './list-prompts.ts'
import { listPublishedPrompts } from './published/list-published-prompts.ts'
import { redactVersion } from './redact-version.ts'
import { renderPrompt } from './render-prompt.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { diff_rows: 20 } })
})
afterAll(() => app.close())

const SECRET = 'hunter2-very-secret'

describe('redactVersion', () => {
  it('erases what the version said, everywhere', async () => {
    const idempotency = { route: 'createPrompt', key: 'k1', bodyHash: 'h' }
    const prompt = await createPrompt(app.actor({ idempotency }), {
      name: 'leaky',
      title: SECRET,
      template_content: `Use the key ${SECRET}.`,
    })
    // Whatever is kept in memory must go as well.
    await getPrompt(app.actor(), { name: 'leaky' })
    const page = await listPublishedPrompts(app.actor(), {})
    await redactVersion(app.actor(), { name: 'leaky', version: 1 })
    const version = await getVersion(app.actor(), { name: 'leaky', version: 1 })
    expect(version).toMatchObject({ template_content: '', title: '', checksum: prompt.checksum })
    expect(version.redacted_at).not.toBeNull()
    expect(version.etag).not.toBe(prompt.etag)
    await expect(renderPrompt(app.actor(), { name: 'leaky' })).rejects.toMatchObject({
      code: 'unprocessable',
    })
    expect(await listPublishedPrompts(app.actor(), {})).not.toBe(page)
    expect((await listPrompts(app.actor(), { q: 'secret' })).items).toEqual([])
    const { rows } = await app.runtime.database.primary.pool.query<{ text: string }>(
      `SELECT query_to_xml(format('SELECT * FROM %I WHERE workspace_id = %L', relname, $1::text), true, false, '')::text
         AS text FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND relname IN ('prompt_version', 'prompt_search', 'idempotency_key', 'prompt_template', 'label_event')`,
      [app.identity.workspaceId],
    )
    expect(rows).toHaveLength(5)
    for (const { text } of rows) expect(text).not.toContain(SECRET)
  })

  it('is on record, and happens once', async () => {
    await expect(redactVersion(app.actor(), { name: 'leaky', version: 1 })).rejects.toMatchObject({
      code: 'conflict',
    })
    const events = await app.runtime.database.primary.prisma.auditEvent.findMany({
      where: { action: 'version.redact' },
    })
    expect(events).toMatchObject([{ target_name: 'leaky', after: { version: 1 } }])
  })

  it('takes an owner, and a version that exists', async () => {
    await makePrompt(app.actor(), { name: 'fine' })
    const editor = editorOf(app.actor())
    await expect(redactVersion(editor, { name: 'fine', version: 1 })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(redactVersion(app.actor(), { name: 'fine', version: 2 })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(redactVersion(app.actor(), { name: 'none', version: 1 })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('keeps the search row of a newer version', async () => {
    const prompt = await makePrompt(app.actor(), { name: 'older', template_content: 'first' })
    await createVersion(app.actor(), {
      name: 'older',
      if_match: prompt.etag,
      template_content: 'harmless second',
    })
    await redactVersion(app.actor(), { name: 'older', version: 1 })
    expect((await listPrompts(app.actor(), { q: 'harmless' })).items).toHaveLength(1)
  })
})

describe('diffVersions', () => {
  it('shows what differs between two versions, by number or label', async () => {
    const prompt = await makePrompt(app.actor(), {
      name: 'compared',
      title: 'One',
      template_content: 'same line\nHello {{ who }}.',
      config: { temperature: 0 },
    })
    await createVersion(app.actor(), {
      name: 'compared',
      if_match: prompt.etag,
      title: 'Two',
      template_content: 'same line\nGood day {{ who }}.',
      variables: [{ name: 'who', description: 'Whom to greet' }],
      config: { temperature: 1 },
      publish: { tool: true },
    })
    const diff = await diffVersions(app.actor(), { name: 'compared', from: 'production', to: 'latest' })
    expect(diff).toMatchObject({ name: 'compared', from: 1, to: 2 })
    expect(diff.fields.map((field) => field.field)).toEqual([
      'title',
      'content',
      'variables',
      'config',
      'publish',
    ])
    const content = diff.fields.find((field) => field.field === 'content')
    expect(content).toMatchObject({ added: 1, removed: 1 })
    expect(content?.hunks[0]?.lines[2]).toMatchObject({
      kind: 'added',
      text: 'Good day {{ who }}.',
      new_line: 2,
    })
    expect(await diffVersions(app.actor(), { name: 'compared', from: 1, to: 2 })).toEqual(diff)
    expect((await diffVersions(app.actor(), { name: 'compared', from: 2, to: 2 })).fields).toEqual([])
  })

  it('tells at most limits.diff_rows lines, and how many it leaves out', async () => {
    const lines = (step: number) =>
      Array.from({ length: 9_000 }, (_, index) => (index * step) % 97).join('\n')
    const prompt = await makePrompt(app.actor(), { name: 'long', template_content: lines(5) })
    await createVersion(app.actor(), { name: 'long', if_match: prompt.etag, template_content: lines(7) })
    const compare = () => diffVersions(app.actor(), { name: 'long', from: 1, to: 2 })
    expect(await longestTurnMs(compare)).toBeLessThan(300)
    const diff = await compare()
    const rows = diff.fields.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines))
    expect(rows).toHaveLength(20)
    expect(diff.left_out).toBeGreaterThan(5_000)
    expect(diff.fields[0]?.added).toBeGreaterThan(2_000)
  })

  it('answers not_found for a version that is not there or not visible', async () => {
    const diff = (from: number | string, actor = app.actor()) =>
      diffVersions(actor, { name: 'compared', from, to: 'production' })
    await expect(diff(9)).rejects.toMatchObject({ code: 'not_found' })
    await expect(diff('staging')).rejects.toMatchObject({ code: 'not_found' })
    await expect(diff(2, pinnedTo(app.actor(), 'production'))).rejects.toMatchObject({ code: 'not_found' })
  })
})
