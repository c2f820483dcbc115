import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCategory } from '../categories/operations/create-category.ts'
import { BUILT_IN_TOOLS as RESERVED_NAMES } from '../prompts/name.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { createExample } from '../prompts/operations/examples/create-example.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { type McpServerForTests, serveMcp } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { usageBuffer } from '../usage/recording/record.ts'
import { BUILT_IN_TOOLS } from './tools.ts'

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime()
  mcp = await serveMcp()
  await createCategory(app.actor(), { slug: 'data', name: 'Data', description: 'Tables' })
  await createPrompt(app.actor(), {
    name: 'greet',
    category: 'data',
    template_content: 'Hello {{ who }}{% if loud %}!{% endif %}',
    variables: [
      { name: 'who', description: 'Whom', enum: ['you', 'me', 'them'] },
      { name: 'loud', type: 'boolean', default: false },
      { name: 'style', type: 'string', required: false, example: 'formal', default: 'plain' },
    ],
    publish: { tool: true },
  })
  await createPrompt(app.actor(), {
    name: 'hidden',
    template_content: 'Hidden.',
    publish: { prompt: false, tool: true },
  })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

interface Answer {
  result?: Record<string, unknown> & { content?: { text?: string }[]; completion?: { values: string[] } }
  error?: { code: number; message: string; data?: Record<string, unknown> }
}

async function rpc(method: string, params: object = {}, query = '', agent = 'test/1'): Promise<Answer> {
  const message = { jsonrpc: '2.0', id: 1, method, params }
  const reply = await mcp.post(message, { 'user-agent': agent }, `/api/mcp${query}`)
  return reply.body as Answer
}

const call = (name: string, args: object, query?: string) =>
  rpc('tools/call', { name, arguments: args }, query)
const textOf = (answer: Answer) => answer.result?.content?.[0]?.text ?? ''

/** A millisecond that is after what was written, and before what will be. */
async function momentBetween(): Promise<string> {
  const { pool } = app.runtime.database.primary
  const clock = async () => {
    const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now')
    return rows[0]?.now.getTime() ?? 0
  }
  const moment = (await clock()) + 1
  while ((await clock()) <= moment + 1);
  return new Date(moment).toISOString()
}

describe('built-in tools', () => {
  it('have names that no published prompt may bear', () => {
    for (const { name } of BUILT_IN_TOOLS) expect(RESERVED_NAMES.has(name)).toBe(true)
  })

  it('name every wrong argument', async () => {
    const answer = await call('create_prompt_template', { name: 'A B', template_content: 7, more: 1 })
    expect(answer.result?.isError).toBe(true)
    for (const word of ['name', 'template_content', 'more']) expect(textOf(answer)).toContain(word)
  })

  it('read and render what a label said at a time of the past, also the label of the address', async () => {
    const name = 'of_old'
    await createPrompt(app.actor(), { name, template_content: 'one' })
    await setLabel(app.actor(), { name, label: 'staging', version: 1, if_match: '*' })
    const at = await momentBetween()
    await createVersion(app.actor(), { name, base_version: 1, template_content: 'two' })
    for (const label of ['production', 'staging'])
      await setLabel(app.actor(), { name, label, version: 2, if_match: '*' })
    for (const [args, query] of [
      [{}, ''],
      [{ label: 'staging' }, ''],
      [{}, '?label=staging'],
    ] as const) {
      const now = { template_name: name, ...args }
      expect(textOf(await call('render_prompt', now, query))).toBe('two')
      expect(textOf(await call('render_prompt', { ...now, at }, query))).toBe('one')
      const read = await call('get_prompt', { ...now, at }, query)
      expect(read.result?.structuredContent).toMatchObject({ version: 1, template_content: 'one' })
    }
    const early = await call('get_prompt', { template_name: name, at: '1999-01-01T00:00:00Z' })
    expect(early.result?.isError).toBe(true)
    const wrong = await call('render_prompt', { template_name: name, version: 1, at })
    expect(textOf(wrong)).toContain('`at`')
  })

  it('say in their text, too, what a text in another template language means here', async () => {
    const made = await call('create_prompt_template', {
      name: 'braces',
      template_content: 'Answer {question}.',
    })
    expect(textOf(made)).toContain(
      'Warning: {question} is plain text here (A variable is written {{ question }})',
    )
    const changed = await call('update_prompt_template', {
      template_name: 'braces',
      base_version: 1,
      template_content: '{# note #}',
    })
    expect(textOf(changed)).toContain('Write {% comment %}')
    const refused = await call('create_prompt_template', {
      name: 'roles',
      template_content: '{{role "user"}}',
    })
    expect(textOf(refused)).toContain('messages of a chat prompt')
    const unknown = await call('render_prompt', { template_name: 'braces', variables: { question: 'w' } })
    expect(textOf(unknown)).toContain('a variable is written {{ question }}')
  })

  it('say which labels there are when one is missing', async () => {
    const answer = await call('render_prompt', { template_name: 'greet', label: 'staging' })
    expect([answer.result?.isError, textOf(answer)]).toEqual([true, expect.stringContaining('production')])
  })

  it('refuse label and version together', async () => {
    const answer = await call('get_prompt', { template_name: 'greet', label: 'production', version: 1 })
    expect(answer.result?.isError).toBe(true)
  })

  it('find nothing outside the category of the address', async () => {
    await createPrompt(app.actor(), { name: 'elsewhere', template_content: 'Hello.' })
    for (const [name, args] of [
      ['render_prompt', { template_name: 'elsewhere' }],
      ['get_prompt', { template_name: 'elsewhere' }],
    ] as const)
      expect((await call(name, args, '?category=data')).result?.isError).toBe(true)
    expect(textOf(await call('search_prompts', { query: 'elsewhere' }, '?category=data'))).toContain(
      'No prompt',
    )
  })
})

describe('prompts as tools and prompts', () => {
  it('have the schema of their variables', async () => {
    const { result } = await rpc('tools/list')
    const tools = result?.tools as { name: string; inputSchema: object }[]
    expect(tools.find(({ name }) => name === 'greet')?.inputSchema).toMatchObject({
      type: 'object',
      required: ['who'],
      properties: { who: { enum: ['you', 'me', 'them'] }, loud: { type: 'boolean', default: false } },
      additionalProperties: false,
    })
  })

  it('read texts in the type of the variable', async () => {
    expect(textOf(await call('greet', { who: 'you', loud: 'true' }))).toBe('Hello you!')
    const got = await rpc('prompts/get', { name: 'greet', arguments: { who: 'you', loud: 'false' } })
    expect(JSON.stringify(got.result?.messages)).toContain('Hello you"')
  })

  it('explain what does not fit: to a model as a text, to a client as an error', async () => {
    const called = await call('greet', { who: 'nobody', more: '1' })
    expect([called.result?.isError, textOf(called)]).toEqual([true, expect.stringContaining('who')])
    const got = await rpc('prompts/get', { name: 'greet', arguments: { who: 'nobody' } })
    expect(got.error).toMatchObject({ code: -32602, data: { code: 'unprocessable' } })
    // Clients show the message alone.
    for (const words of ['who', 'you, me, them']) expect(got.error?.message).toContain(words)
  })

  it('are hidden from the list of prompts alone when they are not published as one', async () => {
    const { result } = await rpc('prompts/list')
    expect(JSON.stringify(result?.prompts)).not.toContain('"hidden"')
    expect((await rpc('prompts/get', { name: 'hidden' })).error).toMatchObject({ code: -32602 })
    expect(textOf(await call('hidden', {}))).toBe('Hidden.')
    expect(textOf(await call('render_prompt', { template_name: 'hidden' }))).toBe('Hidden.')
  })

  it('are unknown tools when they are not published as one', async () => {
    await createPrompt(app.actor(), { name: 'no_tool', template_content: 'Hello.' })
    expect((await call('no_tool', {})).error).toMatchObject({ code: -32602 })
  })
})

describe('completion', () => {
  const complete = async (name: string, value: string, ref: object = { type: 'ref/prompt', name: 'greet' }) =>
    (await rpc('completion/complete', { ref, argument: { name, value } })).result?.completion?.values

  it('offers choices, booleans, and what the author gave as default and example', async () => {
    expect(await complete('who', '')).toEqual(['you', 'me', 'them'])
    expect(await complete('who', 'm')).toEqual(['me', 'them'])
    expect(await complete('loud', 't')).toEqual(['true'])
    expect(await complete('style', '')).toEqual(['plain', 'formal'])
  })

  it('offers what the caller used before, ahead of what the author gave', async () => {
    await createPrompt(app.actor(), {
      name: 'field',
      template_content: 'Work in {{ domain }}.',
      variables: [{ name: 'domain', example: 'farming' }],
    })
    const ref = { type: 'ref/prompt', name: 'field' }
    expect(await complete('domain', '', ref)).toEqual(['farming'])
    await rpc('prompts/get', { name: 'field', arguments: { domain: 'banking' } })
    expect(await complete('domain', '', ref)).toEqual(['banking', 'farming'])
    expect(await complete('domain', 'f', ref)).toEqual(['farming'])
  })

  it('offers what was saved as examples of the prompt, short texts alone', async () => {
    await createPrompt(app.actor(), { name: 'saved', template_content: 'Work in {{ domain }}.' })
    const save = (name: string, domain: string) =>
      createExample(app.actor(), { prompt: 'saved', name, values: { domain, other: 'x' } })
    await save('A', 'fishing')
    await save('B', 'x'.repeat(201))
    const ref = { type: 'ref/prompt', name: 'saved' }
    expect(await complete('domain', '', ref)).toEqual(['fishing'])
    app.runtime.database.availability.report(false)
    expect(await complete('domain', '', ref)).toEqual([])
    app.runtime.database.availability.report(true)
  })

  it('offers names, versions and slugs for resources', async () => {
    const resource = (uri: string) => ({ type: 'ref/resource', uri })
    expect(await complete('name', 'gre', resource('prompt://{name}'))).toEqual(['greet'])
    expect(await complete('slug', 'd', resource('category://{slug}'))).toEqual(['data'])
    const answer = await rpc('completion/complete', {
      ref: resource('prompt://{name}/versions/{version}'),
      argument: { name: 'version', value: '' },
      context: { arguments: { name: 'greet' } },
    })
    expect(answer.result?.completion?.values).toEqual(['1'])
  })

  it('-32602 for what there is not', async () => {
    for (const params of [
      { ref: { type: 'ref/prompt', name: 'nobody' }, argument: { name: 'who', value: '' } },
      { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'unknown', value: '' } },
      { ref: { type: 'ref/resource', uri: 'file:///{path}' }, argument: { name: 'path', value: '' } },
      { ref: { type: 'ref/other' }, argument: { name: 'who', value: '' } },
      { ref: { type: 'ref/prompt', name: 'greet' } },
    ])
      expect((await rpc('completion/complete', params)).error).toMatchObject({ code: -32602 })
  })
})

describe('usage', () => {
  async function countedFor(work: () => Promise<unknown>) {
    usageBuffer().take(1000)
    await work()
    return usageBuffer()
      .take(1000)
      .map(({ operation, tool, prompt_id, outcome, client_name, client_version, surface }) => ({
        operation,
        tool,
        found: prompt_id !== null,
        outcome,
        client: `${client_name} ${client_version}`,
        surface,
      }))
  }
  const by = { client: 'test 1', surface: 'mcp', outcome: 'ok' }

  it('counts each call once, under what the agent did', async () => {
    const greet = { who: 'you' }
    expect(await countedFor(() => rpc('prompts/get', { name: 'greet', arguments: greet }))).toEqual([
      { ...by, operation: 'get', tool: null, found: true },
    ])
    expect(await countedFor(() => call('greet', greet))).toEqual([
      { ...by, operation: 'tool', tool: 'greet', found: true },
    ])
    expect(
      await countedFor(() => call('render_prompt', { template_name: 'greet', variables: greet })),
    ).toEqual([{ ...by, operation: 'tool', tool: 'render_prompt', found: true }])
    expect(await countedFor(() => call('list_categories', {}))).toEqual([
      { ...by, operation: 'tool', tool: 'list_categories', found: false },
    ])
    expect(await countedFor(() => rpc('prompts/list'))).toEqual([])
  })

  it('counts what fails with its reason', async () => {
    expect(await countedFor(() => call('render_prompt', { template_name: 7 }))).toMatchObject([
      { operation: 'tool', tool: 'render_prompt', outcome: 'invalid_input' },
    ])
    expect(await countedFor(() => call('render_prompt', { template_name: 'greet' }))).toMatchObject([
      { operation: 'tool', tool: 'render_prompt', outcome: 'unprocessable', found: true },
    ])
  })

  it('knows the client by its envelope, else by its User-Agent', async () => {
    const stateless = () => mcp.postStateless('prompts/get', { name: 'greet', arguments: { who: 'me' } })
    expect(await countedFor(stateless)).toMatchObject([{ client: 'test-client 1.2.3' }])
    const agent = () => rpc('prompts/get', { name: 'greet', arguments: { who: 'me' } }, '', 'curl/8.5.0')
    expect(await countedFor(agent)).toMatchObject([{ client: 'curl 8.5.0' }])
  })
})
