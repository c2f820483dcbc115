import type { TokenCount } from './providers/provider.ts'
import type { ConfigurationFacts } from './schema.ts'

type Prices = Pick<ConfigurationFacts, 'input_price_per_million' | 'output_price_per_million'>

/** Prices have six decimals for a million tokens, so one token costs a whole number of these. */
const PARTS_PER_DOLLAR = 1_000_000_000_000n
/** What the database keeps: ten decimals. */
const PARTS_KEPT = 100n

/**
 * What tokens cost in US dollars, exact to ten decimals (half up); null while a price is not known.
 * Binary fractions would drift when many small costs are added up, so it counts in whole numbers.
 */
export function costOf(prices: Prices, tokens: TokenCount): number | null {
  if (prices.input_price_per_million === null || prices.output_price_per_million === null) return null
  const parts =
    partsPerToken(prices.input_price_per_million) * BigInt(tokens.input) +
    partsPerToken(prices.output_price_per_million) * BigInt(tokens.output)
  const kept = (parts + PARTS_KEPT / 2n) / PARTS_KEPT
  const scale = PARTS_PER_DOLLAR / PARTS_KEPT
  return Number(`${kept / scale}.${String(kept % scale).padStart(10, '0')}`)
}

/** Dollars for a million tokens, times a million, is what one token costs in parts. */
function partsPerToken(price: number): bigint {
  return BigInt(Math.round(price * 1_000_000))
}
