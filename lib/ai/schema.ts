import { z } from 'zod'
import { PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { Author } from '../prompts/schema.ts'
import { SLUG } from '../slug.ts'
import { Moment } from '../time.ts'
import { KEY, KEY_LENGTH, MODEL_LENGTH, NUMBERS, PLANNED_PRICES, URL_LENGTH } from './rules.ts'

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

export const ConfigurationName = z
  .string()
  .regex(SLUG, 'A configuration name is lower-case letters, digits, "_" and "-", at most 64 characters')
  .describe('Name of an AI configuration')
export type ConfigurationName = z.infer<typeof ConfigurationName>

const ProviderId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'A provider is named as in GET /api/ai/catalogue')
  .describe('Provider: "openai", "anthropic", "openai-compatible" …, as in GET /api/ai/catalogue')
const ProviderApiName = z
  .enum(['responses', 'chat_completions'])
  .describe('Which interface of a provider that has two')
const Model = storedText(MODEL_LENGTH).min(1).describe('Model as the provider calls it')
const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .max(URL_LENGTH)
  .describe('Address of the provider, for one that is not at its usual place')
const Price = within('input_price_per_million').describe('US dollars for a million tokens')
const Count = within('requests_per_minute')

/** A price and since when it is valid, or will be. */
export const DatedPrice = z.object({
  valid_from: z.iso.datetime(),
  input_price_per_million: z.number().nullable().describe('US dollars for a million tokens; null: unknown'),
  output_price_per_million: z.number().nullable(),
})
export type DatedPrice = z.infer<typeof DatedPrice>

const PlannedPrice = z.strictObject({
  valid_from: Moment.describe('When it takes effect, in the future'),
  input_price_per_million: Price.nullable(),
  output_price_per_million: Price.nullable(),
})

/** A number within the bounds of a field. */
function within(field: keyof typeof NUMBERS) {
  const { isWhole, least, most } = NUMBERS[field]
  const number = isWhole ? z.number().int() : z.number()
  return number.min(least).max(most)
}

const Settings = {
  model: Model,
  base_url: BaseUrl.nullable().optional(),
  api: ProviderApiName.nullable().optional(),
  max_tokens: within('max_tokens').nullable().optional().describe('Most tokens of an answer'),
  temperature: within('temperature').nullable().optional(),
  top_p: z.number().gt(NUMBERS.top_p.least).max(NUMBERS.top_p.most).nullable().optional(),
  system_text: storedText().nullable().optional().describe('Goes before every system message'),
  input_price_per_million: Price.nullable().optional(),
  output_price_per_million: Price.nullable().optional(),
  planned_prices: z
    .array(PlannedPrice)
    .max(PLANNED_PRICES)
    .optional()
    .describe(
      'Prices that take effect by themselves later; they replace those that were planned before. Prices without a date are valid from now on',
    ),
  requests_per_minute: Count.nullable().optional(),
  tokens_per_minute: Count.nullable().optional(),
  monthly_token_quota: within('monthly_token_quota').nullable().optional(),
  monthly_cost_quota: within('monthly_cost_quota').nullable().optional().describe('US dollars'),
  fallback: ConfigurationName.nullable()
    .optional()
    .describe('Configuration that is asked when this one fails'),
  active: z.boolean().optional().describe('false: it is not used'),
  api_key: z
    .string()
    .min(1)
    .max(KEY_LENGTH)
    .regex(KEY, 'A key is printable ASCII without spaces')
    .nullable()
    .optional()
    .describe('Stored sealed and never returned; null: the key of the environment'),
}

export const CreateConfigurationInput = z.strictObject({
  name: ConfigurationName,
  provider: ProviderId,
  ...Settings,
})
export type CreateConfigurationInput = z.infer<typeof CreateConfigurationInput>

export const PatchConfigurationInput = z.strictObject({
  name: ConfigurationName.optional().describe('New name'),
  provider: ProviderId.optional(),
  ...Settings,
  model: Model.optional(),
})
export type PatchConfigurationInput = z.infer<typeof PatchConfigurationInput>

export const ConfigurationPath = z.strictObject({ name: ConfigurationName })
/** The same path where the body holds another `name`. */
export const CurrentConfigurationPath = ConfigurationPath.transform(({ name }) => ({ current_name: name }))

export const ListConfigurationsQuery = z.strictObject({
  active: z.enum(['true', 'false']).optional(),
  ...PageQuery.shape,
})
export type ListConfigurationsQuery = z.infer<typeof ListConfigurationsQuery>

/** What a call depends on; a generation keeps a copy. */
export const ConfigurationFacts = z.object({
  name: z.string(),
  provider: z.string(),
  model: z.string(),
  base_url: z.string().nullable(),
  api: ProviderApiName.nullable(),
  max_tokens: z.number().int().nullable(),
  temperature: z.number().nullable(),
  top_p: z.number().nullable(),
  system_text: z.string().nullable(),
  input_price_per_million: z.number().nullable(),
  output_price_per_million: z.number().nullable(),
})
export type ConfigurationFacts = z.infer<typeof ConfigurationFacts>

export const AIConfiguration = ConfigurationFacts.extend({
  id: z.string(),
  requests_per_minute: z.number().int().nullable(),
  tokens_per_minute: z.number().int().nullable(),
  monthly_token_quota: z.number().int().nullable(),
  monthly_cost_quota: z.number().nullable(),
  fallback: z.string().nullable(),
  active: z.boolean(),
  prices: z
    .array(DatedPrice)
    .describe(
      'Its prices by their dates, the latest first: planned ones, the valid one, earlier ones; at most 100',
    ),
  key: z
    .enum(['stored', 'environment', 'missing', 'none'])
    .describe('Where its key comes from; "none": the provider takes none'),
  this_month: z
    .object({ requests: z.number().int(), tokens: z.number().int(), cost: z.number() })
    .describe('Spent and reserved since the month began (UTC)'),
  author: Author,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  etag: z.string(),
})
export type AIConfiguration = z.infer<typeof AIConfiguration>
export const ConfigurationPage = pageOf(AIConfiguration)
export type ConfigurationPage = z.infer<typeof ConfigurationPage>

export const TestConfigurationInput = z.strictObject({
  text: storedText(2000).min(1).optional().describe('What the model is asked; a greeting when left out'),
})
export type TestConfigurationInput = z.infer<typeof TestConfigurationInput>

/** How a real call fared. A provider's refusal is an answer here, not an error. */
export const ConfigurationTest = z.object({
  ok: z.boolean(),
  text: z.string().nullable().describe('What the model answered, the beginning'),
  latency_ms: z.number().int(),
  input_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  cost: z.number().nullable().describe('US dollars'),
  error: z
    .object({ code: z.string(), message: z.string(), hint: z.string().nullable() })
    .nullable()
    .describe('Why it failed'),
})
export type ConfigurationTest = z.infer<typeof ConfigurationTest>

export const CatalogueModel = z.object({
  model: z.string(),
  context_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  input_price_per_million: z.number().nullable(),
  output_price_per_million: z.number().nullable(),
})
export type CatalogueModel = z.infer<typeof CatalogueModel>

export const CatalogueProvider = z.object({
  id: z.string(),
  title: z.string(),
  note: z.string().nullable().describe('Set where it is no model'),
  key: z.enum(['required', 'optional', 'none']),
  environment_key: z.boolean().describe('Whether the environment has a key for it'),
  base_url: z.enum(['required', 'optional', 'none']),
  usual_base_url: z.string().nullable(),
  apis: z.array(ProviderApiName).describe('Its interfaces, the usual one first; empty: just one'),
  models: z.array(CatalogueModel),
})
export type CatalogueProvider = z.infer<typeof CatalogueProvider>

export const Catalogue = z.object({
  as_of: z.iso.date().describe('Day that the built-in list was made; providers change theirs'),
  providers: z.array(CatalogueProvider),
})
export type Catalogue = z.infer<typeof Catalogue>
