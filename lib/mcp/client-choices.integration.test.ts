import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCategory } from '../categories/operations/create-category.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { ENVELOPE, type McpServerForTests, serveMcp, statelessHeaders } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

/* What a client can choose: what its address shows, what it completes, and whether its user fills in forms. */

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
    template_content: 'Summarize in {{ lang }}: {{ notes }}',
    variables: [
      { name: 'notes', description: 'The notes' },
      { name: 'lang', enum: ['de', 'en'], default: 'en' },
    ],
    publish: { tool: true },
  })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

interface Answer {
  result?: Record<string, unknown> & { content?: { text?: string }[] }
  error?: { code: number; message: string; data?: Record<string, unknown> }
}

async function rpc(method: string, params: object = {}, query = ''): Promise<Answer> {
  const reply = await mcp.post({ jsonrpc: '2.0', id: 1, method, params }, {}, `/api/mcp${query}`)
  return reply.body as Answer
}
const textOf = ({ content = [] }: { content?: { text?: string }[] }) =>
  content.map(({ text = '' }) => text).join('\n')

describe('the address', () => {
  it.each([
    ['?lable=staging', /unknown parameter "lable".*label, category, tools/],
    ['?tools=write', /tools=read/],
    ['?label=a&label=b', /more than one label/],
    ['?label=12', /label that cannot be one/],
  ])('is refused with what is known: %s', async (query, words) => {
    for (const method of ['initialize', 'ping', 'prompts/list', 'tools/call']) {
      const reply = await mcp.post({ jsonrpc: '2.0', id: 'x', method }, {}, `/api/mcp${query}`)
      expect([reply.status, reply.body]).toMatchObject([
        400,
        { id: 'x', error: { message: expect.stringMatching(words) } },
      ])
    }
  })

  const initialize = (query: string) =>
    rpc(
      'initialize',
      { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
      query,
    )

  it('that names no label and category there is says so, until there is one', async () => {
    const discover = async (query: string) =>
      (await mcp.postStateless('server/discover', {}, `/api/mcp${query}`)).body as Answer
    for (const [query, words] of [
      ['?label=nope', /No prompt has the label "nope".*production/],
      ['?category=nope', /no category "nope".*data, writing/],
    ] as const) {
      const answers = [
        initialize(query),
        discover(query),
        ...['prompts', 'resources'].map((list) => rpc(`${list}/list`, {}, query)),
      ]
      for (const { error } of await Promise.all(answers))
        expect(error).toMatchObject({ code: -32602, message: expect.stringMatching(words) })
      // A client that lost its tools would not be told that they are back.
      expect((await rpc('tools/list', {}, query)).error).toBeUndefined()
    }
    await createCategory(app.actor(), { slug: 'later', name: 'Later' })
    expect((await initialize('?category=later')).error).toBeUndefined()
    expect((await rpc('prompts/list', {}, '?category=later')).result).toEqual({ prompts: [] })
    expect((await initialize('?label=production')).error).toBeUndefined()
    const prompt = await createPrompt(app.actor(), { name: 'labelled', template_content: 'x' })
    expect((await rpc('prompts/list', {}, '?label=soon')).error).toMatchObject({ code: -32602 })
    await setLabel(app.actor(), { name: 'labelled', label: 'soon', version: 1, if_match: prompt.etag })
    expect((await rpc('prompts/list', {}, '?label=soon')).result?.prompts).toHaveLength(1)
  })

  it('shakes hands while the database is away', async () => {
    app.runtime.database.availability.report(false)
    expect((await initialize('?label=staging')).error).toBeUndefined()
    app.runtime.database.availability.report(true)
  })

  it('may offer the reading tools alone', async () => {
    const { result } = await rpc('tools/list', {}, '?tools=read')
    const tools = result?.tools as { name: string; annotations: { readOnlyHint: boolean } }[]
    expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true)
    const names = tools.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['search_prompts', 'get_prompt', 'render_prompt', 'meeting_summary']),
    )
    for (const name of ['create_prompt_template', 'update_prompt_template', 'generate', 'report_outcome']) {
      expect(names).not.toContain(name)
      expect((await rpc('tools/call', { name, arguments: {} }, '?tools=read')).error).toMatchObject({
        code: -32602,
        message: expect.stringContaining('tools=read'),
      })
    }
    expect((await rpc('tools/list')).result?.tools).toHaveLength(tools.length + 4)
  })
})

describe('completion of names', () => {
  it('counts all that match', async () => {
    for (let at = 0; at < 105; at++)
      await createPrompt(app.actor(), { name: `counted_${at}`, template_content: 'x' })
    const complete = async (value: string) =>
      (
        await rpc('completion/complete', {
          ref: { type: 'ref/resource', uri: 'prompt://{name}' },
          argument: { name: 'name', value },
        })
      ).result?.completion as { values: string[]; total: number; hasMore: boolean }
    const { values, total, hasMore } = await complete('count')
    expect([values.length, total, hasMore]).toEqual([100, 105, true])
    expect(await complete('counted_104')).toEqual({ values: ['counted_104'], total: 1, hasMore: false })
    expect((await complete('ounted_1')).total).toBe(16)
    expect((await complete('')).total).toBeGreaterThan(105)
  })
})

describe('the form for missing variables', () => {
  const FORMS = { ...ENVELOPE, 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } }
  async function ask(method: string, params: Record<string, unknown>, meta: object = FORMS): Promise<Answer> {
    const message = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }
    return (await mcp.post(message, statelessHeaders(method, params))).body as Answer
  }
  const WAYS: [string, string, Record<string, unknown>][] = [
    ['prompts/get', 'prompts/get', { name: 'meeting_summary' }],
    [
      'render_prompt',
      'tools/call',
      { name: 'render_prompt', arguments: { template_name: 'meeting_summary' } },
    ],
  ]

  it.each(WAYS)('is asked for and filled in: %s', async (_, method, params) => {
    const asked = await ask(method, params)
    expect(asked.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: {
        variables: {
          method: 'elicitation/create',
          params: {
            mode: 'form',
            requestedSchema: {
              type: 'object',
              properties: { notes: { type: 'string', title: 'notes', description: 'The notes' } },
              required: ['notes'],
            },
          },
        },
      },
    })
    const inputResponses = { variables: { action: 'accept', content: { notes: 'from the form' } } }
    const filled = await ask(method, { ...params, inputResponses })
    expect(filled.result?.resultType).toBe('complete')
    expect(JSON.stringify(filled.result)).toContain('from the form')
  })

  it.each(WAYS)(
    'is not asked for again when it was turned down, or does not help: %s',
    async (_, method, params) => {
      for (const response of [
        { action: 'decline' },
        { action: 'cancel' },
        { action: 'accept', content: {} },
      ]) {
        const { result, error } = await ask(method, { ...params, inputResponses: { variables: response } })
        expect(result?.resultType).not.toBe('input_required')
        expect(error?.message ?? (result === undefined ? '' : textOf(result))).toContain('notes is required')
      }
    },
  )

  it('is for clients that say they have forms; others get the error', async () => {
    for (const capabilities of [{}, { elicitation: { url: {} } }, { sampling: {} }]) {
      const meta = { ...ENVELOPE, 'io.modelcontextprotocol/clientCapabilities': capabilities }
      expect((await ask('prompts/get', { name: 'meeting_summary' }, meta)).error).toMatchObject({
        code: -32602,
      })
    }
    const meta = { ...ENVELOPE, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }
    expect((await ask('prompts/get', { name: 'meeting_summary' }, meta)).result?.resultType).toBe(
      'input_required',
    )
    expect((await rpc('prompts/get', { name: 'meeting_summary' })).error).toMatchObject({ code: -32602 })
  })

  it('is not asked for by a published tool, whose schema tells a model what it needs', async () => {
    const { result } = await ask('tools/call', { name: 'meeting_summary', arguments: { lang: 'de' } })
    expect([result?.isError, result === undefined ? '' : textOf(result)]).toEqual([
      true,
      expect.stringContaining('notes is required'),
    ])
  })

  it('says in words what a form cannot check', async () => {
    await createPrompt(app.actor(), {
      name: 'patterned',
      template_content: '{{ code }} {{ size }} {{ plain }}',
      variables: [
        { name: 'code', pattern: '^[A-Z]{3}$', description: 'Of the airport', min: 3, max: 3 },
        { name: 'size', pattern: '^[SML]$' },
        { name: 'plain', max: 9, description: 'Anything' },
      ],
    })
    const { result } = await ask('prompts/get', { name: 'patterned' })
    expect(result).toMatchObject({
      inputRequests: {
        variables: {
          params: {
            requestedSchema: {
              properties: {
                code: { description: 'Of the airport. Matches ^[A-Z]{3}$, 3 to 3 characters', minLength: 3 },
                size: { description: 'Matches ^[SML]$' },
                plain: { description: 'Anything', maxLength: 9 },
              },
            },
          },
        },
      },
    })
  })

  it('is not asked for where something else is wrong', async () => {
    const { error } = await ask('prompts/get', { name: 'meeting_summary', arguments: { lang: 'fr' } })
    expect(error?.message).toContain('lang must be one of')
  })
})
