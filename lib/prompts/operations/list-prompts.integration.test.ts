import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeCursor } from '../../cursor.ts'
import { makeCategory, makeOtherWorkspace, makePrompt, pinnedTo } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { type ListPromptsQuery, PROMPT_SORTS, PromptSummary } from '../schema.ts'
import { archivePrompt } from './archive-prompt.ts'
import { createVersion } from './create-version.ts'
import { listPrompts } from './list-prompts.ts'
import { listVersions } from './list-versions.ts'
import { setLabel } from './set-label.ts'

let app: TestRuntime
const NAMES = ['api_design', 'business_logic', 'chain_of_thought', 'data-quality', 'essay', 'few_shot']

beforeAll(async () => {
  app = await testRuntime()
  const actor = app.actor()
  await makeCategory(actor, { slug: 'design' })
  await makePrompt(actor, {
    name: 'api_design',
    title: 'Design an API',
    description: 'Resources and operations of an interface',
    category: 'design',
    tags: ['http', 'backend'],
    variables: ['resource'],
    template_content: 'List the endpoints of {{ resource }}.',
  })
  await makePrompt(actor, {
    name: 'business_logic',
    aliases: ['rules'],
    description: 'Turns rules into code',
    category: 'design',
    tags: ['backend'],
    template_content: 'Implement the rules. Mind 100% of the edge_cases.',
  })
  for (const name of NAMES.slice(2))
    await makePrompt(actor, { name, template_content: `Text of ${name}: thinking step by step.` })
  const gone = await makePrompt(actor, { name: 'archived_one' })
  await archivePrompt(app.actor(), { name: 'archived_one', if_match: gone.etag })
})
afterAll(() => app.close())

const list = (query: ListPromptsQuery = {}) => listPrompts(app.actor(), query)
const names = async (query: ListPromptsQuery = {}) => (await list(query)).items.map((item) => item.name)

async function allPages(query: ListPromptsQuery): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await list({ ...query, limit: 2, cursor })
    seen.push(...page.items.map((item) => item.name))
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined && seen.length < 100)
  return seen
}

describe('the list', () => {
  it('holds active prompts in order of name, as summaries', async () => {
    const { items, next_cursor } = await list()
    expect(items.map((item) => item.name)).toEqual(NAMES)
    expect(next_cursor).toBeNull()
    expect(PromptSummary.parse(items[0])).toEqual(items[0])
    expect(items[0]).toMatchObject({
      title: 'Design an API',
      category: 'design',
      tags: ['backend', 'http'],
      labels: [{ label: 'production', version: 1 }],
      latest_version: 1,
      variables: [{ name: 'resource', required: true }],
      publish: { prompt: true, tool: false },
      archived: false,
    })
    expect(items[1]).toMatchObject({ aliases: ['rules'], category: 'design' })
  })

  it('filters by category, tag, label and archive', async () => {
    expect(await names({ category: 'design' })).toEqual(['api_design', 'business_logic'])
    expect(await names({ category: 'none' })).toEqual(NAMES.slice(2))
    expect(await names({ category: 'unknown' })).toEqual([])
    expect(await names({ tag: 'http' })).toEqual(['api_design'])
    expect(await names({ tag: 'backend', category: 'design' })).toHaveLength(2)
    expect(await names({ label: 'production' })).toEqual(NAMES)
    expect(await names({ label: 'staging' })).toEqual([])
    expect(await names({ archived: 'true' })).toEqual(['archived_one'])
    expect(await names({ archived: 'false' })).toEqual(NAMES)
  })

  it.each(PROMPT_SORTS)('pages through everything once, sorted by %s', async (sort) => {
    const whole = await names({ sort })
    expect(await allPages({ sort })).toEqual(whole)
    expect(whole.toSorted()).toEqual(NAMES)
    const found = await names({ sort, q: 'of' })
    expect(await allPages({ sort, q: 'of' })).toEqual(found)
  })

  it('sorts both ways', async () => {
    expect(await names({ sort: '-name' })).toEqual(NAMES.toReversed())
    expect(await names({ sort: '-created_at' })).toEqual((await names({ sort: 'created_at' })).toReversed())
  })

  it('refuses cursors of another sort or filter, and limits beyond the maximum', async () => {
    const { next_cursor } = await list({ limit: 1 })
    const cursor = next_cursor ?? ''
    for (const query of [{ sort: '-name' }, { tag: 'http' }, { q: 'x' }, { archived: 'true' }] as const)
      await expect(list({ ...query, cursor })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(list({ cursor: 'e30' })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(list({ limit: 201 })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('keeps workspaces apart', async () => {
    const other = await makeOtherWorkspace()
    expect((await listPrompts(other, {})).items).toEqual([])
    expect((await listPrompts(other, { q: 'design' })).items).toEqual([])
  })
})

describe('a search', () => {
  it.each([
    ['words of the title', 'design api', ['api_design']],
    ['other forms of a word', 'operation', ['api_design']],
    ['words of the text', 'endpoints', ['api_design']],
    ['parts of words', 'ndpoin', ['api_design']],
    ['a word that is still being typed', 'busin', ['business_logic']],
    ['its first two letters', 'bu', ['business_logic']],
    ['an alias', 'rules', ['business_logic']],
    ['wildcards as text', '100%', ['business_logic']],
    ['underscores as text', 'edge_cases', ['business_logic']],
    ['not a wildcard', 'dge%ase', []],
    ['several parts, all of them', 'thin step', ['chain_of_thought', 'data-quality', 'essay', 'few_shot']],
    ['nothing for an unknown word', 'zebra', []],
    ['nothing for signs alone', '{{ }} %', []],
    ['no operator', 'rules -code', ['business_logic']],
  ])('finds %s', async (_what, q, expected) => {
    expect((await names({ q })).toSorted()).toEqual(expected)
    expect(await names({ q, sort: 'name' })).toEqual(expected)
  })

  it('puts the named one first', async () => {
    await makePrompt(app.actor(), { name: 'essay_review', description: 'essay essay essay', tags: ['extra'] })
    expect((await names({ q: 'essay' }))[0]).toBe('essay')
    expect(await names({ q: 'essay', tag: 'extra' })).toEqual(['essay_review'])
    expect(await names({ q: 'few shot' })).toEqual(['few_shot'])
  })

  it('looks into the newest version', async () => {
    const prompt = await makePrompt(app.actor(), { name: 'rewritten', template_content: 'Old wording' })
    await createVersion(app.actor(), {
      name: 'rewritten',
      if_match: prompt.etag,
      template_content: 'Fresh phrasing',
    })
    expect(await names({ q: 'phrasing' })).toEqual(['rewritten'])
    expect(await names({ q: 'wording' })).toEqual([])
  })

  it('finds words of one or two signs inside of Chinese, Japanese and Korean', async () => {
    const inTitle = (name: string, title: string) => makePrompt(app.actor(), { name, title })
    await inTitle('ja', '日本語の要約')
    await inTitle('zh', '会议纪要总结，第二版')
    await inTitle('ko', '주간 회의록을 요약')
    await inTitle('kana', 'カタカナのメモ')
    await inTitle('rare', 'これは𠮷野家の話')
    await makePrompt(app.actor(), {
      name: 'in_body',
      template_content: `${'Long before. '.repeat(500)}彼は{{ who }}の猫を見た。`,
    })
    for (const [q, found] of [
      ['要約', ['ja']],
      ['語の', ['ja']],
      ['日本', ['ja']],
      ['約', ['ja']],
      ['总结', ['zh']],
      ['纪要', ['zh']],
      ['二版', ['zh']],
      ['纪要 总结', ['zh']],
      ['「纪要」', ['zh']],
      ['纪要 要約', []],
      ['会议纪要 总结', ['zh']],
      ['회의', ['ko']],
      ['의록', ['ko']],
      ['ﾒﾓ', ['kana']],
      ['カナ', ['kana']],
      ['𠮷野', ['rare']],
      ['野家', ['rare']],
      ['猫', ['in_body']],
      ['猫を', ['in_body']],
      ['の猫', ['in_body']],
      ['結版', []],
      // Neighbours are of one run alone: a sign between them parts them.
      ['结第', []],
    ] as const) {
      expect([q, await names({ q })]).toEqual([q, found])
      expect([q, await names({ q, sort: 'name' })]).toEqual([q, found])
    }
  })

  it('takes any text without failing', async () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '\\',
      '%',
      '_',
      ':*',
      '&',
      '|',
      '!',
      '(',
      ')',
      '<->',
      ';',
      '--',
      '$1',
      'a',
      'the',
      'né',
      '提示',
      '😀',
    )
    const q = fc.oneof(
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme', maxLength: 500 }),
    )
    await fc.assert(
      fc.asyncProperty(q, fc.constantFrom('name', 'relevance'), async (q, sort) => {
        fc.pre(!q.includes('\0'))
        expect((await list({ q, sort })).items.length).toBeLessThanOrEqual(50)
      }),
      { numRuns: 150 },
    )
  })
})

describe('an actor pinned to a label', () => {
  it('sees its prompts as that label has them, and finds nothing by newer texts', async () => {
    const prompt = await makePrompt(app.actor(), {
      name: 'pinned',
      title: 'First',
      template_content: 'visible words',
    })
    const next = await setLabel(app.actor(), {
      name: 'pinned',
      label: 'staging',
      version: 1,
      if_match: prompt.etag,
    })
    const pinned = pinnedTo(app.actor(), 'staging')
    expect((await listPrompts(pinned, { q: 'visible' })).items).toHaveLength(1)
    await createVersion(app.actor(), {
      name: 'pinned',
      if_match: next.etag,
      title: 'Second',
      template_content: 'secret draft',
    })
    const { items } = await listPrompts(pinned, {})
    expect(items).toMatchObject([
      { name: 'pinned', title: 'First', labels: [{ label: 'staging', version: 1 }] },
    ])
    expect((await listPrompts(pinned, { q: 'secret' })).items).toEqual([])
    expect((await listPrompts(pinned, { label: 'production' })).items).toEqual([])
  })
})

describe('usage in the list', () => {
  it('comes when it is asked for: fourteen days, today last', async () => {
    const { id } = await makePrompt(app.actor(), { name: 'counted', tags: ['counted'] })
    await makePrompt(app.actor(), { name: 'counted_not', tags: ['counted'] })
    const { pool } = app.runtime.database.primary
    for (const [days, uses] of [
      [0, 3],
      [0, 4],
      [2, 5],
      [13, 6],
      [14, 100],
    ])
      await pool.query(
        `INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, label, operation, surface, total, failed,
           duration_us, last_at, bucket_numbers, bucket_counts)
         VALUES (gen_random_uuid(), $1, date_trunc('day', now(), 'UTC') - make_interval(days => $3), $2, $4, 'get',
           'mcp', $4::text::bigint, 0, 0, now(), '{}', '{}')`,
        [app.identity.workspaceId, id, days, String(uses)],
      )
    const { items } = await list({ tag: 'counted', usage: 'true' })
    expect(items.map(({ usage }) => usage)).toEqual([[6, ...Array(10).fill(0), 5, 0, 7], Array(14).fill(0)])
    expect((await list({ tag: 'counted' })).items[0]).not.toHaveProperty('usage')
    const blind = { ...app.actor(), scopes: new Set(['prompts:read'] as const) }
    await expect(listPrompts(blind, { usage: 'true' })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('a cursor that somebody made up, with a seal that fits', () => {
  const id = '018f0000-0000-7000-8000-000000000000'
  const filters = { q: '', archived: false, pin: null }

  it.each([
    ['created_at', ['0000-01-01T00:00:00.000Z', id]],
    ['-updated_at', ['9999-12-31T23:59:59.999Z', id]],
    ['created_at', [`2026-01-01T00:00:00.${'1'.repeat(200)}Z`, id]],
    ['created_at', ['2026-01-01T00:00:00.000Z', 'no id']],
    ['name', ['x'.repeat(65)]],
  ] as const)('is refused by the list of prompts: %s %j', async (sort, key) => {
    const cursor = encodeCursor({ list: 'prompts', sort, filters }, [...key])
    await expect(list({ sort, cursor })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it.each([2 ** 31, -(2 ** 40), 1e300, 1.5])('is refused by the list of versions: %d', async (number) => {
    const [prompt] = (await list({ limit: 1, sort: 'name' })).items
    const cursor = encodeCursor({ list: 'versions', filters: { prompt: prompt?.id } }, [number])
    const versions = listVersions(app.actor(), { name: prompt?.name ?? '', cursor })
    await expect(versions).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('is taken when what it says can be', async () => {
    const key = ['2026-01-01T00:00:00.000Z', id]
    const cursor = encodeCursor({ list: 'prompts', sort: 'created_at', filters }, key)
    expect((await list({ sort: 'created_at', cursor })).items.length).toBeGreaterThan(0)
  })
})
