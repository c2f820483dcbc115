import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countsOf } from '../../metrics.ts'
import { modelCall } from '../../testing/models/model-call.ts'
import { type Calls, failureOf, startCalls } from '../../testing/models/provider-calls.ts'
import type { Behaviour } from '../../testing/provider-double/behaviour.ts'
import type { ProviderDouble } from '../../testing/provider-double/server.ts'
import { costOf } from '../cost.ts'
import { callModel } from './call-model.ts'

const WAYS = [
  { provider: 'openai', api: 'responses', input: 'input_tokens', output: 'output_tokens' },
  { provider: 'openai', api: 'chat_completions', input: 'prompt_tokens', output: 'completion_tokens' },
  { provider: 'openai-compatible', api: null, input: 'prompt_tokens', output: 'completion_tokens' },
  { provider: 'openai-compatible', api: 'responses', input: 'input_tokens', output: 'output_tokens' },
  { provider: 'anthropic', api: null, input: 'input_tokens', output: 'output_tokens' },
] as const
type Way = (typeof WAYS)[number]

const TOKENS = 'incipit_provider_tokens_total'
const TEXT = 'Hello from the provider double.'
const PRICES = { input_price_per_million: 1_000_000, output_price_per_million: 1_000_000 }
/** What can be no count of tokens. */
const ODD = [null, '5', 'many', 5.5, -1, 3_000_000_000, 1e30, true, [], [7], {}, { value: 7 }]

let calls: Calls
let double: ProviderDouble

beforeAll(async () => {
  calls = await startCalls({ first_token_ms: 5_000, idle_ms: 400, breaker_failures: 1000 })
  double = calls.double
})
afterAll(() => calls.close())
beforeEach(() => {
  double.reset()
  countsOf(TOKENS).clear()
})

function ask(way: Way, behaviour: Behaviour, pieces: string[] = []) {
  double.arrange('odd', behaviour)
  const base_url = way.provider === 'anthropic' ? double.url : double.openaiUrl
  const facts = { provider: way.provider, api: way.api, base_url, model: 'odd' }
  return callModel(modelCall(facts, { onText: (text) => pieces.push(text) }))
}

describe.each(WAYS)('$provider, $api', (way) => {
  const { input, output } = way
  const reports = [
    ...ODD,
    ...ODD.flatMap((odd) => [
      { [input]: odd, [output]: 5 },
      { [input]: 5, [output]: odd },
      { [input]: odd, [output]: odd },
    ]),
    { [input]: 5 },
    { [output]: 5 },
    { total_tokens: 9 },
    { cache_read_input_tokens: 'x', [input]: 3, [output]: 5 },
  ]

  it('keeps and counts an answer whatever its usage says', async () => {
    for (const reported of reports) {
      const answer = await ask(way, { reported })
      const { text, finish_reason, input_tokens, output_tokens } = answer
      const said = JSON.stringify(reported)
      expect({ said, text, finish_reason }).toEqual({ said, text: TEXT, finish_reason: 'stop' })
      for (const count of [input_tokens, output_tokens]) {
        expect({ said, isCount: Number.isSafeInteger(count) }).toEqual({ said, isCount: true })
        expect(count).toBeGreaterThan(0)
        expect(count).toBeLessThan(100)
      }
      expect(costOf(PRICES, { input: input_tokens, output: output_tokens })).toBeGreaterThan(0)
    }
    const counted = [...countsOf(TOKENS).values()]
    expect(counted).toHaveLength(2)
    for (const tokens of counted) expect(tokens).toBeLessThan(100 * reports.length)
  })

  it('trusts a count that can be one, and says which are estimates', async () => {
    const told = await ask(way, { reported: { [input]: 0, [output]: 2_147_483_647 } })
    expect(told).toMatchObject({ output_tokens: 2_147_483_647, tokens_estimated: false })
    const half = await ask(way, { reported: { [input]: 11, [output]: -4 } })
    expect(half).toMatchObject({ input_tokens: 11, tokens_estimated: true })
  })

  it.each([7, {}, ['stop'], true, 'a reason of its own', 'x'.repeat(100_000)])(
    'takes the reason %j for some other one',
    async (finish) => {
      expect(await ask(way, { finish })).toMatchObject({ text: TEXT, finish_reason: 'other' })
    },
  )

  it('reads over events of any shape', async () => {
    const odd = [
      7,
      'text',
      [],
      {},
      { choices: null },
      { choices: 'none' },
      { choices: [7] },
      { choices: [{ delta: null }] },
      { choices: [{ delta: { content: 7, role: [], tool_calls: 'x' } }] },
      { choices: [{ delta: { content: { a: 1 } }, finish_reason: null }] },
      { type: 7 },
      { type: 'content_block_delta' },
      { type: 'content_block_delta', delta: null },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 7 } },
      { type: 'content_block_delta', delta: { type: 'text_delta' } },
      { type: 'message_start', message: null },
      { type: 'message_start', message: { usage: 'none' } },
      { type: 'response.output_text.delta' },
      { type: 'response.output_text.delta', delta: { text: 7 } },
      { type: 'response.output_item.added', item: null },
    ]
    for (const data of odd) {
      const text = await ask(way, { odd: [data] }).then(
        (answer) => answer.text,
        (error: Error) => error.message,
      )
      expect({ data, text }).toEqual({ data, text: TEXT })
    }
  })

  it.each([
    '',
    'null',
    '7',
    '"broken"',
    '[]',
    '{"error":"broken"}',
    '{"error":null}',
    '{"error":{"message":{"a":1},"type":7,"code":[]}}',
    '{"message":"broken"}',
    '\u0000\ud800',
    `{"error":{"message":"${'x'.repeat(200_000)}"}}`,
  ])('is a failure with its status when the body of an error is odd (%#)', async (body) => {
    const failed = await failureOf(ask(way, { status: 503, body }))
    expect(failed).toMatchObject({ kind: 'overloaded', status: 503 })
    expect(failed.message.length).toBeLessThan(600)
    expect(failed.message).not.toContain('[object')
  })

  it.each([
    ['-5', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['1e9', undefined],
    ['9'.repeat(400), undefined],
    ['1000000000', 365 * 86_400],
    ['5, 10', undefined],
    ['soon', undefined],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['2.5', 2.5],
  ])('reads Retry-After: %s as %s seconds', async (value, seconds) => {
    const failed = await failureOf(ask(way, { status: 429, headers: { 'retry-after': value } }))
    expect(failed.retryAfter).toBe(seconds)
  })

  it.each(['gzip', 'br', 'deflate', 'gzip, gzip, br', 'identity, br', 'X-UNKNOWN', 'zstd'])(
    'asks for no encoding and reads no answer that is %s',
    async (encoding) => {
      const headers = { 'content-encoding': encoding }
      const failed = await failureOf(ask(way, { headers, chunks: [gzipSync('bomb').toString('latin1')] }))
      expect(failed).toMatchObject({
        kind: 'bad_answer',
        message: expect.stringContaining('content encoding'),
      })
      expect(double.calls[0]?.headers['accept-encoding']).toBe('identity')
      const refused = await failureOf(ask(way, { status: 500, headers, body: 'not gzip at all' }))
      expect(refused.kind).toBe('bad_answer')
      await expect.poll(() => double.active).toBe(0)
    },
  )

  it('reads an answer whose encoding is said to be none', async () => {
    expect((await ask(way, { headers: { 'content-encoding': ' Identity' } })).text).toBe(TEXT)
  })

  it.each([204, 205, 600, 999])('is a failure when its status is %i', async (status) => {
    expect((await failureOf(ask(way, { status }))).kind).toBe('bad_answer')
  })

  it('shows, keeps and logs no key that an answer quotes, nor in Base64', async () => {
    const key = 'plantedkey-0123456789'
    const spelt = [key, Buffer.from(`Bearer ${key}`).toString('base64')]
    const model = 'quoting'
    const base_url = way.provider === 'anthropic' ? double.url : double.openaiUrl
    const asked = { provider: way.provider, api: way.api, base_url, model }
    const pieces: string[] = []
    const more = { apiKey: key, onText: (text: string) => pieces.push(text) }
    const chunks = `You sent ${spelt.join(' and ')}, I think.`.split('')
    double.arrange(model, { chunks, headers: { 'x-request-id': key, 'request-id': key } })
    const answer = await callModel(modelCall(asked, more))
    expect(answer.text).toMatch(/^You sent \*\*\* and .*\*\*\*.*, I think\.$/)
    double.arrange(model, { status: 400, message: `Wrong: ${spelt.join(', ')}` })
    const failed = await failureOf(callModel(modelCall(asked, more)))
    const seen = [
      JSON.stringify(answer),
      pieces.join(''),
      failed.message,
      failed.stack,
      ...calls.app.logged,
    ].join(' ')
    for (const text of spelt) expect(seen).not.toContain(text.slice(12, -2))
    // What a provider says of a failure is no content of the log.
    expect(failed.message).toContain('Wrong: ')
    expect(calls.app.logged.join('')).not.toContain('Wrong: ')
  })

  it('keeps an id of a request that is long, and not all of it', async () => {
    const id = 'r'.repeat(4000)
    const answer = await ask(way, { headers: { 'x-request-id': id, 'request-id': id } })
    expect(answer.request_id).toBe('r'.repeat(200))
  })
})

it.each([
  [WAYS[0], { type: 'response.failed' }, 'server_error'],
  [WAYS[0], { type: 'response.failed', response: { error: 'broken' } }, 'server_error'],
  [WAYS[1], { error: 'broken' }, 'server_error'],
  [WAYS[2], { error: ['broken'] }, 'server_error'],
  [WAYS[2], { error: { message: { a: 1 }, type: 7, code: {} } }, 'server_error'],
  // OpenAI's SDK stumbles over it by itself.
  [WAYS[2], { choices: [null] }, 'bad_answer'],
] as const)('%o: an error within an answer that has an odd shape, %j, is a %s', async (way, data, kind) => {
  expect((await failureOf(ask(way, { odd: [data] }))).kind).toBe(kind)
})

describe.each([WAYS[1], WAYS[2], WAYS[4]])('$provider, $api: an answer that arrived whole', (way) => {
  it.each(['stall_at_end', 'disconnect_at_end'] as const)(
    'is kept though its count never comes: %s',
    async (fault) => {
      const pieces: string[] = []
      expect(await ask(way, { fault }, pieces)).toMatchObject({ text: TEXT, finish_reason: 'stop' })
      expect(pieces.join('')).toBe(TEXT)
    },
  )
})
