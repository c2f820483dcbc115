import type { Faults } from '#components/forms/use-form.ts'
import { KEY, NUMBERS } from '#lib/ai/rules.ts'
import type {
  AIConfiguration,
  Catalogue,
  CatalogueProvider,
  DatedPrice,
  PatchConfigurationInput,
} from '#lib/ai/schema.ts'
import { SLUG } from '#lib/slug.ts'

export type NumberField = keyof typeof NUMBERS
const NUMBER_FIELDS = Object.keys(NUMBERS) as NumberField[]

/** The values of the fields: numbers as typed, an empty text for nothing. */
export interface FormValues extends Record<NumberField, string> {
  name: string
  provider: string
  model: string
  base_url: string
  api: string
  system_text: string
  fallback: string
  active: boolean
  /** Day of UTC from which the prices above are valid; empty: from now on. */
  prices_from: string
  /** Prices that take effect later, the next one first. */
  planned: readonly DatedPrice[]
  /** A new key; empty: the one that is stored stays. */
  api_key: string
  removesKey: boolean
}

/** The form for a new configuration: with a provider that has its key already, where there is one. */
export function newForm(catalogue: Catalogue): FormValues {
  const { providers } = catalogue
  const provider = providers.find((each) => each.environment_key) ?? providers[0]
  return { ...toForm(undefined), ...providerChange(provider?.id ?? '', catalogue) }
}

/** Another provider has other models; options of the old one alone are dropped. */
export function providerChange(provider: string, catalogue: Catalogue): Partial<FormValues> {
  const models = catalogue.providers.find(({ id }) => id === provider)?.models ?? []
  const change = modelChange(provider, models[0]?.model ?? '', catalogue)
  return {
    input_price_per_million: '',
    output_price_per_million: '',
    ...change,
    provider,
    base_url: '',
    api: '',
  }
}

/** A model of the catalogue brings its prices along. */
export function modelChange(provider: string, model: string, catalogue: Catalogue): Partial<FormValues> {
  const models = catalogue.providers.find(({ id }) => id === provider)?.models ?? []
  const known = models.find((each) => each.model === model.trim())
  if (known === undefined) return { model }
  return {
    model,
    input_price_per_million: String(known.input_price_per_million ?? ''),
    output_price_per_million: String(known.output_price_per_million ?? ''),
  }
}

/** The form for a configuration; without one, an empty one. */
export function toForm(configuration: AIConfiguration | undefined, now = Date.now()): FormValues {
  const text = (value: string | number | null | undefined) => String(value ?? '')
  const from = configuration
  return {
    name: from?.name ?? '',
    provider: from?.provider ?? '',
    model: from?.model ?? '',
    base_url: text(from?.base_url),
    api: text(from?.api),
    system_text: text(from?.system_text),
    fallback: text(from?.fallback),
    active: from?.active ?? true,
    prices_from: '',
    planned: from === undefined ? [] : plannedOf(from, now),
    api_key: '',
    removesKey: false,
    max_tokens: text(from?.max_tokens),
    temperature: text(from?.temperature),
    top_p: text(from?.top_p),
    input_price_per_million: text(from?.input_price_per_million),
    output_price_per_million: text(from?.output_price_per_million),
    requests_per_minute: text(from?.requests_per_minute),
    tokens_per_minute: text(from?.tokens_per_minute),
    monthly_token_quota: text(from?.monthly_token_quota),
    monthly_cost_quota: text(from?.monthly_cost_quota),
  }
}

const isLater = (now: number) => (price: DatedPrice) => Date.parse(price.valid_from) > now

/** What takes effect later, the next one first. */
function plannedOf({ prices }: AIConfiguration, now: number): DatedPrice[] {
  return prices.filter(isLater(now)).toReversed()
}

/** The faults of the fields; the server decides in the end. */
export function faultsOf(values: FormValues, provider: CatalogueProvider | undefined): Faults<FormValues> {
  const faults: Faults<FormValues> = {}
  if (!SLUG.test(values.name))
    faults.name = 'Use lower-case letters, digits, "_" and "-", at most 64, and begin with a letter or digit.'
  if (values.model.trim() === '') faults.model = 'Say which model.'
  if (provider?.base_url === 'required' && values.base_url.trim() === '')
    faults.base_url = `${provider.title} needs the address of a server.`
  if (values.base_url.trim() !== '' && !/^https?:\/\/\S+$/.test(values.base_url.trim()))
    faults.base_url = 'An address begins with http:// or https://.'
  if (values.api_key.trim() !== '' && !KEY.test(values.api_key.trim()))
    faults.api_key = 'A key has no spaces and no special letters.'
  if (values.prices_from !== '' && !(Date.parse(values.prices_from) > Date.now()))
    faults.prices_from = 'Choose a day to come, or none for prices from now on.'
  for (const field of NUMBER_FIELDS) {
    const fault = numberFault(values[field], field)
    if (fault !== undefined) faults[field] = fault
  }
  return faults
}

function numberFault(text: string, field: NumberField): string | undefined {
  if (text.trim() === '') return undefined
  const { isWhole, least, most } = NUMBERS[field]
  const value = Number(text)
  const kind = isWhole ? 'a whole number' : 'a number, with a point for decimals'
  if (!Number.isFinite(value) || (isWhole && !Number.isInteger(value))) return `This must be ${kind}.`
  if (field === 'top_p' && value === 0) return 'This must be more than 0.'
  if (value < least) return `This must be ${least} or more.`
  return value > most ? `This must be ${most} or less.` : undefined
}

/** Left out: the prices, where they are planned; the key, where it stays. */
type Optional = 'api_key' | 'input_price_per_million' | 'output_price_per_million'
type Body = Required<Omit<PatchConfigurationInput, Optional>> & Pick<PatchConfigurationInput, Optional>

/**
 * The fields as a request body, without the options that the provider does not take, and without what was planned
 * when the form was opened and is valid by now: that has happened by itself.
 */
export function toBody(values: FormValues, provider: CatalogueProvider | undefined, now = Date.now()): Body {
  const text = (value: string) => (value.trim() === '' ? null : value.trim())
  const number = (field: NumberField) => (values[field].trim() === '' ? null : Number(values[field]))
  const api = provider?.apis.find((each) => each === values.api) ?? null
  return {
    name: values.name,
    provider: values.provider,
    model: values.model.trim(),
    base_url: provider?.base_url === 'none' ? null : text(values.base_url),
    api,
    max_tokens: number('max_tokens'),
    temperature: number('temperature'),
    top_p: number('top_p'),
    system_text: values.system_text.trim() === '' ? null : values.system_text,
    ...pricesOf(
      { ...values, planned: values.planned.filter(isLater(now)) },
      {
        input_price_per_million: number('input_price_per_million'),
        output_price_per_million: number('output_price_per_million'),
      },
    ),
    requests_per_minute: number('requests_per_minute'),
    tokens_per_minute: number('tokens_per_minute'),
    monthly_token_quota: number('monthly_token_quota'),
    monthly_cost_quota: number('monthly_cost_quota'),
    fallback: text(values.fallback),
    active: values.active,
    ...keyOf(values, provider),
  }
}

/** Prices with a day of their own join those that are planned, in the place of one of the same day. */
function pricesOf({ prices_from, planned }: FormValues, prices: Omit<DatedPrice, 'valid_from'>) {
  if (prices_from === '') return { ...prices, planned_prices: [...planned] }
  const valid_from = new Date(prices_from).toISOString()
  const others = planned.filter((price) => price.valid_from !== valid_from)
  return { planned_prices: [...others, { valid_from, ...prices }] }
}

function keyOf({ api_key, removesKey }: FormValues, provider: CatalogueProvider | undefined) {
  if (removesKey) return { api_key: null }
  const key = api_key.trim()
  return key === '' || provider?.key === 'none' ? {} : { api_key: key }
}

/**
 * Whether a planned price was taken out of the form that has become valid while it was open: then the prices that it
 * took the place of are to be valid again.
 * @param opened when the form was filled in, in milliseconds
 */
export function takesPriceBack(
  { planned }: FormValues,
  from: AIConfiguration | undefined,
  opened: number,
  now = Date.now(),
): boolean {
  const kept = new Set(planned.map(({ valid_from }) => valid_from))
  const due = from?.prices.filter((price) => isLater(opened)(price) && !isLater(now)(price)) ?? []
  return due.some(({ valid_from }) => !kept.has(valid_from))
}

/** The part of a body that differs from the configuration: concurrent changes to other fields stay. */
export function changesOf(body: Body, from: AIConfiguration, now = Date.now()): PatchConfigurationInput {
  const before = { ...from, planned_prices: plannedOf(from, now) }
  const entries = Object.entries(body).filter(
    ([key, value]) =>
      key === 'api_key' || JSON.stringify(before[key as keyof typeof before]) !== JSON.stringify(value),
  )
  return Object.fromEntries(entries)
}

/** Whether the stored key will not go along to where the form leads, so that it has to be given again. */
export function losesKey(values: FormValues, from: AIConfiguration | undefined): boolean {
  if (from?.key !== 'stored') return false
  return values.provider !== from.provider || originOf(values.base_url) !== originOf(from.base_url ?? '')
}

function originOf(url: string): string {
  return URL.canParse(url.trim()) ? new URL(url.trim()).origin : url.trim()
}
