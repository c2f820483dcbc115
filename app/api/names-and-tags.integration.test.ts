import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restRequest, toolCall } from '#lib/testing/rest.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { POST as getMcpPrompt } from '../mcp/prompts/get/route.ts'
import { POST as callTool } from '../mcp/tools/call/route.ts'
import { POST as duplicate } from './prompts/[name]/duplicate/route.ts'
import { GET as renderByGet } from './prompts/[name]/render/route.ts'
import { DELETE as archive, PATCH as patch, GET as read } from './prompts/[name]/route.ts'
import { GET as listVersions } from './prompts/[name]/versions/route.ts'
import { POST as bulk } from './prompts/bulk/route.ts'
import { POST as create, GET as list } from './prompts/route.ts'
import { GET as listTags } from './tags/route.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

const post = (body: object) => create(restRequest('POST', '/api/prompts', { template_content: 'x', ...body }))
const etagOf = async (name: string) =>
  (await read(restRequest('GET', `/api/prompts/${name}`))).headers.get('etag') ?? ''
const change = async (name: string, body: object, etag?: string) =>
  patch(restRequest('PATCH', `/api/prompts/${name}`, body, { 'if-match': etag ?? (await etagOf(name)) }))
const found = async (query: string) => {
  const { items } = await (await list(restRequest('GET', `/api/prompts?${query}`))).json()
  return items.map(({ name }: { name: string }) => name)
}
const textOf = async (answer: Response) => JSON.stringify(await answer.json())

describe('a tag', () => {
  const SPELLINGS: [string, string][] = [
    ['C#', 'c#'],
    ['Writing', 'writing'],
    ['日本語', '日本語'],
    ['C++', 'c++'],
    ['R&D', 'r&d'],
    ['.NET', '.net'],
    ['Ελληνικά', 'ελληνικά'],
    ['हिन्दी', 'हिन्दी'],
    ['Cafe\u0301', 'caf\u00e9'],
    ['  Two   words ', 'two words'],
    ['a.b:c_d-e', 'a.b:c_d-e'],
  ]

  it.each(SPELLINGS)('%j is %j at every door', async (typed, kept) => {
    const name = `t-${SPELLINGS.findIndex(([each]) => each === typed)}`
    const made = await (await post({ name, tags: [typed] })).json()
    expect(made.tags).toEqual([kept])
    expect(await found(`tag=${encodeURIComponent(typed)}`)).toContain(name)

    const byTool = `${name}-tool`
    const args = { name: byTool, template_content: 'x', tags: [typed] }
    expect(await textOf(await callTool(toolCall('create_prompt_template', args)))).not.toContain(
      '"isError":true',
    )
    expect(await found(`tag=${encodeURIComponent(kept)}`)).toEqual([name, byTool])
    const searched = await textOf(await callTool(toolCall('search_prompts', { tag: typed })))
    expect(searched).toContain(byTool)

    expect((await (await change(name, { tags: [] })).json()).tags).toEqual([])
    const added = { names: [name], patch: { add_tags: [typed] } }
    expect((await bulk(restRequest('POST', '/api/prompts/bulk', added))).status).toBe(200)
    expect(await found(`tag=${encodeURIComponent(typed)}`)).toContain(name)
    const { items } = await (await listTags(restRequest('GET', '/api/tags'))).json()
    expect(items.map(({ tag }: { tag: string }) => tag)).toContain(kept)
  })

  it.each(['', ' ', 'a,b', 'a\nb\u0000', '#', '<b>', 'x'.repeat(51)])('is refused: %j', async (tag) => {
    const answer = await post({ name: 'no-tag', tags: ['ok', tag] })
    const problem = await answer.json()
    expect([answer.status, problem.errors[0].path]).toEqual([400, ['tags', 1]])
  })
})

describe('a byte order mark', () => {
  it('is dropped where CRLF becomes LF, in every text that is kept', async () => {
    const mark = '\ufeff'
    const made = await post({
      name: 'bom',
      template_content: `${mark}You help.\r\n{{ a }}`,
      title: `${mark}Title`,
      description: `${mark}About`,
      message: `${mark}First`,
      variables: [{ name: 'a', description: `${mark}An a` }],
    })
    expect(await made.json()).toMatchObject({
      template_content: 'You help.\n{{ a }}',
      title: 'Title',
      description: 'About',
      message: 'First',
      variables: [{ description: 'An a' }],
    })
    const messages = [
      { role: 'system', content: `${mark}S` },
      { role: 'user', content: [{ type: 'text', text: `${mark}U` }] },
    ]
    const chat = await create(restRequest('POST', '/api/prompts', { name: 'bom-chat', messages }))
    expect(JSON.stringify((await chat.json()).messages)).not.toContain(mark)
    const args = { name: 'bom-tool', template_content: `${mark}x` }
    await callTool(toolCall('create_prompt_template', args))
    const rendered = await renderByGet(restRequest('GET', '/api/prompts/bom-tool/render'))
    expect((await rendered.json()).content).toBe('x')
  })
})

describe('the name of an archived prompt', () => {
  const RESTORE = 'PATCH /api/prompts/old-one {\\"archived\\": false}'

  beforeAll(async () => {
    const made = await post({ name: 'old-one', aliases: ['old-alias'] })
    const match = { 'if-match': made.headers.get('etag') ?? '' }
    await archive(restRequest('DELETE', '/api/prompts/old-one', undefined, match))
    await post({ name: 'living' })
  })

  it.each([
    ['create', (name: string) => post({ name })],
    ['create with an alias', (name: string) => post({ name: 'fresh', aliases: [name] })],
    ['rename', (name: string) => change('living', { name })],
    ['alias', (name: string) => change('living', { aliases: [name] })],
    [
      'duplicate',
      (name: string) => duplicate(restRequest('POST', '/api/prompts/living/duplicate', { name })),
    ],
  ])('is said to be one: %s', async (_, attempt) => {
    for (const name of ['old-one', 'old-alias']) {
      const answer = await attempt(name)
      expect(answer.status).toBe(409)
      const text = await textOf(answer)
      expect(text).toContain('archived prompt')
      expect(text).toContain(RESTORE)
    }
  })

  it('is said to be one by the tool that creates', async () => {
    const answer = await callTool(
      toolCall('create_prompt_template', { name: 'old-one', template_content: 'x' }),
    )
    expect(await textOf(answer)).toMatch(/"isError":true/)
  })

  it.each([
    ['get', () => read(restRequest('GET', '/api/prompts/old-one'))],
    ['get by version', () => read(restRequest('GET', '/api/prompts/old-one?version=1'))],
    ['get by alias', () => read(restRequest('GET', '/api/prompts/old-alias'))],
    ['render', () => renderByGet(restRequest('GET', '/api/prompts/old-one/render'))],
    ['versions', () => listVersions(restRequest('GET', '/api/prompts/old-one/versions'))],
  ])('answers 404 with the way back: %s', async (_, attempt) => {
    const answer = await attempt()
    expect(answer.status).toBe(404)
    const problem = await answer.json()
    expect(problem).toMatchObject({
      archived: true,
      detail: expect.stringMatching(/is archived.*Restore it/),
    })
  })

  it.each([
    ['render_prompt', () => callTool(toolCall('render_prompt', { template_name: 'old-one' }))],
    ['get_prompt', () => callTool(toolCall('get_prompt', { template_name: 'old-one' }))],
    [
      'prompts/get',
      () =>
        getMcpPrompt(
          restRequest('POST', '/mcp/prompts/get', {
            jsonrpc: '2.0',
            id: 1,
            method: 'prompts/get',
            params: { name: 'old-one' },
          }),
        ),
    ],
  ])('is told to agents with the way back: %s', async (_, attempt) => {
    const text = await textOf(await attempt())
    expect(text).toContain('is archived')
    expect(text).toContain(RESTORE)
  })

  it('comes back that way', async () => {
    const etag = (await etagOf('old-one')) || '*'
    expect(etag).toBe('*')
    const [item] = (await (await list(restRequest('GET', '/api/prompts?archived=true'))).json()).items
    expect((await change('old-one', { archived: false }, item.etag)).status).toBe(200)
    expect((await read(restRequest('GET', '/api/prompts/old-one'))).status).toBe(200)
  })
})

describe('a patch of what a version holds', () => {
  const FIELDS = {
    template_content: 'z',
    messages: [],
    variables: [],
    config: {},
    publish: {},
    title: 't',
    description: 'd',
    message: 'm',
    format: 'text',
    labels: [],
    kind: 'chat',
  }

  it.each(Object.entries(FIELDS))('points to versions: %s', async (field, value) => {
    await post({ name: `patched-${field.replaceAll('_', '-')}` })
    const answer = await change(`patched-${field.replaceAll('_', '-')}`, { [field]: value, unknown: 1 })
    const problem = await answer.json()
    expect(answer.status).toBe(400)
    expect(problem.detail).toContain('POST /api/prompts/{name}/versions')
    const said = Object.fromEntries(
      problem.errors.map((error: { path: string[]; message: string }) => [error.path[0], error.message]),
    )
    expect(said).toEqual({
      [field]: expect.stringContaining(`${field} cannot be patched`),
      unknown: 'is no known field',
    })
    const many = { names: [`patched-${field.replaceAll('_', '-')}`], patch: { [field]: value } }
    const inBulk = await bulk(restRequest('POST', '/api/prompts/bulk', many))
    expect([inBulk.status, await textOf(inBulk)]).toEqual([400, expect.stringContaining('/versions')])
  })
})

describe('search', () => {
  beforeAll(async () => {
    await post({ name: 'kraken', title: '🦑 kraken' })
    await post({ name: 'thumb', template_content: 'All well 👍🏽 done' })
    await post({ name: 'heart', description: 'With ❤️ from here' })
    await post({ name: 'cafeteria', title: 'Das Café am Fluß', description: 'señor Ørsted' })
    await post({ name: 'plainly', title: 'The cafe and the senor' })
    await post({ name: 'percent', template_content: 'Keep 100% of it' })
    await post({ name: 'under', template_content: 'a snake_case_name here' })
    await post({ name: 'full-width', title: 'Ｗｉｄｅ letters' })
  })

  it.each([
    ['🦑', ['kraken']],
    ['🦑 kraken', ['kraken']],
    ['👍', ['thumb']],
    ['👍🏽', ['thumb']],
    ['❤', ['heart']],
    ['❤️', ['heart']],
    ['🐙', []],
    ['%', ['percent']],
    ['_', ['under']],
    ['100%', ['percent']],
    ['snake_case_name', ['under']],
    ['cafe', ['cafeteria', 'plainly']],
    ['CAFÉ', ['cafeteria', 'plainly']],
    ['cafe\u0301', ['cafeteria', 'plainly']],
    ['señor', ['cafeteria', 'plainly']],
    ['senor', ['cafeteria', 'plainly']],
    ['fluss', ['cafeteria']],
    ['orsted', ['cafeteria']],
    ['wide', ['full-width']],
    // Parts that come apart into signs of the query language.
    ['⒵q', []],
    ["'\\", []],
  ])('finds %j', async (q, names) => {
    const query = `q=${encodeURIComponent(q)}`
    expect((await found(query)).toSorted()).toEqual(names)
    expect((await found(`${query}&sort=name`)).toSorted()).toEqual(names)
    const byTool = await textOf(await callTool(toolCall('search_prompts', { query: q })))
    for (const name of names) expect(byTool).toContain(`- ${name}(`)
  })
})
