import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import { setJobSender } from '../jobs.ts'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { type McpServerForTests, serveMcp } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

/* What models send besides what is meant, and what they are told of it: fields that are filled in for form's
 * sake, names as people say them, numbers as texts. */

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime()
  mcp = await serveMcp()
  const actor = app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await createConfiguration(actor, { name: 'echo', provider: 'echo', model: 'echo' })
  await createCategory(actor, { slug: 'data', name: 'Data' })
  for (const name of ['few_shot', 'api_design', 'lv'])
    await createPrompt(actor, {
      name,
      category: 'data',
      template_content: 'Do {{ task }}.',
      publish: { tool: name === 'few_shot' },
    })
  await createVersion(actor, {
    name: 'few_shot',
    base_version: 1,
    template_content: 'Do {{ task }}, please.',
  })
  await createPrompt(actor, { name: 'talk', messages: [{ type: 'placeholder', name: 'history' }] })
  await createPrompt(actor, { name: 'gone', template_content: 'x', publish: { tool: true } })
  const { etag } = await getPrompt(actor, { name: 'gone' })
  await archivePrompt(actor, { name: 'gone', if_match: etag })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

interface ToolResult {
  content: { text?: string }[]
  structuredContent?: Record<string, unknown> & { prompts?: { name: string }[] }
  isError?: boolean
}
interface Answer {
  result?: ToolResult & Record<string, unknown>
  error?: { code: number; message: string; data?: Record<string, unknown> }
}

async function rpc(method: string, params: object = {}, query = ''): Promise<Answer> {
  const reply = await mcp.post({ jsonrpc: '2.0', id: 1, method, params }, {}, `/api/mcp${query}`)
  return reply.body as Answer
}
async function call(name: string, args: object): Promise<ToolResult> {
  const { result, error } = await rpc('tools/call', { name, arguments: args })
  if (result === undefined) throw new Error(error?.message)
  return result
}
const textOf = ({ content }: ToolResult) => content.map(({ text = '' }) => text).join('\n')

describe('fields that are filled in for form’s sake', () => {
  it.each<[string, object]>([
    ['get_prompt', { template_name: 'few_shot', label: null, version: null }],
    ['get_prompt', { template_name: 'few_shot', label: '', version: '' }],
    ['get_prompt', { template_name: 'few_shot', label: '', version: 2 }],
    ['render_prompt', { template_name: 'few_shot', variables: { task: 'x' }, label: null, version: null }],
    ['render_prompt', { template_name: 'few_shot', variables: { task: 'x' }, label: '', version: '' }],
    ['search_prompts', { query: 'few', category: '', tag: '', label: '', cursor: '', limit: null }],
    ['search_prompts', { query: null, category: null, tag: null, label: null, limit: null, cursor: null }],
    ['search_prompts', { query: '', limit: '' }],
    ['list_categories', {}],
    ['list_categories', { filter: null }],
  ])('count as left out: %s %j', async (name, args) => {
    const answer = await call(name, args)
    expect([answer.isError, textOf(answer)]).toEqual([undefined, expect.stringMatching(/few|Few|Do|data/)])
  })

  it('count as left out at every depth of what is made', async () => {
    const none = { description: null, required: null, default: null, enum: null, pattern: null }
    const made = await call('create_prompt_template', {
      name: 'filled_in',
      category: '',
      tags: [],
      aliases: null,
      template_content: '{{ a }} {{ b }}',
      messages: [],
      format: '',
      variables: [
        { name: 'a', type: null, ...none, min: null, max: null, example: null },
        { name: 'b', type: 'enum', ...none, enum: ['x', 'y'] },
      ],
      config: null,
      title: null,
      description: '',
      publish: { prompt: true, tool: null },
      message: null,
    })
    expect([made.isError, textOf(made)]).toEqual([undefined, expect.stringContaining('Created filled_in')])
    expect(made.structuredContent?.variables).toEqual([
      { name: 'a', type: 'string', required: true },
      { name: 'b', type: 'enum', required: true, enum: ['x', 'y'] },
    ])
    const chat = await call('create_prompt_template', {
      name: 'filled_in_chat',
      template_content: '',
      messages: [
        { type: null, name: null, required: null, role: 'user', content: 'Hello {{ who }}' },
        { type: 'placeholder', name: 'history', required: null, role: null, content: null },
      ],
    })
    expect([chat.isError, textOf(chat)]).toEqual([undefined, expect.stringContaining('Created')])
    const changed = await call('update_prompt_template', {
      template_name: 'filled_in_chat',
      base_version: 1,
      template_content: null,
      messages: null,
      variables: null,
      title: 'A title',
      description: null,
      config: null,
      publish: null,
    })
    expect([changed.isError, changed.structuredContent]).toMatchObject([undefined, { title: 'A title' }])
  })

  it('are still asked for where they are required', async () => {
    for (const template_name of [null, ''])
      expect(textOf(await call('get_prompt', { template_name }))).toContain('template_name: is required')
  })

  it('keep an empty text that means something', async () => {
    await createPrompt(app.actor(), { name: 'titled', title: 'Old', template_content: 'x' })
    const args = { template_name: 'titled', base_version: 1, title: '', message: null }
    const changed = await call('update_prompt_template', args)
    expect(changed.structuredContent).toMatchObject({ title: '', version: 2 })
  })

  it.each(['prompts/list', 'tools/list', 'resources/list', 'resources/templates/list'])(
    'begin a list at its first page: %s',
    async (method) => {
      const { result: whole } = await rpc(method)
      expect(whole).toBeDefined()
      for (const cursor of ['', null]) expect((await rpc(method, { cursor })).result).toEqual(whole)
    },
  )

  it('are read in the type that they are told with', async () => {
    const found = await call('search_prompts', { category: 'data', limit: '1' })
    expect(found.structuredContent?.prompts).toHaveLength(1)
    const made = await call('create_prompt_template', {
      name: 'texts',
      template_content: '{{ n }}',
      variables: [{ name: 'n', type: 'integer', min: '1', max: '9', required: 'true' }],
      publish: { tool: 'True' },
    })
    expect(made.structuredContent).toMatchObject({
      publish: { tool: true },
      variables: [{ name: 'n', type: 'integer', min: 1, max: 9, required: true }],
    })
    const read = await call('get_prompt', { template_name: 'few_shot', version: '2' })
    expect(read.structuredContent).toMatchObject({ version: 2 })
    const generated = await call('generate', {
      template_name: 'few_shot',
      variables: '{"task":"x"}',
      label: null,
      version: null,
      configuration: '',
      wait_seconds: '0',
    })
    expect([generated.isError, generated.structuredContent]).toMatchObject([undefined, { status: 'queued' }])
  })
})

describe('names as people say them', () => {
  it.each(['Few Shot', 'FEW_SHOT', 'FewShot', 'few-shot', 'few_shot@1', 'prompt://few_shot/versions/1'])(
    'lead to the name: %s',
    async (template_name) => {
      for (const [tool, args] of [
        ['get_prompt', {}],
        ['render_prompt', { variables: { task: 'x' } }],
        ['update_prompt_template', { base_version: 1, template_content: 'x' }],
        ['generate', {}],
      ] as const) {
        const answer = await call(tool, { template_name, ...args })
        expect([answer.isError, textOf(answer)]).toEqual([
          true,
          expect.stringContaining('Did you mean "few_shot"'),
        ])
      }
      expect((await rpc('prompts/get', { name: template_name })).error?.data).toMatchObject({
        did_you_mean: expect.arrayContaining(['few_shot']),
      })
    },
  )

  it('lead to a short name with its version', async () => {
    for (const template_name of ['lv@1', 'LV', 'lv@production'])
      expect(textOf(await call('get_prompt', { template_name }))).toContain('Did you mean "lv"?')
  })

  it.each([
    ['search_prompts', { category: 'Data' }, /no category "Data". Did you mean "data"\? Categories:.*data/s],
    ['search_prompts', { label: 'Production' }, /no prompt has the label "Production".*production/is],
    ['search_prompts', { tag: '!!' }, /no prompt has the tag "!!"/i],
    [
      'create_prompt_template',
      { name: 'n', category: 'Data', template_content: 'x' },
      /Did you mean "data"\? The categories are: .*data/s,
    ],
    [
      'get_prompt',
      { template_name: 'lv', label: 'Production' },
      /Its labels: production.*Name one of these/s,
    ],
    ['generate', { template_name: 'lv', label: 'Production' }, /Its labels: production/],
    ['generate', { template_name: 'lv', configuration: 'GPT 4' }, /no AI configuration "GPT 4".*echo/s],
  ])('are told with what there is: %s %j', async (tool, args, words) => {
    expect(textOf(await call(tool, args))).toMatch(words)
  })

  it('find every prompt by the label that each of them has', async () => {
    const all = await call('search_prompts', { category: 'data' })
    const latest = await call('search_prompts', { category: 'data', label: 'latest' })
    expect(latest).toEqual(all)
    expect(latest.structuredContent?.prompts).toHaveLength(3)
  })
})

describe('what is not there', () => {
  const archived = /"gone" is archived.*PATCH/s

  it('is said to be in the archive at every door', async () => {
    for (const uri of ['prompt://gone', 'prompt://gone/versions/1', 'PROMPT://gone']) {
      const { error } = await rpc('resources/read', { uri })
      expect(error).toMatchObject({ message: expect.stringMatching(archived), data: { uri, archived: true } })
    }
    const { error } = await rpc('tools/call', { name: 'gone', arguments: {} })
    expect(error).toMatchObject({ message: expect.stringMatching(archived), data: { archived: true } })
    for (const tool of ['get_prompt', 'render_prompt'])
      expect(textOf(await call(tool, { template_name: 'gone' }))).toMatch(archived)
    expect((await rpc('prompts/get', { name: 'gone' })).error?.message).toMatch(archived)
  })

  it.each([
    ['render_promt', 'Did you mean "render_prompt"?'],
    ['search_prompt', 'Did you mean "search_prompts"'],
    ['few_shoot', 'Did you mean "few_shot"?'],
    ['Few Shot', 'Did you mean "few_shot"?'],
    ['lv', '"lv" is not published as a tool: render_prompt renders it.'],
  ])('leads to the tool that is meant: %s', async (name, words) => {
    const { error } = await rpc('tools/call', { name, arguments: {} })
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining(words) })
  })

  it('leads to no tool that is nothing like it, or that the address leaves out', async () => {
    expect((await rpc('tools/call', { name: 'xyzzy' })).error?.message).toBe('Unknown tool: xyzzy')
    const { error } = await rpc('tools/call', { name: 'generat' }, '?tools=read')
    expect(error?.message).not.toContain('"generate"')
  })

  it.each([
    ['prompt://few_shoot', /Did you mean "few_shot"/],
    ['prompt://few_shot/versions/9', /no version 9; its newest is 2/],
    ['category://dat', /no category "dat". Did you mean "data"/],
    ['file:///etc/passwd', /Resources are prompt:\/\/\{name\}/],
  ])('has its reason: %s', async (uri, words) => {
    expect((await rpc('resources/read', { uri })).error).toMatchObject({
      message: expect.stringMatching(words),
      data: { uri },
    })
  })

  it('is a version that is told with those that there are', async () => {
    expect(textOf(await call('get_prompt', { template_name: 'few_shot', version: 99 }))).toMatch(
      /no version 99.*Its versions are 1 to 2\./s,
    )
    expect(textOf(await call('render_prompt', { template_name: 'lv', version: 99 }))).toContain(
      'Its only version is 1.',
    )
  })
})

describe('messages for a placeholder', () => {
  it.each([
    ['[{"role":"user","content":"hi"},]', /starts like JSON messages and is no JSON/],
    ['[{"role":"user"', /starts like JSON messages/],
    ["[{'role': 'user', 'content': 'hi'}]", /starts like JSON messages/],
    ['{"role":"user","content":"hi"}', /one message alone/],
    ['[{"role":"robot","content":"hi"}]', /number 1 is no/],
  ])('are no words of the user when they are broken: %s', async (history, words) => {
    const { error } = await rpc('prompts/get', { name: 'talk', arguments: { history } })
    expect(error?.message).toMatch(words)
    const rendered = await call('render_prompt', { template_name: 'talk', variables: { history } })
    expect([rendered.isError, textOf(rendered)]).toEqual([true, expect.stringMatching(words)])
  })
})

describe('what is wrong', () => {
  it.each([
    ['get_generation', { id: 'x' }, 'id: must be an id, which is a UUID in full'],
    ['search_prompts', { limit: 0 }, 'limit: must be at least 1'],
    ['search_prompts', { limit: 1.5 }, 'limit: must be a whole number'],
    ['search_prompts', { query: 'x'.repeat(501) }, 'query: must have at most 500 characters'],
    ['generate', { template_name: 'lv', wait_seconds: 61 }, 'wait_seconds: must be at most 60'],
    [
      'create_prompt_template',
      { name: 'n', format: 'md', template_content: 'x' },
      'must be one of: liquid, text',
    ],
    [
      'create_prompt_template',
      { name: 'n', title: 'x'.repeat(201) },
      'title: must have at most 200 characters',
    ],
    [
      'create_prompt_template',
      { name: 'n', variables: [{ name: 'a', type: 'text' }] },
      'variables.0.type: must be one of: string, number',
    ],
    [
      'create_prompt_template',
      { name: 'n', variables: [{ name: 'a', enum: ['x'.repeat(257)] }] },
      'variables.0.enum.0: must have at most 256 characters',
    ],
    [
      'create_prompt_template',
      { name: 'n', messages: [{ role: 'user', content: [{ type: 'video' }] }] },
      'must be one of: text, image, audio, resource, resource_link',
    ],
    [
      'create_prompt_template',
      {
        name: 'n',
        messages: [{ role: 'user', content: [{ type: 'image', data: '*', mimeType: 'image/png' }] }],
      },
      'data: must be base64',
    ],
  ])('is told in plain words: %s, $#', async (tool, args, words) => {
    const answer = await call(tool, args)
    expect([answer.isError, textOf(answer)]).toEqual([true, expect.stringContaining(words)])
    expect(textOf(answer)).not.toMatch(/Invalid|Too (?:big|small)|expected/)
  })
})
