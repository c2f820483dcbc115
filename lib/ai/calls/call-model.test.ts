import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../prompts/content/content.ts'
import { setRuntime } from '../../runtime.ts'
import { callingRuntime } from '../../testing/calling-runtime.ts'
import { modelCall } from '../../testing/models/model-call.ts'
import { type Calls, ENVIRONMENT, failureOf, startCalls } from '../../testing/models/provider-calls.ts'
import type { ProviderDouble } from '../../testing/provider-double/server.ts'
import { callModel } from './call-model.ts'
import { outgoing } from './guarded-fetch.ts'

/** Every provider with every interface it has, each talking real HTTP to the double. */
const WAYS = [
  { provider: 'openai', api: 'responses', path: '/v1/responses' },
  { provider: 'openai', api: 'chat_completions', path: '/v1/chat/completions' },
  { provider: 'openai-compatible', api: null, path: '/v1/chat/completions' },
  { provider: 'openai-compatible', api: 'responses', path: '/v1/responses' },
  { provider: 'anthropic', api: null, path: '/v1/messages' },
] as const

const KEYS = {
  openai: 'Bearer sk-environment-openai',
  anthropic: 'Bearer sk-ant-environment',
  'openai-compatible': undefined,
}

const TALK = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello?' },
  { role: 'user', content: 'Go on' },
]
const SYSTEM = [
  { role: 'system', content: 'First.' },
  { role: 'system', content: 'Second.' },
]

/** How each API is told the same; what all are told alike is left out. */
const BODIES = {
  '/v1/responses': {
    instructions: 'First.',
    input: [SYSTEM[1], ...TALK],
    max_output_tokens: 50,
    store: false,
  },
  '/v1/chat/completions': {
    messages: [...SYSTEM, ...TALK],
    max_tokens: 50,
    stream_options: { include_usage: true },
  },
  '/v1/messages': { system: 'First.\n\nSecond.', messages: TALK, max_tokens: 50 },
}

let calls: Calls
let double: ProviderDouble

beforeAll(async () => {
  calls = await startCalls({ breaker_failures: 1000 })
  double = calls.double
})
afterAll(() => calls.close())
beforeEach(() => double.reset())

type Way = (typeof WAYS)[number]

function call(way: Way, model: string, more: Parameters<typeof modelCall>[1] = {}) {
  const base_url = way.provider === 'anthropic' ? double.url : double.openaiUrl
  return modelCall({ provider: way.provider, api: way.api, base_url, model }, more)
}

describe.each(WAYS)('$provider over $path', (way) => {
  it('streams the text and tells tokens, request id, times and reason', async () => {
    const pieces: string[] = []
    const started: unknown[] = []
    const answer = await callModel(
      call(way, 'double', { onText: (text) => pieces.push(text), onStarted: (id) => started.push(id) }),
    )
    expect(pieces).toEqual(['Hello', ' from', ' the', ' provider', ' double.'])
    expect(started).toEqual(['req_double'])
    expect(answer).toMatchObject({
      text: 'Hello from the provider double.',
      finish_reason: 'stop',
      output_tokens: 5,
      tokens_estimated: false,
      request_id: 'req_double',
    })
    expect(answer.input_tokens).toBeGreaterThan(0)
    expect(answer.first_token_ms).toBeLessThanOrEqual(answer.latency_ms)
    expect(double.calls.map(({ path }) => path)).toEqual([way.path])
  })

  it('sends settings, system text and messages, the key, and nothing that describes this machine', async () => {
    const messages: Message[] = [
      { role: 'system', content: 'Second.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello?' },
      { role: 'user', content: [{ type: 'text', text: 'Go on' }] },
    ]
    const settings = { max_tokens: 50, temperature: 0.5, top_p: 0.9, system_text: 'First.' }
    await callModel(call(way, 'double', { messages, facts: settings }))
    const [received] = double.calls
    expect(received?.body).toEqual({
      model: 'double',
      stream: true,
      temperature: 0.5,
      top_p: 0.9,
      ...BODIES[way.path],
      ...(way.provider === 'openai' && way.api === 'chat_completions'
        ? { max_tokens: undefined, max_completion_tokens: 50 }
        : {}),
    })
    const sent = Object.keys(received?.headers ?? {})
    expect(sent.filter((name) => /stainless|organization|project/.test(name))).toEqual([])
    expect(received?.headers.authorization).toBe(KEYS[way.provider])
  })

  it('estimates the tokens when the provider tells none', async () => {
    const answer = await callModel(call(way, 'no-usage'))
    // Anthropic's first event tells a count already.
    expect(answer.tokens_estimated).toBe(way.provider !== 'anthropic')
    expect(answer.output_tokens).toBeGreaterThan(0)
    expect(answer.input_tokens).toBeGreaterThan(0)
  })

  it('says when the answer was cut at its longest', async () => {
    double.arrange('cut', {
      finish: {
        '/v1/responses': 'max_output_tokens',
        '/v1/messages': 'max_tokens',
        '/v1/chat/completions': 'length',
      }[way.path],
    })
    expect((await callModel(call(way, 'cut'))).finish_reason).toBe('length')
  })

  it.each([
    [401, 'unauthorized', false],
    [403, 'unauthorized', false],
    [400, 'refused_request', false],
    [404, 'refused_request', false],
    [408, 'timeout', true],
    [413, 'too_large', false],
    [422, 'refused_request', false],
    [429, 'rate_limited', true],
    [500, 'server_error', true],
    [502, 'server_error', true],
    [503, 'overloaded', true],
    [529, 'overloaded', true],
  ])('tells status %i as %s, after one request', async (status, kind, retryable) => {
    const failed = await failureOf(callModel(call(way, `status-${status}`)))
    expect(failed).toMatchObject({ kind, retryable, status, requestId: 'req_double' })
    expect(failed.message).toMatch(/answered \d{3}: The double was told to answer/)
    expect(double.calls).toHaveLength(1)
  })

  it('hands on how long it is asked to wait', async () => {
    expect(await failureOf(callModel(call(way, 'status-429.retry-after-7')))).toMatchObject({ retryAfter: 7 })
  })

  it.each([
    ['garbage', 'bad_answer'],
    ['html', 'bad_answer'],
    ['truncate', 'bad_answer'],
    ['disconnect', 'bad_answer'],
  ])('case 21: an answer with %s is a bad one', async (model, kind) => {
    expect(await failureOf(callModel(call(way, model)))).toMatchObject({ kind, retryable: true })
  })

  it('tells an error that comes in the middle', async () => {
    const failed = await failureOf(callModel(call(way, 'error-event')))
    expect(failed.kind).toMatch(/server_error|overloaded/)
    expect(failed.message).toContain('The double broke in the middle.')
  })

  it('case 21: a provider that never begins is given up', async () => {
    const { ai } = calls.app.runtime.config
    const usual = ai.first_token_ms
    ai.first_token_ms = 300
    const failed = await failureOf(callModel(call(way, 'hang'))).finally(() => {
      ai.first_token_ms = usual
    })
    expect(failed).toMatchObject({ kind: 'timeout', message: expect.stringContaining('did not begin') })
    await expect.poll(() => double.active).toBe(0)
  })

  it('case 21: an answer that stalls ends, with what it had told', async () => {
    const { ai } = calls.app.runtime.config
    const usual = ai.idle_ms
    ai.idle_ms = 400
    const pieces: string[] = []
    const work = callModel(call(way, 'stall', { onText: (text) => pieces.push(text) }))
    const failed = await failureOf(work).finally(() => {
      ai.idle_ms = usual
    })
    expect(failed).toMatchObject({ kind: 'timeout', message: expect.stringContaining('fell silent') })
    expect(pieces.join('')).toBe('Hello from the')
    await expect.poll(() => double.active).toBe(0)
  })

  it('case 21: 100 MB in one line are not read', async () => {
    const before = process.memoryUsage().rss
    expect(await failureOf(callModel(call(way, 'flood-line')))).toMatchObject({ kind: 'too_large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(90 * 1024 * 1024)
  })

  it('case 21: 100 MB of text are cut at the longest answer', async () => {
    const answer = await callModel(call(way, 'flood'))
    expect(answer).toMatchObject({ finish_reason: 'length', tokens_estimated: true })
    expect(answer.text).toHaveLength(1_000_000)
    await expect.poll(() => double.active).toBe(0)
  })

  it('case 20: a redirect is not followed', async () => {
    double.arrange('redirect', { fault: 'redirect', message: `${double.url}${way.path}` })
    expect(await failureOf(callModel(call(way, 'redirect')))).toMatchObject({
      kind: 'blocked_address',
      retryable: false,
    })
    expect(double.calls).toHaveLength(1)
  })

  it('case 30: a key that the provider quotes reaches neither error nor log', async () => {
    const failed = await failureOf(callModel(call(way, 'quote-key', { apiKey: 'plantedkey-0123456789' })))
    expect(failed).toMatchObject({ kind: 'unauthorized' })
    expect(failed.message).toContain('***')
    expect(`${failed.message} ${failed.stack}`).not.toContain('plantedkey')
    expect(calls.app.logged.join('')).not.toContain('plantedkey')
  })

  it('is no failure of the provider when this process ends in the middle of it', async () => {
    const { runtime } = calls.app
    const ending = callingRuntime({ ai: { key_hosts: [new URL(double.url).host] }, environment: ENVIRONMENT })
    const begun = Promise.withResolvers<void>()
    const outcome = callModel(call(way, 'stall', { onText: () => begun.resolve() })).catch(
      (error: unknown) => error,
    )
    await begun.promise
    await outgoing().close()
    expect(await outcome).toMatchObject({ code: 'unavailable' })
    await ending.close()
    setRuntime(runtime)
    await expect.poll(() => double.active).toBe(0)
  })

  it('ends at once when it is stopped, with the reason that was given', async () => {
    const stop = new AbortController()
    const reason = new Error('stopped by somebody')
    const pieces: string[] = []
    const onText = (text: string) => {
      pieces.push(text)
      if (pieces.length === 2) stop.abort(reason)
    }
    const work = callModel(call(way, 'words-50.every-20', { signal: stop.signal, onText }))
    await expect(work).rejects.toBe(reason)
    expect(pieces).toHaveLength(2)
    await expect.poll(() => double.active).toBe(0)
    expect(double.abandoned).toBe(1)
  })
})

it('reads a long answer, whose events are many times its text', async () => {
  const { text, output_tokens } = await callModel(call(WAYS[0], 'words-30000'))
  expect(output_tokens).toBe(30_000)
  expect(text).toMatch(/ word30000$/)
})

it('lists models', async () => {
  const { findProvider } = await import('../providers/registry.ts')
  const signal = new AbortController().signal
  for (const [id, baseUrl] of [
    ['openai', double.openaiUrl],
    ['anthropic', double.url],
  ] as const) {
    const connection = { baseUrl, apiKey: 'k', api: undefined, fetch }
    expect(await findProvider(id)?.listModels(connection, signal)).toEqual(['double-large', 'double-small'])
  }
})
