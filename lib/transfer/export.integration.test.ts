import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { makeCategory, makePrompt } from '../testing/factories.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { importPrompts } from './operations/import-prompts.ts'
import { bringTo, errorOf, exported, file } from './testing.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  await makeCategory(app.actor(), { slug: 'support' })
  await makePrompt(app.actor(), { name: 'same', title: 'Same', template_content: 'One {{ a }}' })
  await bringTo(app)({
    'z_tone.md': file('name: z_tone', 'Be kind.'),
    'a_reply.md': file(
      'name: a_reply\ncategory: support\ntags: [mail]\naliases: [answer]\nlabels: [staging]',
      '{% render "z_tone" %} Dear {{ who }}',
    ),
    'draft.md': file('name: draft\nlabels: []\nformat: text', 'A {{ literal }} text'),
    'talk.md': file(
      'name: talk\nkind: chat',
      '@@@ system\nBe kind.\n@@@ placeholder past optional\n@@@ user\n{{ q }}',
    ),
    'past.md': file('name: past\nmessage: third\nlabels: []', 'three'),
    'past.versions/1.md': file('name: past\nmessage: first\nlabels: [production]', 'one'),
    'past.versions/2.md': file('name: past\nmessage: second', 'two'),
  })
})
afterAll(() => app.close())

describe('an export', () => {
  it('of many large versions holds some of them at a time', async () => {
    const text = Array.from({ length: 17_000 }, (_, n) => n).join(' ')
    await makePrompt(app.actor(), { name: 'heavy', template_content: text, labels: [] })
    const { pool } = app.runtime.database.primary
    await pool.query(
      `INSERT INTO prompt_version (id, workspace_id, prompt_id, number, kind, content, title, checksum, checksum_v,
         renderer_version, created_by)
       SELECT gen_random_uuid(), v.workspace_id, v.prompt_id, n, v.kind, v.content, v.title, v.checksum, v.checksum_v,
         v.renderer_version, v.created_by
       FROM prompt_version v JOIN prompt_name p ON p.workspace_id = v.workspace_id AND p.prompt_id = v.prompt_id
         AND p.name = 'heavy', generate_series(2, 120) AS n`,
    )
    await pool.query("UPDATE prompt_template SET next_version = 121 WHERE name = 'heavy'")
    const read = vi.spyOn(pool, 'query')
    const files = await exported(app.actor(), { prompt: ['heavy'], versions: 'all' })
    const answers = await Promise.all(
      read.mock.results.map(({ value }) => value as Promise<{ rows: unknown[] }>),
    )
    read.mockRestore()
    const lengths = answers.map(({ rows }) => JSON.stringify(rows).length)
    expect(Object.keys(files)).toHaveLength(121)
    expect(files['heavy.versions/119.md']).toContain(text)
    expect(Math.max(...lengths)).toBeGreaterThan(1_000_000)
    expect(Math.max(...lengths)).toBeLessThan(2_200_000)
  })

  it('is a bundle that imports to the same checksums', async () => {
    const first = await exported(app.actor())
    const manifest = JSON.parse(first['incipit.json'] ?? '')
    const brought = await bringTo(app)(first)
    expect(new Set(brought.items.map(({ action }) => action))).toEqual(new Set(['unchanged']))
    expect(manifest.prompts.length).toBe(brought.items.length)
  })

  it('has what its filters leave, and every version where that is asked for', async () => {
    expect(Object.keys(await exported(app.actor(), { prompt: ['past', 'same'] })).toSorted()).toEqual([
      'incipit.json',
      'past.md',
      'same.md',
    ])
    expect(Object.keys(await exported(app.actor(), { category: 'support' }))).toEqual([
      'support/a_reply.md',
      'incipit.json',
    ])
    const all = await exported(app.actor(), { prompt: ['past'], versions: 'all' })
    expect(Object.keys(all)).toEqual(['past.versions/1.md', 'past.versions/2.md', 'past.md', 'incipit.json'])
    const released = await exported(app.actor(), { prompt: ['past'], label: 'production' })
    expect(released['past.md']).toContain('\n---\none\n')
    expect(await errorOf(exported(app.actor(), { prompt: ['past', 'nobody'] }))).toMatchObject({
      code: 'not_found',
    })
    expect(await errorOf(exported(app.actor(), { label: 'nowhere' }))).toMatchObject({ code: 'not_found' })
    const more = Array.from({ length: 101 }, (_, index) => `nobody-${index}`)
    expect((await errorOf(exported(app.actor(), { prompt: ['past', ...more] }))).message).toContain(
      '"nobody-19" and 81 more',
    )
  })

  it('gives whoever is pinned to a label what it names, and nothing else', async () => {
    const pinned = actorLike(app.actor(), { label: 'production' })
    const both = exported(pinned, { prompt: ['past', 'a_reply'], versions: 'all', label: 'latest' })
    expect(await errorOf(both)).toMatchObject({ code: 'not_found' })
    const one = await exported(pinned, { prompt: ['past'], versions: 'all' })
    expect(Object.keys(one)).toEqual(['past.md', 'incipit.json'])
    expect(JSON.stringify(one)).not.toMatch(/two|three/)
  })
})

describe('an export of what was redacted', () => {
  it('has what is left, and names the rest', async () => {
    for (const name of ['erased', 'erased_half'])
      await makePrompt(app.actor(), { name, template_content: 'a' })
    await createVersion(app.actor(), { name: 'erased_half', base_version: 1, template_content: 'secret' })
    await redactVersion(app.actor(), { name: 'erased', version: 1 })
    await redactVersion(app.actor(), { name: 'erased_half', version: 2 })
    const prompt = ['erased', 'erased_half']
    const current = await exported(app.actor(), { prompt })
    expect(Object.keys(current)).toEqual(['incipit.json'])
    const named = [
      { name: 'erased', version: 1 },
      { name: 'erased_half', version: 2 },
    ]
    expect(JSON.parse(current['incipit.json'] ?? '')).toMatchObject({ prompts: [], redacted: named })
    const all = await exported(app.actor(), { prompt, versions: 'all' })
    expect(Object.keys(all)).toEqual(['erased_half.md', 'incipit.json'])
    expect(JSON.parse(all['incipit.json'] ?? '')).toMatchObject({
      prompts: [{ name: 'erased_half', version: 1 }],
      redacted: named,
    })
    // Behind what was erased there comes the newest that is brought, once.
    const brought = await bringTo(app)(all)
    expect(brought.items).toMatchObject([{ name: 'erased_half', action: 'version', version: 3 }])
    expect((await bringTo(app)(all)).items).toMatchObject([{ action: 'unchanged' }])
    for (const name of prompt) {
      const { etag } = await getPrompt(app.actor(), { name, label: 'latest' })
      await archivePrompt(app.actor(), { name, if_match: etag })
    }
  })
})

describe('a bundle', () => {
  it('is the same in another workspace, packed or not', async () => {
    const first = await exported(app.actor())
    await app.close()
    app = await testRuntime()
    const zip = zipSync(
      Object.fromEntries(Object.entries(first).map(([path, text]) => [path, strToU8(text)])),
    )
    const there = await importPrompts(app.actor(), { uploads: [{ path: 'prompts.zip', bytes: zip }] })
    expect(new Set(there.items.map(({ action }) => action))).toEqual(new Set(['create']))
    const again = await exported(app.actor())
    const texts = (files: Record<string, string>) =>
      Object.fromEntries(Object.entries(files).filter(([path]) => path !== 'incipit.json'))
    expect(texts(again)).toEqual(texts(first))
  })
})
