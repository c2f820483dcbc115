import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { modelCall } from '../../testing/models/model-call.ts'
import { type Calls, startCalls } from '../../testing/models/provider-calls.ts'
import type { ProviderDouble } from '../../testing/provider-double/server.ts'
import { callModel } from '../calls/call-model.ts'

let calls: Calls
let double: ProviderDouble

beforeAll(async () => {
  calls = await startCalls()
  double = calls.double
})
afterEach(() => double.reset())
afterAll(() => calls.close())

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
const CONFIG = {
  model: 'another',
  temperature: 0.2,
  top_p: 0.9,
  max_tokens: 50,
  stop: ['END', 'FIN'],
  response_format: { type: 'json_schema', json_schema: { name: 'note', schema: SCHEMA, strict: true } },
  tools: [{ type: 'function', function: { name: 'look_up', description: 'Finds', parameters: SCHEMA } }],
}

/** The body that a provider is sent for a version's config, without what every body has. */
async function sent(
  configuration: { provider: string; api: 'responses' | 'chat_completions' | null; max_tokens?: number },
  config: typeof CONFIG | { response_format: string },
) {
  const base_url = configuration.provider === 'anthropic' ? double.url : double.openaiUrl
  const call = modelCall({ model: 'double', base_url, ...configuration })
  await callModel({ ...call, config })
  const {
    messages: _,
    input: __,
    stream: ___,
    stream_options: ____,
    store: _____,
    ...rest
  } = double.calls.at(-1)?.body ?? {}
  return rest
}

const SAMPLING = { model: 'double', temperature: 0.2, top_p: 0.9 }
const FUNCTION = { name: 'look_up', description: 'Finds', parameters: SCHEMA }

it('a config reaches Chat Completions, of OpenAI and of those who speak it', async () => {
  const body = {
    ...SAMPLING,
    stop: ['END', 'FIN'],
    response_format: { type: 'json_schema', json_schema: { name: 'note', schema: SCHEMA, strict: true } },
    tools: [{ type: 'function', function: FUNCTION }],
  }
  expect(await sent({ provider: 'openai', api: 'chat_completions' }, CONFIG)).toEqual({
    ...body,
    max_completion_tokens: 50,
  })
  expect(await sent({ provider: 'openai-compatible', api: null, max_tokens: 20 }, CONFIG)).toEqual({
    ...body,
    max_tokens: 20,
  })
  expect(await sent({ provider: 'openai', api: 'chat_completions' }, { response_format: 'json' })).toEqual({
    model: 'double',
    response_format: { type: 'json_object' },
  })
})

it('a config reaches the Responses API, but for stop', async () => {
  expect(await sent({ provider: 'openai', api: 'responses' }, CONFIG)).toEqual({
    ...SAMPLING,
    max_output_tokens: 50,
    text: { format: { type: 'json_schema', name: 'note', schema: SCHEMA, strict: true } },
    tools: [{ type: 'function', strict: false, ...FUNCTION }],
  })
})

it('a config reaches the Messages API, but for JSON without a schema', async () => {
  expect(await sent({ provider: 'anthropic', api: null }, CONFIG)).toEqual({
    ...SAMPLING,
    max_tokens: 50,
    stop_sequences: ['END', 'FIN'],
    output_config: { format: { type: 'json_schema', schema: SCHEMA } },
    tools: [{ name: 'look_up', description: 'Finds', input_schema: SCHEMA }],
  })
  const body = await sent({ provider: 'anthropic', api: null }, { response_format: 'json' })
  expect(body).toEqual({ model: 'double', max_tokens: 8192 })
})
