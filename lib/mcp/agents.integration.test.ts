import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCategory } from '../categories/operations/create-category.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { type McpServerForTests, serveMcp } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

/* What an agent meets: how it finds a prompt, what answers hold, and what it is told when something is wrong. */

const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime()
  mcp = await serveMcp()
  const actor = app.actor()
  await createCategory(actor, { slug: 'data', name: 'Data' })
  await createCategory(actor, { slug: 'writing', name: 'Writing' })
  await createPrompt(actor, {
    name: 'meeting_summary',
    title: 'Summarize meeting notes',
    description: 'Turns notes into decisions',
    category: 'writing',
    tags: ['notes'],
    template_content: 'Summarize in {{ lang }}: {{ notes }}{% for each in points %} {{ each }}{% endfor %}',
    variables: [
      { name: 'notes', description: 'The notes' },
      { name: 'lang', enum: ['de', 'en'], default: 'en' },
      { name: 'points', type: 'array', required: false },
    ],
    publish: { tool: true },
  })
  await createPrompt(actor, {
    name: 'look_at_this',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', data: PICTURE, mimeType: 'image/png' },
          { type: 'resource', resource: { uri: 'test://file', blob: PICTURE } },
          { type: 'text', text: 'What is in it, {{ who }}?' },
        ],
      },
    ],
    publish: { tool: true },
  })
  await createPrompt(actor, {
    name: 'debate',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Is {{ it }} so?' },
      { role: 'assistant', content: 'Yes.' },
    ],
  })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

interface ToolResult {
  content: { type: string; text?: string }[]
  structuredContent?: { prompts?: { name: string }[]; note?: string } & Record<string, unknown>
  isError?: boolean
  _meta?: Record<string, unknown>
}
interface Answer {
  result?: ToolResult & Record<string, unknown>
  error?: { code: number; message: string; data?: Record<string, unknown> }
}

async function rpc(method: string, params: object = {}, query = ''): Promise<Answer> {
  const reply = await mcp.post({ jsonrpc: '2.0', id: 1, method, params }, {}, `/api/mcp${query}`)
  return reply.body as Answer
}
async function call(name: string, args: unknown, query = ''): Promise<ToolResult> {
  const { result, error } = await rpc('tools/call', { name, arguments: args }, query)
  if (result === undefined) throw new Error(error?.message)
  return result
}
const textOf = ({ content }: ToolResult) => content.map(({ text = '' }) => text).join('\n')

describe('search_prompts', () => {
  it('says that what it shows is only close, in the text and in the data', async () => {
    const found = await call('search_prompts', { query: 'sumarize the notes of our meeting please' })
    expect(found.structuredContent?.prompts?.[0]?.name).toBe('meeting_summary')
    for (const said of [textOf(found), found.structuredContent?.note])
      expect(said).toMatch(/No prompt has all of these words.*closest.*list_categories/s)
    const exact = await call('search_prompts', { query: 'meeting notes' })
    expect(textOf(exact)).toMatch(
      /^- meeting_summary\(notes, lang\?, points\?\) Summarize meeting notes: Turns/,
    )
    expect(exact.structuredContent).toEqual({
      prompts: [
        {
          name: 'meeting_summary',
          title: 'Summarize meeting notes',
          description: 'Turns notes into decisions',
          category: 'writing',
          variables: ['notes', 'lang?', 'points?'],
        },
      ],
    })
  })

  it.each([
    [{ category: 'wrting' }, /no category "wrting".*data, writing/],
    [{ tag: 'note' }, /No prompt has the tag "note".*notes/],
    [{ label: 'stagin' }, /No prompt has the label "stagin".*production/],
    [{ query: 'xyzzy' }, /fewer or other words.*list_categories/],
    [{ query: 'meeting', category: 'data' }, /Search without category/],
  ])('says why nothing is found: %j', async (args, words) => {
    const found = await call('search_prompts', args)
    expect(textOf(found)).toMatch(words)
    expect(found.structuredContent).toEqual({ prompts: [], note: textOf(found) })
  })
})

describe('a mistyped name', () => {
  it.each([
    ['get_prompt', { template_name: 'meeting_sumary' }],
    ['render_prompt', { template_name: 'meeting_sumary', variables: { notes: 'x' } }],
    ['update_prompt_template', { template_name: 'meeting_sumary', base_version: 1, template_content: 'x' }],
  ])('leads to the nearest: %s', async (name, args) => {
    const answer = await call(name, args)
    expect([answer.isError, textOf(answer)]).toEqual([
      true,
      expect.stringContaining('Did you mean "meeting_summary"?'),
    ])
  })

  it('does so for prompts/get, and not to what lies outside the address', async () => {
    const { error } = await rpc('prompts/get', { name: 'meeting_sumary' })
    expect(error).toMatchObject({ code: -32602, data: { did_you_mean: ['meeting_summary'] } })
    expect(error?.message).toContain('Did you mean "meeting_summary"?')
    const elsewhere = await rpc('prompts/get', { name: 'meeting_sumary' }, '?category=data')
    expect(elsewhere.error?.message).not.toContain('meeting_summary')
  })
})

describe('what answers hold', () => {
  it('is the text alone for a rendered prompt', async () => {
    const args = { template_name: 'meeting_summary', variables: { notes: 'a "b"\nc' } }
    const answers = [await call('render_prompt', args), await call('meeting_summary', args.variables)]
    for (const answer of answers) {
      expect(answer).not.toHaveProperty('structuredContent')
      expect(answer.content).toEqual([{ type: 'text', text: 'Summarize in en: a "b"\nc' }])
      expect(answer._meta).toMatchObject({ version: 1, label: 'production' })
    }
    const { result } = await rpc('tools/list')
    const tools = result?.tools as { name: string; outputSchema?: object }[]
    const withoutData = tools.filter(({ outputSchema }) => outputSchema === undefined)
    expect(withoutData.map(({ name }) => name)).toEqual(['render_prompt', 'look_at_this', 'meeting_summary'])
  })

  it.each(['render_prompt', 'look_at_this'])('is the text before pictures, as pictures: %s', async (name) => {
    const variables = { who: 'Ann' }
    const { content } = await call(
      name,
      name === 'look_at_this' ? variables : { template_name: 'look_at_this', variables },
    )
    expect(content.map(({ type }) => type)).toEqual(['text', 'image', 'resource'])
    expect(content[0]?.text).toBe('What is in it, Ann?')
  })

  it('is never a picture as base64 text', async () => {
    const answer = await call('get_prompt', { template_name: 'look_at_this' })
    expect(JSON.stringify(answer)).not.toContain(PICTURE)
    expect(JSON.stringify(answer.structuredContent)).toContain('bytes')
  })

  it('says whose a text is, in a conversation', async () => {
    const { content } = await call('render_prompt', { template_name: 'debate', variables: { it: 'this' } })
    expect(content.map(({ text }) => text)).toEqual([
      '[system]\nBe brief.',
      '[user]\nIs this so?',
      '[assistant]\nYes.',
    ])
  })

  it('says the same to those who read texts and to those who read data', async () => {
    const created = await call('create_prompt_template', {
      name: 'unused',
      template_content: 'x',
      variables: ['gone'],
    })
    const warnings = created.structuredContent?.warnings as { message: string }[]
    expect(warnings).toHaveLength(1)
    for (const { message } of warnings) expect(textOf(created)).toContain(message)
  })
})

describe('arguments', () => {
  it('are told with what is allowed', async () => {
    const { result } = await rpc('prompts/list')
    const prompts = result?.prompts as { name: string; arguments?: object[] }[]
    expect(prompts.find(({ name }) => name === 'meeting_summary')?.arguments).toEqual([
      { name: 'notes', description: 'The notes', required: true },
      { name: 'lang', description: 'One of: de, en. Default: en', required: false },
      { name: 'points', description: 'One per line, or a JSON array', required: false },
    ])
  })

  it('may be lists that were typed', async () => {
    const { result } = await rpc('prompts/get', {
      name: 'meeting_summary',
      arguments: { notes: 'n', points: 'a\nb c' },
    })
    expect(JSON.stringify(result?.messages)).toContain('Summarize in en: n a b c')
  })

  it('may be objects and lists as JSON text', async () => {
    const text = JSON.stringify({ notes: 'n' })
    expect(textOf(await call('render_prompt', { template_name: 'meeting_summary', variables: text }))).toBe(
      'Summarize in en: n',
    )
    expect(
      textOf(
        await call('render_prompt', JSON.stringify({ template_name: 'meeting_summary', variables: text })),
      ),
    ).toBe('Summarize in en: n')
    const made = await call('create_prompt_template', {
      name: 'from_text',
      template_content: '{{ a }}',
      tags: '["x"]',
    })
    expect(made.isError).toBeUndefined()
  })

  it.each([
    ['render_prompt', {}, 'template_name: is required'],
    ['render_prompt', { template_name: 'meeting_summary', variables: 'x' }, 'variables: must be an object'],
    [
      'render_prompt',
      { template_name: 'meeting_summary', variables: '{"a":1,"a":2}' },
      'variables: must be an object',
    ],
    ['create_prompt_template', { name: 'x', template_content: 7 }, 'template_content: must be a text'],
    ['search_prompts', { limit: 'many' }, 'limit: must be a number'],
  ])('that do not fit are told in plain words: %s %j', async (name, args, words) => {
    const answer = await call(name, args)
    expect([answer.isError, textOf(answer)]).toEqual([true, expect.stringContaining(words)])
    expect(textOf(answer)).not.toContain('Invalid input')
  })

  it.each(['meeting_summary', 'render_prompt', 'prompts/get'])(
    'that do not fit are each told with the reason: %s',
    async (way) => {
      const variables = { lang: 'fr', nots: 'x' }
      const said =
        way === 'prompts/get'
          ? (await rpc('prompts/get', { name: 'meeting_summary', arguments: variables })).error?.message
          : textOf(
              await call(
                way,
                way === 'meeting_summary' ? variables : { template_name: 'meeting_summary', variables },
              ),
            )
      for (const words of [
        'notes is required (The notes)',
        'lang must be one of: de, en',
        'nots is not a variable',
      ])
        expect(said).toContain(words)
    },
  )
})

describe('what to do about an error', () => {
  it('fits the tool', async () => {
    const unknown = await call('get_generation', { id: '01a22481-fdd6-74a9-9ffe-259f48bbb28a' })
    expect(textOf(unknown)).toMatch(/There is no generation.*generate answered/s)
    expect(textOf(unknown)).not.toContain('search_prompts')
    const taken = await call('create_prompt_template', { name: 'debate', template_content: 'x' })
    expect(textOf(taken)).toMatch(/name is taken.*another name.*update_prompt_template/s)
  })

  it('names the newest version when another was made since', async () => {
    await createPrompt(app.actor(), { name: 'busy', template_content: 'a' })
    for (const base_version of [1, 2])
      await createVersion(app.actor(), { name: 'busy', base_version, template_content: `b${base_version}` })
    const stale = await call('update_prompt_template', {
      template_name: 'busy',
      base_version: 1,
      template_content: 'c',
    })
    expect(textOf(stale)).toBe(
      'Version 3 is the newest of "busy", and this change was made from version 1.\n' +
        'Read version 3 with get_prompt, repeat the change on it, and send base_version 3.',
    )
  })
})
