import { describe, expect, it } from 'vitest'
import { settingsOfRun } from './calls/call-plan.ts'
import { settingsIn } from './run-settings.ts'
import type { ConfigurationFacts } from './schema.ts'

const FACTS: ConfigurationFacts = {
  name: 'usual',
  provider: 'openai',
  model: 'gpt',
  base_url: null,
  api: 'chat_completions',
  max_tokens: null,
  temperature: null,
  top_p: null,
  system_text: null,
  input_price_per_million: null,
  output_price_per_million: null,
}
const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } }
const TOOL = { name: 'look_up', description: 'Finds', parameters: SCHEMA }

const used = (facts: Partial<ConfigurationFacts>, config: Parameters<typeof settingsOfRun>[1]) =>
  settingsOfRun({ ...FACTS, ...facts }, config)

describe('settingsOfRun', () => {
  it('takes what the version says before what the configuration says', () => {
    expect(
      used({ temperature: 1, top_p: 0.5 }, { temperature: 0, stop: 'END', other: 'free', note: { a: 1 } }),
    ).toEqual({ used: { model: 'gpt', temperature: 0, top_p: 0.5, stop: ['END'] }, ignored: [] })
    expect(used({ temperature: 1, max_tokens: 9 }, null)).toEqual({
      used: { model: 'gpt', temperature: 1, max_tokens: 9 },
      ignored: [],
    })
  })

  it('keeps to the limit of tokens that the configuration has, and says so', () => {
    expect(used({ max_tokens: 100 }, { max_tokens: 40 })).toMatchObject({
      used: { max_tokens: 40 },
      ignored: [],
    })
    expect(used({ max_tokens: 100 }, { max_tokens: 4000 })).toMatchObject({
      used: { max_tokens: 100 },
      ignored: [{ setting: 'max_tokens', reason: 'The configuration "usual" allows 100' }],
    })
    expect(used({}, { max_tokens: 4000 })).toMatchObject({ used: { max_tokens: 4000 }, ignored: [] })
  })

  it('takes the model for a hint', () => {
    expect(used({}, { model: 'gpt' })).toEqual({ used: { model: 'gpt' }, ignored: [] })
    expect(used({}, { model: 'claude' })).toEqual({
      used: { model: 'gpt' },
      ignored: [{ setting: 'model', reason: 'The configuration "usual" asks gpt' }],
    })
  })

  it.each<[Parameters<typeof settingsIn>[0], object]>([
    [{ response_format: 'json' }, { type: 'json' }],
    [{ response_format: { type: 'json_object' } }, { type: 'json' }],
    [{ response_format: { type: 'text' } }, { type: 'text' }],
    [
      {
        response_format: { type: 'json_schema', json_schema: { name: 'note', schema: SCHEMA, strict: true } },
      },
      { type: 'json_schema', name: 'note', schema: SCHEMA, strict: true },
    ],
    [
      { response_format: { type: 'json_schema', schema: SCHEMA } },
      { type: 'json_schema', name: 'answer', schema: SCHEMA, strict: false },
    ],
  ])('reads the format of %j', (config, format) => {
    expect(used({}, settingsIn(config)).used.response_format).toEqual(format)
  })

  it('reads tools as either family writes them', () => {
    const asWritten: object[] = [
      { type: 'function', function: TOOL },
      TOOL,
      { name: 'look_up', description: 'Finds', input_schema: SCHEMA },
    ]
    for (const tool of asWritten)
      expect(used({}, { tools: [tool] })).toEqual({ used: { model: 'gpt', tools: [TOOL] }, ignored: [] })
  })

  it.each([
    { temperature: 'hot' },
    { temperature: 3 },
    { top_p: -1 },
    { max_tokens: 1.5 },
    { max_tokens: 0 },
    { stop: [] },
    { stop: [1] },
    { response_format: 'yaml' },
    { response_format: { type: 'json_schema' } },
    { tools: 'all' },
    { tools: [{ type: 'function' }] },
    { tools: [TOOL, { name: 'no good name' }] },
  ])('tells what it cannot read: %j', (config) => {
    const [setting] = Object.keys(config)
    expect(used({}, settingsIn(config))).toEqual({
      used: { model: 'gpt' },
      ignored: [{ setting, reason: expect.any(String) }],
    })
  })

  it('tells what a provider cannot do', () => {
    const config = { stop: ['END'], response_format: 'json', temperature: 0.1, tools: [TOOL] }
    const settings = (facts: Partial<ConfigurationFacts>) =>
      used(facts, config).ignored.map(({ setting }) => setting)
    expect(settings({ provider: 'openai', api: 'chat_completions' })).toEqual([])
    expect(settings({ provider: 'openai', api: null })).toEqual(['stop'])
    expect(settings({ provider: 'openai-compatible', api: null })).toEqual([])
    expect(settings({ provider: 'anthropic', api: null })).toEqual(['response_format'])
    expect(settings({ provider: 'echo', api: null })).toEqual([
      'temperature',
      'stop',
      'response_format',
      'tools',
    ])
  })
})
