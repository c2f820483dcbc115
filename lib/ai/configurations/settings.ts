import { overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import type { DatedPrice, PatchConfigurationInput } from '../schema.ts'
import { wrong } from './check-provider.ts'
import { namesOf, type StoredConfiguration } from './stored-configuration.ts'

/** A configuration before anything is said about it. */
export function blank(id: string, name: string): StoredConfiguration {
  return {
    id,
    name,
    provider: '',
    model: '',
    base_url: null,
    api: null,
    max_tokens: null,
    temperature: null,
    top_p: null,
    system_text: null,
    input_price_per_million: null,
    output_price_per_million: null,
    requests_per_minute: null,
    tokens_per_minute: null,
    monthly_token_quota: null,
    monthly_cost_quota: null,
    fallback_id: null,
    active: true,
    has_key: false,
    planned_prices: [],
    revision: 1,
  }
}

/** What is left out stays; null empties. */
function given<T>(value: T | undefined, old: T): T {
  return value === undefined ? old : value
}

/**
 * A configuration as the input makes it; the key is another matter.
 * @param all the configurations that its fallback may be one of
 * @throws unprocessable for an unknown fallback or a planned price that is none, too_large
 */
export function withSettings(
  row: StoredConfiguration,
  input: PatchConfigurationInput,
  all: readonly StoredConfiguration[],
): StoredConfiguration {
  const most = getRuntime().config.limits.template_bytes
  if (Buffer.byteLength(input.system_text ?? '') > most)
    throw overLimit('limits.template_bytes', `The system text holds at most ${most} bytes`, ['system_text'])
  return {
    ...row,
    name: input.name ?? row.name,
    provider: input.provider ?? row.provider,
    model: input.model ?? row.model,
    base_url: given(input.base_url, row.base_url),
    api: given(input.api, row.api),
    max_tokens: given(input.max_tokens, row.max_tokens),
    temperature: given(input.temperature, row.temperature),
    top_p: given(input.top_p, row.top_p),
    system_text: given(input.system_text, row.system_text),
    input_price_per_million: given(input.input_price_per_million, row.input_price_per_million),
    output_price_per_million: given(input.output_price_per_million, row.output_price_per_million),
    planned_prices:
      input.planned_prices === undefined
        ? row.planned_prices
        : plannedPrices(input.planned_prices, Date.now()),
    requests_per_minute: given(input.requests_per_minute, row.requests_per_minute),
    tokens_per_minute: given(input.tokens_per_minute, row.tokens_per_minute),
    monthly_token_quota: given(input.monthly_token_quota, row.monthly_token_quota),
    monthly_cost_quota: given(input.monthly_cost_quota, row.monthly_cost_quota),
    fallback_id: input.fallback === undefined ? row.fallback_id : fallbackId(input.fallback, all),
    active: input.active ?? row.active,
  }
}

function fallbackId(name: string | null, all: readonly StoredConfiguration[]): string | null {
  if (name === null) return null
  const found = all.find((each) => each.name === name)
  if (found !== undefined) return found.id
  throw wrong(
    'fallback',
    'unknown_configuration',
    `There is no AI configuration "${name}"; there are ${namesOf(all)}`,
  )
}

/**
 * What is planned, as it is stored: the next one first.
 * @throws unprocessable for a date that is not in the future or comes twice
 */
function plannedPrices(
  planned: NonNullable<PatchConfigurationInput['planned_prices']>,
  now: number,
): DatedPrice[] {
  const dated = planned.map((price) => ({ ...price, valid_from: new Date(price.valid_from).toISOString() }))
  for (const [n, { valid_from }] of dated.entries()) {
    const path = ['planned_prices', n, 'valid_from']
    if (Date.parse(valid_from) <= now)
      throw wrong(
        path,
        'not_in_future',
        'A planned price takes effect in the future; for one from now on leave the date out',
      )
    if (dated.findIndex((each) => each.valid_from === valid_from) < n)
      throw wrong(path, 'planned_twice', 'Two prices cannot take effect at the same time')
  }
  return dated.toSorted((a, b) => Date.parse(a.valid_from) - Date.parse(b.valid_from))
}
