import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restRequest, toolCall } from '#lib/testing/rest.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { POST as getMcpPrompt } from '../mcp/prompts/get/route.ts'
import { POST as listMcpPrompts } from '../mcp/prompts/list/route.ts'
import { POST as callTool } from '../mcp/tools/call/route.ts'
import { POST as listTools } from '../mcp/tools/list/route.ts'
import { GET as diff } from './prompts/[name]/diff/route.ts'
import { POST as duplicate } from './prompts/[name]/duplicate/route.ts'
import { POST as render, GET as renderByGet } from './prompts/[name]/render/route.ts'
import { GET as read } from './prompts/[name]/route.ts'
import { POST as addVersion } from './prompts/[name]/versions/route.ts'
import { POST as create } from './prompts/route.ts'
import { POST as renderDraft } from './render/route.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

const post = async (body: object) => {
  const answer = await create(restRequest('POST', '/api/prompts', body))
  return { status: answer.status, body: await answer.json() }
}
const get = async (name: string) =>
  (await read(restRequest('GET', `/api/prompts/${name}?label=latest`))).json()
const version = async (name: string, body: object) => {
  const match = { 'if-match': (await get(name)).etag }
  const answer = await addVersion(restRequest('POST', `/api/prompts/${name}/versions`, body, match))
  return { status: answer.status, body: await answer.json() }
}
const rendered = async (name: string, variables: object = {}) => {
  const answer = await render(
    restRequest('POST', `/api/prompts/${name}/render`, { variables, label: 'latest' }),
  )
  return { status: answer.status, body: await answer.json() }
}
const draft = async (body: object) => {
  const answer = await renderDraft(restRequest('POST', '/api/render', body))
  return { status: answer.status, body: await answer.json() }
}
const rpc = (method: string, params: object) =>
  restRequest('POST', `/mcp/${method}`, { jsonrpc: '2.0', id: 1, method, params })
const gotten = async (name: string, args: object) =>
  (await (await getMcpPrompt(rpc('prompts/get', { name, arguments: args }))).json()) as {
    result?: { messages: { role: string; content: { text: string } }[] }
    error?: { message: string }
  }

/** Whatever other dialects, and Liquid itself, would read into it. */
const ODD = '{{ x }} {% if %} {{{ y }}} {# z #} {question} {{#if a}} {% raw %} ${{ secrets.A }} {{ "'

describe('the type "messages"', () => {
  const history = { name: 'h', type: 'messages' }
  const placeholder = { type: 'placeholder', name: 'h' }
  const spoken = { role: 'user', content: 'Hello' }
  it.each<[string, object]>([
    ['a text that uses it', { template_content: 'x {{ h }}', variables: [history] }],
    ['a text that does not', { template_content: 'x', variables: [history] }],
    ['a chat without placeholder', { messages: [spoken], variables: [history] }],
    ['another placeholder', { messages: [{ ...placeholder, name: 'other' }], variables: [history] }],
    ['a literal text', { template_content: 'x', format: 'text', variables: [history] }],
  ])('is of placeholders alone, when saved and as a draft: %s', async (_, content) => {
    for (const answer of [await post({ name: 'no-place', ...content }), await draft(content)])
      expect(answer).toMatchObject({
        status: 422,
        body: {
          errors: expect.arrayContaining([
            expect.objectContaining({ code: 'missing_placeholder', pointer: '#/variables/0/type' }),
          ]),
        },
      })
  })

  it('goes with the placeholder', async () => {
    const made = await post({ name: 'has-place', messages: [spoken, placeholder], variables: [history] })
    expect(made.status).toBe(201)
    const changed = await version('has-place', { messages: [spoken] })
    expect(changed.body.variables).toEqual([])
  })
})

describe('the address of a resource', () => {
  const linked = (uri: string) => [
    { role: 'user', content: [{ type: 'resource_link', uri, name: 'a file' }] },
    { role: 'user', content: [{ type: 'resource', resource: { uri: 'file:///a', text: 'x' } }] },
  ]

  it.each([
    ['text', 'http://{{ x }}'],
    ['text', 'no uri'],
    ['text', 'https://a b'],
    ['liquid', 'no uri'],
    ['liquid', '/a/path'],
  ])('that no render could make right is refused when it is saved: %s %s', async (format, uri) => {
    const content = { messages: linked(uri), format }
    for (const answer of [await post({ name: 'wrong-uri', ...content }), await draft(content)])
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'invalid_uri', pointer: '#/messages/0/content/0/uri' }] },
      })
  })

  it.each([
    ['text', 'https://a.b/%7B'],
    ['liquid', 'https://a.b/{{ x }}'],
    ['liquid', '{{ x }}'],
  ])('that may be one is saved: %s %s', async (format, uri) => {
    const name = `right-uri-${uri.length}`
    expect(await post({ name, messages: linked(uri), format })).toMatchObject({ status: 201 })
  })
})

describe('a value that a literal prompt does not take', () => {
  it('is told with the reason', async () => {
    await post({ name: 'literal-value', template_content: '{{ x }}', format: 'text' })
    const { status, body } = await rendered('literal-value', { x: '1' })
    expect([status, body.errors[0].hint]).toEqual([
      422,
      'It has no variables: its texts are literal (format "text"), and what looks like a variable is sent as it stands',
    ])
    const messages = [
      { type: 'placeholder', name: 'h' },
      { role: 'user', content: '{{ x }}' },
    ]
    const chat = await draft({ messages, format: 'text', values: { x: '1', h: 'a' } })
    expect(chat.body.errors[0].hint).toContain('Its variables are: h: its texts are literal')
    const liquid = await draft({ template_content: 'x', values: { x: '1' } })
    expect(liquid.body.errors[0].hint).toBe('It has no variables')
  })
})

describe('a literal prompt', () => {
  it('is sent as it stands, and has no variables', async () => {
    const made = await post({ name: 'literal', template_content: ODD, format: 'text' })
    expect(made).toMatchObject({
      status: 201,
      body: { format: 'text', template_content: ODD, variables: [], warnings: [] },
    })
    expect(await rendered('literal')).toMatchObject({ status: 200, body: { content: ODD } })
    expect(await draft({ template_content: ODD, format: 'text' })).toMatchObject({
      status: 200,
      body: { content: ODD, variables: [] },
    })
    expect((await gotten('literal', {})).result?.messages).toEqual([
      { role: 'user', content: { type: 'text', text: ODD } },
    ])
    expect((await rendered('literal', { x: 1 })).status).toBe(422)
  })

  it('is Liquid when nothing is said, and says so', async () => {
    await post({ name: 'liquid', template_content: 'Hello {{ who }}' })
    expect((await get('liquid')).format).toBe('liquid')
    const plain = await post({ name: 'said', template_content: 'Hello {{ who }}', format: 'liquid' })
    expect(plain.body.checksum).toBe((await get('liquid')).checksum)
    const literal = await post({ name: 'same-text', template_content: 'Hello {{ who }}', format: 'text' })
    expect(literal.body.checksum).not.toBe(plain.body.checksum)
  })

  it('keeps its format in new versions and copies, and changes it in a version of its own', async () => {
    await post({ name: 'kept', template_content: '{{ a }}', format: 'text' })
    expect((await version('kept', { template_content: '{{ b' })).body).toMatchObject({ format: 'text' })
    const copied = await duplicate(restRequest('POST', '/api/prompts/kept/duplicate', { name: 'copied' }))
    expect(await copied.json()).toMatchObject({ format: 'text', template_content: '{{ b' })
    expect((await version('kept', { format: 'liquid' })).status).toBe(422)
    const turned = await version('kept', { format: 'liquid', template_content: '{{ b }}' })
    expect(turned.body).toMatchObject({ format: 'liquid', variables: [{ name: 'b' }] })
    const back = await version('kept', { format: 'text' })
    expect(back.body).toMatchObject({ format: 'text', template_content: '{{ b }}', variables: [] })
    const { fields } = await (await diff(restRequest('GET', '/api/prompts/kept/diff?from=3&to=4'))).json()
    expect(fields.map(({ field }: { field: string }) => field)).toEqual(['format', 'variables'])
  })

  it('changes nothing when it is said again', async () => {
    await post({ name: 'again', template_content: 'x', variables: ['unused'] })
    expect((await version('again', { format: 'liquid' })).body.variables).toMatchObject([{ name: 'unused' }])
  })

  it('refuses declared variables and says why', async () => {
    const refused = await post({ name: 'declared', template_content: 'x', format: 'text', variables: ['a'] })
    expect(refused.status).toBe(422)
    expect(refused.body.errors[0]).toMatchObject({ path: ['variables', 0], code: 'literal_variable' })
    expect((await draft({ template_content: 'x', format: 'text', variables: ['a'] })).status).toBe(422)
  })

  it('is included as it stands', async () => {
    await post({ name: 'rules', template_content: 'Write {{ this }} {%', format: 'text' })
    await post({ name: 'including', template_content: 'Mind: {% render "rules" %}!' })
    expect((await rendered('including')).body.content).toBe('Mind: Write {{ this }} {%!')
  })

  it('can be a chat', async () => {
    const messages = [
      { role: 'system', content: ODD },
      { role: 'user', content: [{ type: 'text', text: '{{ a }}' }] },
    ]
    await post({ name: 'literal-chat', messages, format: 'text' })
    expect((await rendered('literal-chat')).body.messages).toEqual(messages)
  })

  it('is made, changed and read by tools', async () => {
    const args = { name: 'by-tool', template_content: ODD, format: 'text' }
    expect(
      JSON.stringify(await (await callTool(toolCall('create_prompt_template', args))).json()),
    ).not.toContain('isError":true')
    const update = { template_name: 'by-tool', base_version: 1, template_content: `${ODD}!` }
    await callTool(toolCall('update_prompt_template', update))
    const { result } = await (
      await callTool(toolCall('get_prompt', { template_name: 'by-tool', label: 'latest' }))
    ).json()
    expect(result.structuredContent).toMatchObject({ format: 'text', template_content: `${ODD}!` })
    expect(result.content[0].text).toContain('Format: text (literal')
    expect(result.content[0].text).toContain('```text\n')
  })
})

const CHAT = [
  { role: 'system', content: 'You help {{ who }}.' },
  { type: 'placeholder', name: 'history', required: false },
  { role: 'user', content: '{{ question }}' },
]
const TALK = [
  { role: 'user', content: 'Hi {{ there }}' },
  { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
]

describe('a placeholder', () => {
  beforeAll(async () => {
    await post({ name: 'talk', messages: CHAT, publish: { tool: true } })
  })
  const filled = (history?: unknown) => ({
    who: 'Ada',
    question: 'Why?',
    ...(history !== undefined && { history }),
  })
  const around = (...messages: unknown[]) => [
    { role: 'system', content: 'You help Ada.' },
    ...messages,
    { role: 'user', content: 'Why?' },
  ]

  it('is a variable of its own type', async () => {
    expect((await get('talk')).variables).toEqual([
      { name: 'who', type: 'string', required: true },
      { name: 'question', type: 'string', required: true },
      { name: 'history', type: 'messages', required: false },
    ])
  })

  it.each([
    ['a list', TALK, TALK],
    ['JSON text of a list', JSON.stringify(TALK), TALK],
    ['a plain text', 'Just this [x]', [{ role: 'user', content: 'Just this [x]' }]],
    ['a text that only begins like a list', '[note] this', [{ role: 'user', content: '[note] this' }]],
    ['an empty list', [], []],
    ['nothing', undefined, []],
  ])('takes %s', async (_, given, messages) => {
    expect((await rendered('talk', filled(given))).body.messages).toEqual(around(...messages))
    expect((await draft({ messages: CHAT, values: filled(given) })).body.messages).toEqual(
      around(...messages),
    )
  })

  it.each([
    ['no list', 7],
    ['a role that is none', [{ role: 'robot', content: 'x' }]],
    ['a message without content', [{ role: 'user' }]],
    ['further fields', [{ role: 'user', content: 'x', name: 'y' }]],
    ['texts', ['x']],
    ['JSON text of something else', '[1, 2]'],
  ])('refuses %s, with the way to write it', async (_, given) => {
    const { status, body } = await rendered('talk', filled(given))
    expect([status, body.errors[0].path]).toEqual([422, ['variables', 'history']])
    expect(body.errors[0].message).toMatch(/role/)
  })

  it('is given as text over MCP, and told of in the list', async () => {
    const listed = (await (await listMcpPrompts(rpc('prompts/list', {}))).json()).result.prompts
    const { arguments: args } = listed.find(({ name }: { name: string }) => name === 'talk')
    expect(args[2]).toMatchObject({
      name: 'history',
      required: false,
      description: expect.stringContaining('JSON'),
    })
    const texts = async (history: string) =>
      (await gotten('talk', filled(history))).result?.messages.map(({ content }) => content.text)
    expect(await texts(JSON.stringify(TALK))).toEqual(['You help Ada.', 'Hi {{ there }}', 'Hello', 'Why?'])
    expect(await texts('Before')).toEqual(['You help Ada.', 'Before', 'Why?'])
    const byGet = await renderByGet(
      restRequest('GET', '/api/prompts/talk/render?who=Ada&question=Why%3F&history=Before'),
    )
    expect((await byGet.json()).messages).toEqual(around({ role: 'user', content: 'Before' }))
  })

  it('is a list of messages in the schema of a tool', async () => {
    const { tools } = (await (await listTools(rpc('tools/list', {}))).json()).result
    const { inputSchema } = tools.find(({ name }: { name: string }) => name === 'talk')
    expect(inputSchema.properties.history).toMatchObject({
      type: 'array',
      items: { type: 'object', required: ['role', 'content'] },
    })
    const { result } = await (await callTool(toolCall('talk', filled(TALK)))).json()
    expect(result.content.map(({ text }: { text: string }) => text)).toContain('[user]\nHi {{ there }}')
  })

  it('must be given unless it says otherwise', async () => {
    await post({ name: 'needs', messages: [{ type: 'placeholder', name: 'history' }] })
    const { status, body } = await rendered('needs')
    expect([status, body.errors[0]]).toMatchObject([422, { code: 'missing_variable' }])
    expect((await rendered('needs', { history: TALK })).body.messages).toEqual(TALK)
  })

  it('is bounded as values are', async () => {
    const { values_length } = app.runtime.config.limits
    const long = [{ role: 'user', content: 'x'.repeat(values_length + 1) }]
    const { status, body } = await rendered('talk', filled(long))
    expect([status, body.limit]).toEqual([413, 'limits.values_length'])
    expect((await rendered('talk', filled([{ role: 'user', content: 'a\u0000' }]))).status).toBe(400)
  })

  it.each([
    [
      'stands in a text',
      [...CHAT, { role: 'user', content: 'As {{ history }} says' }],
      undefined,
      'placeholder_in_text',
    ],
    ['stands twice', [...CHAT, { type: 'placeholder', name: 'history' }], undefined, 'duplicate_placeholder'],
    ['is declared as something else', CHAT, ['who', 'question', 'history'], 'placeholder_type'],
  ])('is refused where it %s', async (_, messages, variables, code) => {
    const body = { messages, ...(variables && { variables }) }
    for (const { status, body: problem } of [await post({ name: 'bad', ...body }), await draft(body)])
      expect([status, problem.errors[0].code]).toEqual([422, code])
  })

  it('keeps what is declared for it, and goes with its message', async () => {
    const declared = [{ name: 'history', type: 'messages', description: 'What was said before', max: 3 }]
    const messages = [
      { type: 'placeholder', name: 'history' },
      { role: 'user', content: 'Go on' },
    ]
    const made = await post({ name: 'declares', messages, variables: declared })
    expect(made.body.variables).toEqual([{ ...declared[0], required: true }])
    expect((await rendered('declares', { history: [...TALK, ...TALK] })).status).toBe(422)
    const without = await version('declares', { messages: messages.slice(1) })
    expect(without.body.variables).toEqual([])
    const { fields } = await (await diff(restRequest('GET', '/api/prompts/declares/diff?from=1&to=2'))).json()
    expect(JSON.stringify(fields)).toContain('[placeholder]')
    const copied = await duplicate(restRequest('POST', '/api/prompts/talk/duplicate', { name: 'talk-copy' }))
    expect((await copied.json()).messages).toEqual(CHAT)
  })

  it('stands in a literal chat, too', async () => {
    const messages = [
      { role: 'system', content: ODD },
      { type: 'placeholder', name: 'history' },
    ]
    const made = await post({ name: 'literal-talk', messages, format: 'text' })
    expect(made.body.variables).toEqual([{ name: 'history', type: 'messages', required: true }])
    expect((await rendered('literal-talk', { history: 'Hi' })).body.messages).toEqual([
      { role: 'system', content: ODD },
      { role: 'user', content: 'Hi' },
    ])
  })

  it('is shown in the source that agents read', async () => {
    const { result } = await (await callTool(toolCall('get_prompt', { template_name: 'talk' }))).json()
    expect(result.content[0].text).toContain(
      '### placeholder\n\nMessages that are given as `history` (optional)',
    )
  })
})
