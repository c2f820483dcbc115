/** The bounds of an AI configuration, for its schema and for the form, which has no schema library. */

const COUNT = { isWhole: true, least: 1, most: 2_147_483_647 } as const
const PRICE = { isWhole: false, least: 0, most: 1_000_000 } as const

/** Fields that hold a number, and which numbers. */
export const NUMBERS = {
  max_tokens: { isWhole: true, least: 1, most: 10_000_000 },
  temperature: { isWhole: false, least: 0, most: 2 },
  /** More than the least. */
  top_p: { isWhole: false, least: 0, most: 1 },
  input_price_per_million: PRICE,
  output_price_per_million: PRICE,
  requests_per_minute: COUNT,
  tokens_per_minute: COUNT,
  monthly_token_quota: { isWhole: true, least: 0, most: Number.MAX_SAFE_INTEGER },
  monthly_cost_quota: { isWhole: false, least: 0, most: 10_000_000 },
} as const

export const MODEL_LENGTH = 200
export const URL_LENGTH = 2000
export const KEY = /^[\x21-\x7e]+$/
export const KEY_LENGTH = 2000
/** Prices that a configuration may have planned. */
export const PLANNED_PRICES = 20
