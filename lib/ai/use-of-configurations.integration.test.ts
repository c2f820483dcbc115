import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '../access/rules.ts'
import { makeOtherWorkspace } from '../testing/factories.ts'
import { type ProviderDouble, startProviderDouble } from '../testing/provider-double/server.ts'
import { refusal } from '../testing/refusal.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { createConfiguration } from './operations/create-configuration.ts'
import { getCatalogue } from './operations/get-catalogue.ts'
import { getConfiguration } from './operations/get-configuration.ts'
import { loadConfiguration } from './operations/load-configuration.ts'
import { testConfiguration } from './operations/test-configuration.ts'
import type { CreateConfigurationInput } from './schema.ts'

let app: TestRuntime
let double: ProviderDouble
beforeAll(async () => {
  app = await testRuntime()
  double = await startProviderDouble()
})
afterAll(async () => {
  await double.close()
  await app.close()
})
afterEach(async () => {
  const { ai } = app.runtime.config
  ai.default_configuration = undefined
  ai.catalogue = []
  ai.echo = undefined
  double.reset()
  await app.runtime.database.primary.pool.query('DELETE FROM ai_configuration')
})

function make(name: string, input: Partial<CreateConfigurationInput> = {}) {
  return createConfiguration(app.actor(), { provider: 'echo', model: 'echo-fast', ...input, name })
}

/** One that calls the double. */
function makeReal(input: Partial<CreateConfigurationInput> = {}) {
  return make('real', {
    provider: 'openai-compatible',
    base_url: double.openaiUrl,
    model: 'double-large',
    api_key: 'the-key',
    input_price_per_million: 1_000_000,
    output_price_per_million: 1_000_000,
    ...input,
  })
}

describe('loadConfiguration', () => {
  const names = async (choice?: { name?: string; id?: string }) =>
    (await loadConfiguration(app.actor(), choice)).map(({ facts }) => facts.name)

  it('brings a configuration with its fallbacks in order, without those that are switched off', async () => {
    await make('d')
    await make('c', { fallback: 'd', monthly_cost_quota: 12.5 })
    await make('b', { fallback: 'c', active: false })
    const { id } = await make('a', { fallback: 'b', system_text: 'Be brief.' })
    expect(await names({ name: 'a' })).toEqual(['a', 'c', 'd'])
    expect(await names({ id })).toEqual(['a', 'c', 'd'])
    const [first, second] = await loadConfiguration(app.actor(), { id })
    expect(first).toMatchObject({
      id,
      sealedKey: null,
      facts: { provider: 'echo', system_text: 'Be brief.', max_tokens: null },
      limits: { id, name: 'a', monthly_token_quota: null },
    })
    expect(second?.limits.monthly_cost_quota).toBe(12.5)
  })

  it('refuses one whose provider is switched off here, says why, and leaves it out elsewhere', async () => {
    await make('echo')
    await makeReal({ fallback: 'echo' })
    app.runtime.config.ai.echo = false
    const refused = await refusal(loadConfiguration(app.actor(), { name: 'echo' }))
    expect(refused).toMatchObject({ code: 'unprocessable', details: [{ code: 'provider_off' }] })
    expect(refused.message).toContain('ai.echo')
    expect(await names({ name: 'real' })).toEqual(['real'])
    expect(await names()).toEqual(['real'])
    await app.runtime.database.primary.pool.query(`DELETE FROM ai_configuration WHERE name = 'real'`)
  })

  it('takes no configuration for the usual one that cannot be used here', async () => {
    await make('echo')
    app.runtime.config.ai.echo = false
    expect((await refusal(loadConfiguration(app.actor()))).details).toMatchObject([{ code: 'provider_off' }])
    app.runtime.config.ai.default_configuration = 'echo'
    expect((await refusal(loadConfiguration(app.actor()))).details).toMatchObject([{ code: 'provider_off' }])
  })

  it('chooses the default of the config, else the only active one', async () => {
    await make('a')
    await make('off', { active: false })
    expect(await names()).toEqual(['a'])
    await make('b')
    const error = await refusal(loadConfiguration(app.actor()))
    expect(error).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['configuration'], code: 'ambiguous' }],
    })
    expect(error.message).toContain('a, b')
    app.runtime.config.ai.default_configuration = 'b'
    expect(await names()).toEqual(['b'])
  })

  it('takes a model before echo, which is for those who have none', async () => {
    await make('echo')
    await makeReal()
    expect(await names()).toEqual(['real'])
  })

  it.each([
    ['there is none', {}, 'no_configuration'],
    ['the name is unknown', { name: 'nobody' }, 'unknown_configuration'],
    ['it is switched off', { name: 'off' }, 'switched_off'],
    ['it was deleted', { id: '018f0000-0000-7000-8000-000000000000' }, 'deleted'],
  ])('refuses when %s', async (_, choice, code) => {
    await make('off', { active: false })
    expect(await refusal(loadConfiguration(app.actor(), choice))).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['configuration'], code }],
    })
  })

  it('needs the right to run generations, and stays in its workspace', async () => {
    await make('a')
    const holding = (scope: Scope) => actorLike(app.actor(), { scopes: new Set([scope]) })
    expect(await loadConfiguration(holding('generations:run'))).toHaveLength(1)
    expect(await refusal(loadConfiguration(holding('ai:read')))).toMatchObject({
      code: 'forbidden',
      extra: { required_scope: 'generations:run' },
    })
    const other = await makeOtherWorkspace()
    expect(await refusal(loadConfiguration(other, { name: 'a' }))).toMatchObject({ code: 'unprocessable' })
  })
})

describe('testConfiguration', () => {
  const test = (text?: string) =>
    testConfiguration(app.actor(), { name: 'real', ...(text === undefined ? {} : { text }) })
  const spent = async () => (await getConfiguration(app.actor(), { name: 'real' })).this_month

  it('makes a real call, which is counted and paid for', async () => {
    await makeReal()
    const answer = await test('How are you?')
    expect(answer).toMatchObject({ ok: true, text: 'Hello from the provider double.', error: null })
    expect(double.calls).toHaveLength(1)
    expect(JSON.stringify(double.calls[0]?.body)).toContain('How are you?')
    expect(double.calls[0]?.headers.authorization).toBe('Bearer the-key')
    const tokens = (answer.input_tokens ?? 0) + (answer.output_tokens ?? 0)
    expect(tokens).toBeGreaterThan(0)
    expect(answer.cost).toBe(tokens)
    expect(await spent()).toEqual({ requests: 1, tokens, cost: tokens })
  })

  it('tells what the provider refused, with a hint and without the key; the request counts', async () => {
    await makeReal({ model: 'quote-key' })
    const answer = await test()
    expect(answer).toMatchObject({
      ok: false,
      text: null,
      error: { code: 'unauthorized', hint: expect.stringContaining('key') },
    })
    expect(JSON.stringify(answer)).not.toContain('the-key')
    expect(await spent()).toEqual({ requests: 1, tokens: 0, cost: 0 })
  })

  it('counts nothing when no call was made', async () => {
    await make('real', { provider: 'openai', model: 'gpt' })
    const answer = await test()
    expect(answer.error).toMatchObject({ code: 'missing_key' })
    expect(await spent()).toEqual({ requests: 0, tokens: 0, cost: 0 })
  })

  it('ends in time', async () => {
    const { limits } = app.runtime.config
    const usual = limits.generation_wait_ms
    limits.generation_wait_ms = 50
    await makeReal({ model: 'hang' })
    expect((await test()).error).toMatchObject({ code: 'timeout' })
    limits.generation_wait_ms = usual
  })

  it('stays within the limits, and can test one that is switched off', async () => {
    await makeReal({ active: false, monthly_token_quota: 5000, max_tokens: 100 })
    expect((await test()).ok).toBe(true)
    expect(double.calls[0]?.body).toMatchObject({ max_tokens: 100 })
    await app.runtime.database.primary.pool.query(`UPDATE ai_spending SET tokens = 4990`)
    const error = await refusal(test())
    expect(error).toMatchObject({ code: 'quota_exceeded', extra: { limit: 'monthly_token_quota' } })
    expect(double.calls).toHaveLength(1)
  })

  it('says not_found and forbidden', async () => {
    expect(await refusal(testConfiguration(app.actor(), { name: 'nobody' }))).toMatchObject({
      code: 'not_found',
    })
    const reader = actorLike(app.actor(), { scopes: new Set<Scope>(['ai:read']) })
    expect(await refusal(testConfiguration(reader, { name: 'x' }))).toMatchObject({ code: 'forbidden' })
  })
})

describe('getCatalogue', () => {
  it('names providers, what they take and their models', async () => {
    const { as_of, providers } = await getCatalogue(app.actor())
    expect(as_of).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(providers.map(({ id }) => id)).toEqual(['openai', 'anthropic', 'openai-compatible', 'echo'])
    expect(providers[0]).toMatchObject({ key: 'required', apis: ['responses', 'chat_completions'] })
    expect(providers[3]).toMatchObject({ key: 'none', base_url: 'none', note: expect.any(String) })
    for (const { models } of providers.slice(0, 2))
      for (const { model, input_price_per_million: price } of models)
        expect([model, typeof price]).toEqual([expect.any(String), 'number'])
  })

  it('adds and replaces models that the config names, and leaves echo out when it is off', async () => {
    const { ai } = app.runtime.config
    ai.echo = false
    const known = (await getCatalogue(app.actor())).providers[0]?.models[0]?.model ?? ''
    ai.catalogue = [
      { provider: 'openai', model: known, input_price_per_million: 7 },
      { provider: 'openai-compatible', model: 'llama', context_tokens: 8000 },
    ]
    const { providers } = await getCatalogue(app.actor())
    expect(providers.map(({ id }) => id)).not.toContain('echo')
    const models = (id: string) => providers.find((provider) => provider.id === id)?.models ?? []
    expect(models('openai')[0]).toEqual({
      model: known,
      context_tokens: null,
      output_tokens: null,
      input_price_per_million: 7,
      output_price_per_million: null,
    })
    expect(models('openai-compatible').map(({ model }) => model)).toEqual(['llama'])
  })
})
