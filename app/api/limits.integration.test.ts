import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restRequest, toolCall } from '#lib/testing/rest.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { POST as callTool } from '../mcp/tools/call/route.ts'
import { POST as generate } from './generations/route.ts'
import { POST as callMcp } from './mcp/route.ts'
import { POST as renderPrompt } from './prompts/[name]/render/route.ts'
import { GET as readPrompt } from './prompts/[name]/route.ts'
import { POST as addVersion } from './prompts/[name]/versions/route.ts'
import { POST as createPrompt, GET as listPrompts } from './prompts/route.ts'
import { POST as renderDraft } from './render/route.ts'

/** Limits at every door: one status, one text, the key of the setting. */

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({
    limits: {
      template_bytes: 1000,
      template_tags: 8,
      template_depth: 2,
      include_depth: 1,
      pattern_size: 20,
      pattern_work: 100,
      message_parts: 3,
      messages: 4,
      attachment_bytes: 40,
      variables: 5,
      enum_values: 6,
      values_length: 500,
      values_items: 20,
      values_depth: 3,
      tags: 2,
      aliases: 2,
      output_bytes: 2000,
      render_work: 5000,
    },
  })
})
afterAll(() => app.close())

const post = (body: object) => createPrompt(restRequest('POST', '/api/prompts', body))
const chat = (...contents: unknown[]) => contents.map((content) => ({ role: 'user', content }))
const part = { type: 'text', text: 'x' }
const png = { type: 'image', data: 'A'.repeat(44), mimeType: 'image/png' }

const nested = (levels: number) => `${'{% if a %}'.repeat(levels)}${'{% endif %}'.repeat(levels)}`

/** What passes which limit. */
const TOO_MUCH: [string, object, string][] = [
  ['letters of one byte', { template_content: 'a'.repeat(1001) }, 'template_bytes'],
  ['letters of three bytes', { template_content: '漢'.repeat(334) }, 'template_bytes'],
  ['emoji', { template_content: '😀'.repeat(251) }, 'template_bytes'],
  ['several messages together', { messages: chat('a'.repeat(500), 'b'.repeat(501)) }, 'template_bytes'],
  ['a config', { template_content: 'x', config: { a: 'x'.repeat(1000) } }, 'template_bytes'],
  ['messages', { messages: chat('1', '2', '3', '4', '5') }, 'messages'],
  ['parts of a message', { messages: chat([part, part, part, part]) }, 'message_parts'],
  ['a picture', { messages: chat([png]) }, 'attachment_bytes'],
  ['variables', { template_content: 'x', variables: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'variables'],
  ['inferred variables', { template_content: '{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}{{ f }}' }, 'variables'],
  [
    'allowed values',
    { template_content: '{{ a }}', variables: [{ name: 'a', enum: ['1', '2', '3', '4', '5', '6', '7'] }] },
    'enum_values',
  ],
  [
    'a default',
    { template_content: '{{ a }}', variables: [{ name: 'a', default: 'x'.repeat(501) }] },
    'values_length',
  ],
  ['tags and outputs', { template_content: '{{ a }}'.repeat(9) }, 'template_tags'],
  [
    'tags and outputs after many mistakes',
    { messages: [...chat('{{ a | nope }}'.repeat(8)), ...chat('{{ a }}'.repeat(9))] },
    'template_tags',
  ],
  ['nested tags', { template_content: nested(3) }, 'template_depth'],
  ['nested includes', { template_content: '{% render "middle" %}' }, 'include_depth'],
  [
    'a pattern',
    { template_content: '{{ a }}', variables: [{ name: 'a', pattern: '^(abc){10}$' }] },
    'pattern_size',
  ],
  ['tags', { template_content: 'x', tags: ['a', 'b', 'c'] }, 'tags'],
  ['aliases', { template_content: 'x', aliases: ['a1', 'b1', 'c1'] }, 'aliases'],
]

/** What a version can pass. */
const IN_A_VERSION = TOO_MUCH.filter(([, body]) => !('tags' in body || 'aliases' in body))

describe('a limit of a version', () => {
  beforeAll(async () => {
    await post({ name: 'base', template_content: 'x' })
    await post({ name: 'middle', template_content: '{% render "base" %}' })
  })

  it('is told only when it is passed', async () => {
    const variables = [{ name: 'a', pattern: '^abc$' }]
    const body = { template_content: `${'{{ a }}'.repeat(2)}${nested(2)}{% render "base" %}`, variables }
    expect((await post({ name: 'full', ...body })).status).toBe(201)
  })

  it.each(TOO_MUCH)('is one refusal with its key when a prompt is made: %s', async (_, body, key) => {
    const answer = await post({ name: 'large', ...body })
    const problem = await answer.json()
    expect([answer.status, problem.code, problem.limit]).toEqual([413, 'too_large', `limits.${key}`])
    expect(problem.detail).toContain(`limits.${key}`)
    expect(problem.errors[0].path.length).toBeGreaterThan(0)
  })

  it.each(IN_A_VERSION)('and when a version is: %s', async (_, body, key) => {
    const { headers } = await readPrompt(restRequest('GET', '/api/prompts/base'))
    const match = { 'if-match': headers.get('etag') ?? '' }
    const answer = await addVersion(restRequest('POST', '/api/prompts/base/versions', body, match))
    expect([answer.status, (await answer.json()).limit]).toEqual([413, `limits.${key}`])
  })

  it.each(IN_A_VERSION.filter(([, body]) => !('config' in body)))('and a draft: %s', async (_, body, key) => {
    const answer = await renderDraft(restRequest('POST', '/api/render', body))
    expect([answer.status, (await answer.json()).limit]).toEqual([413, `limits.${key}`])
  })

  it.each(TOO_MUCH)('and by a tool: %s', async (_, body, key) => {
    const call = () => toolCall('create_prompt_template', { name: 'large', ...body })
    for (const send of [callTool, callMcp]) {
      const request = call()
      const url = send === callMcp ? request.url.replace('/mcp/tools/call', '/api/mcp') : request.url
      const headers = new Headers(request.headers)
      headers.set('accept', 'application/json, text/event-stream')
      const answer = await send(new Request(url, { method: 'POST', headers, body: await request.text() }))
      const { result } = (await answer.json()) as {
        result: { isError?: boolean; content: { text: string }[] }
      }
      expect([result.isError, result.content[0]?.text]).toEqual([
        true,
        expect.stringContaining(`limits.${key}`),
      ])
    }
  })
})

describe('a limit that is no size', () => {
  it('is named where a body is nested too deep', async () => {
    const body = { template_content: 'x', config: JSON.parse('{"a":'.repeat(70) + '1' + '}'.repeat(70)) }
    const answer = await post({ name: 'deep', ...body })
    const problem = await answer.json()
    expect([answer.status, problem.limit]).toEqual([400, 'limits.json_depth'])
    expect(problem.detail).toContain('(limits.json_depth)')
  })

  it('is named where a page is too large', async () => {
    const answer = await listPrompts(restRequest('GET', '/api/prompts?limit=201'))
    const problem = await answer.json()
    expect([answer.status, problem.limit]).toEqual([400, 'limits.page_size_max'])
    expect(problem.errors[0].message).toBe('A page has at most 200 items (limits.page_size_max)')
    const byTool = await callTool(toolCall('search_prompts', { limit: 201 }))
    expect(JSON.stringify(await byTool.json())).toContain('limits.page_size_max')
  })

  it('is named where a template works too much', async () => {
    const text =
      '{% for a in (1..20) %}{% for b in (1..20) %}{{ a | times: b | plus: 1 | slice: 0, 0 }}{% endfor %}{% endfor %}'
    await post({ name: 'runaway', template_content: text })
    for (const answer of [
      await renderPrompt(restRequest('POST', '/api/prompts/runaway/render', {})),
      await renderDraft(restRequest('POST', '/api/render', { template_content: text })),
    ]) {
      const problem = await answer.json()
      expect([answer.status, problem.limit]).toEqual([
        422,
        expect.stringMatching(/^limits\.render_(work|ms)$/),
      ])
      expect(problem.detail).toContain(problem.limit)
    }
  })

  it('is named where a wait is too long', async () => {
    const request = { prompt: 'base', wait: 61 }
    const problem = await (await generate(restRequest('POST', '/api/generations', request))).json()
    expect(problem.errors[0]).toMatchObject({
      pointer: '#/wait',
      message: expect.stringContaining('limits.generation_wait_ms'),
    })
  })
})

describe('a bound of a field', () => {
  it.each([
    [{ title: 'x'.repeat(201) }, 'title: must have at most 200 characters'],
    [{ description: 'x'.repeat(4001) }, 'description: must have at most 4000 characters'],
    [{ message: 'x'.repeat(2001) }, 'message: must have at most 2000 characters'],
    [
      { variables: [{ name: 'a', description: 'x'.repeat(1001) }] },
      'variables.0.description: must have at most 1000 characters',
    ],
    [
      { variables: [{ name: 'a', enum: ['x'.repeat(257)] }] },
      'variables.0.enum.0: must have at most 256 characters',
    ],
    [
      { variables: [{ name: 'a', pattern: 'x'.repeat(501) }] },
      'variables.0.pattern: must have at most 500 characters',
    ],
    [
      {
        messages: [
          { role: 'user', content: [{ type: 'resource_link', uri: `a:${'x'.repeat(2047)}`, name: 'n' }] },
        ],
      },
      'messages.0.content.0.uri: must have at most 2048 characters',
    ],
    [{ messages: [] }, 'messages: must not be empty'],
    [{ labels: Array.from({ length: 21 }, (_, index) => `l${index}`) }, 'labels: must have at most 20 items'],
    [{ publish: { tool: 'yes' } }, 'publish.tool: must be true or false'],
    [{ format: 'md' }, 'format: must be one of: liquid, text'],
  ])('is told in plain words', async (more, words) => {
    const answer = await post({ name: 'bounds', ...more })
    const { detail } = await answer.json()
    expect([answer.status, detail]).toEqual([400, words])
  })

  it('of a query, too', async () => {
    const answer = await listPrompts(
      restRequest('GET', `/api/prompts?q=${'x'.repeat(501)}&limit=0&sort=size`),
    )
    const { errors } = (await answer.json()) as { errors: { message: string }[] }
    expect(errors.map(({ message }) => message)).toEqual([
      'must have at most 500 characters',
      expect.stringContaining('must be one of: name, -name'),
      'must be at least 1',
    ])
  })
})

describe('a limit of values', () => {
  beforeAll(async () => {
    await post({ name: 'long', template_content: '{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}' })
    await post({ name: 'list', template_content: '{% for i in a %}{{ i }}{% endfor %}' })
    await post({
      name: 'matched',
      template_content: '{{ a }}',
      variables: [{ name: 'a', pattern: '^[a-z]+$' }],
    })
    await post({ name: 'made', template_content: '{% for i in (1..21) %}{{ i }}{% endfor %}' })
  })

  const TOO_MUCH_GIVEN: [string, object, string][] = [
    ['long', { a: 'x'.repeat(501) }, 'values_length'],
    ['long', { a: 'x'.repeat(450) }, 'output_bytes'],
    ['list', { a: Array.from({ length: 21 }, () => 1) }, 'values_items'],
    ['list', { a: [[[[1]]]] }, 'values_depth'],
    ['matched', { a: 'x'.repeat(100) }, 'pattern_work'],
    ['made', {}, 'values_items'],
  ]

  it.each(TOO_MUCH_GIVEN)('of %s is 413 with its key', async (name, variables, key) => {
    const answer = await renderPrompt(restRequest('POST', `/api/prompts/${name}/render`, { variables }))
    const problem = await answer.json()
    expect([answer.status, problem.limit]).toEqual([413, `limits.${key}`])
    const byTool = await callTool(toolCall('render_prompt', { template_name: name, variables }))
    expect(JSON.stringify(await byTool.json())).toContain(`limits.${key}`)
  })

  it('holds for a draft too, which a worker renders', async () => {
    const body = { template_content: '{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}', values: { a: 'x'.repeat(450) } }
    const answer = await renderDraft(restRequest('POST', '/api/render', body))
    expect([answer.status, (await answer.json()).limit]).toEqual([413, 'limits.output_bytes'])
  })
})
