import { describe, expect, it } from 'vitest'
import type { AIConfiguration, Catalogue } from '#lib/ai/schema.ts'
import {
  changesOf,
  faultsOf,
  losesKey,
  modelChange,
  newForm,
  providerChange,
  takesPriceBack,
  toBody,
  toForm,
} from './configuration-form.ts'

const provider = {
  note: null,
  key: 'required' as const,
  environment_key: false,
  base_url: 'optional' as const,
  usual_base_url: 'https://api.example.org',
  apis: ['responses' as const, 'chat_completions' as const],
}
const model = {
  model: 'large',
  context_tokens: null,
  output_tokens: null,
  input_price_per_million: 2,
  output_price_per_million: null,
}
const catalogue: Catalogue = {
  as_of: '2026-11-25',
  providers: [
    { ...provider, id: 'first', title: 'First', models: [] },
    { ...provider, id: 'second', title: 'Second', models: [model], environment_key: true },
    { ...provider, id: 'plain', title: 'Plain', models: [], key: 'none', base_url: 'none', apis: [] },
    { ...provider, id: 'own', title: 'Own', models: [], base_url: 'required' },
  ],
}
const find = (id: string) => catalogue.providers.find((each) => each.id === id)

const saved: AIConfiguration = {
  id: 'id',
  name: 'writer',
  provider: 'first',
  model: 'small',
  base_url: 'https://api.example.org/v1',
  api: 'responses',
  max_tokens: 100,
  temperature: 0.5,
  top_p: null,
  system_text: 'Be brief. ',
  input_price_per_million: 1,
  output_price_per_million: 0.000001,
  requests_per_minute: null,
  tokens_per_minute: null,
  monthly_token_quota: Number.MAX_SAFE_INTEGER,
  monthly_cost_quota: 0,
  fallback: 'other',
  active: true,
  prices: [
    { valid_from: '2999-01-01T00:00:00.000Z', input_price_per_million: 8, output_price_per_million: 9 },
    {
      valid_from: '2026-11-25T12:00:00.000Z',
      input_price_per_million: 1,
      output_price_per_million: 0.000001,
    },
  ],
  key: 'stored',
  this_month: { requests: 0, tokens: 0, cost: 0 },
  author: { id: 'id', kind: 'person', display: 'Somebody' },
  created_at: '2026-11-25T12:00:00.000Z',
  updated_at: '2026-11-25T12:00:00.000Z',
  etag: '"1"',
}

describe('the form of a configuration', () => {
  it('begins with a provider whose key is there, its first model and what that costs', () => {
    expect(newForm(catalogue)).toMatchObject({
      provider: 'second',
      model: 'large',
      input_price_per_million: '2',
      output_price_per_million: '',
      active: true,
    })
  })

  it('says the same as the configuration that it came from', () => {
    expect(changesOf(toBody(toForm(saved), find('first')), saved)).toEqual({})
  })

  it('sends what differs alone, and a key only when one was typed or removed', () => {
    const form = { ...toForm(saved), model: ' large ', temperature: '', monthly_cost_quota: '2.5' }
    expect(changesOf(toBody(form, find('first')), saved)).toEqual({
      model: 'large',
      temperature: null,
      monthly_cost_quota: 2.5,
    })
    expect(toBody({ ...form, api_key: ' key ' }, find('first')).api_key).toBe('key')
    expect(toBody({ ...form, removesKey: true }, find('first')).api_key).toBeNull()
  })

  it('leaves out what the provider does not take', () => {
    const form = { ...toForm(saved), provider: 'plain', api_key: 'key' }
    const body = toBody(form, find('plain'))
    expect(body).toMatchObject({ base_url: null, api: null })
    expect(body).not.toHaveProperty('api_key')
  })

  it('takes prices over from the catalogue, and keeps them for a model that it does not know', () => {
    expect(modelChange('second', 'large', catalogue)).toMatchObject({ input_price_per_million: '2' })
    expect(modelChange('second', 'larg', catalogue)).toEqual({ model: 'larg' })
    expect(providerChange('first', catalogue)).toMatchObject({
      provider: 'first',
      model: '',
      input_price_per_million: '',
    })
  })

  it('plans prices that have a day, beside those that are planned, and leaves the valid ones alone', () => {
    const form = { ...toForm(saved), input_price_per_million: '3', prices_from: '2998-01-01' }
    const planned = {
      valid_from: '2998-01-01T00:00:00.000Z',
      input_price_per_million: 3,
      output_price_per_million: 0.000001,
    }
    expect(changesOf(toBody(form, find('first')), saved)).toEqual({
      planned_prices: [saved.prices[0], planned],
    })
    const again = { ...form, prices_from: '2999-01-01' }
    expect(changesOf(toBody(again, find('first')), saved).planned_prices).toMatchObject([
      { input_price_per_million: 3 },
    ])
    expect(changesOf(toBody({ ...toForm(saved), planned: [] }, find('first')), saved)).toEqual({
      planned_prices: [],
    })
  })

  it('that was open when a planned price became valid can be saved, and takes it back where it was removed', () => {
    const opened = Date.parse('2998-12-31')
    const now = Date.parse('2999-01-02')
    const form = toForm(saved, opened)
    const changed = toBody({ ...form, model: 'other' }, find('first'), now)
    expect(changesOf(changed, saved, now)).toEqual({ model: 'other' })
    expect(takesPriceBack(form, saved, opened, now)).toBe(false)
    expect(takesPriceBack({ ...form, planned: [] }, saved, opened, now)).toBe(true)
    expect(takesPriceBack({ ...form, planned: [] }, saved, opened, opened)).toBe(false)
    expect(takesPriceBack({ ...form, planned: [] }, saved, now, now)).toBe(false)
  })

  it.each([
    [{ prices_from: '2020-01-01' }, 'prices_from'],
    [{ name: 'Not So' }, 'name'],
    [{ model: ' ' }, 'model'],
    [{ provider: 'own', base_url: '' }, 'base_url'],
    [{ base_url: 'example.org' }, 'base_url'],
    [{ api_key: 'two words' }, 'api_key'],
    [{ max_tokens: '1.5' }, 'max_tokens'],
    [{ max_tokens: '0' }, 'max_tokens'],
    [{ temperature: '0,5' }, 'temperature'],
    [{ temperature: '2.1' }, 'temperature'],
    [{ top_p: '0' }, 'top_p'],
    [{ monthly_cost_quota: '-1' }, 'monthly_cost_quota'],
  ])('refuses %o', (change, field) => {
    const form = { ...toForm(saved), ...change }
    expect(Object.keys(faultsOf(form, find(form.provider)))).toEqual([field])
  })

  it('finds nothing wrong with what was saved', () => {
    expect(faultsOf(toForm(saved), find('first'))).toEqual({})
  })

  it('knows when a stored key does not go along', () => {
    const form = toForm(saved)
    expect(losesKey(form, saved)).toBe(false)
    expect(losesKey({ ...form, base_url: 'https://api.example.org/v2' }, saved)).toBe(false)
    expect(losesKey({ ...form, base_url: 'https://elsewhere.example.org/v1' }, saved)).toBe(true)
    expect(losesKey({ ...form, provider: 'second' }, saved)).toBe(true)
    expect(losesKey({ ...form, provider: 'second' }, { ...saved, key: 'environment' })).toBe(false)
  })
})
