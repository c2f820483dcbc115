'use client'

import { Button } from '#components/ui/button.tsx'
import { formatDay } from '#components/ui/format.ts'
import type { DatedPrice } from '#lib/ai/schema.ts'
import type { ConfigurationForm } from './use-configuration-form.ts'
import { formatDollars } from './words.ts'

/** The prices that are planned, which can be taken back, and those that were valid. */
export function PriceHistory({ form }: { form: ConfigurationForm }) {
  const { planned } = form.values
  const own = new Set(form.base?.prices.map(({ valid_from }) => valid_from))
  const past = form.base?.prices.filter(({ valid_from }) => !isPlanned(form, valid_from)) ?? []
  if (planned.length === 0 && past.length < 2) return null
  return (
    <ul aria-label="Prices by date" className="divide-y divide-line text-sm sm:col-span-2">
      {planned.toReversed().map((price) => (
        <li key={price.valid_from} className="flex items-center gap-3 py-1.5">
          <PriceLine price={price} note={own.has(price.valid_from) ? 'planned' : 'new'} />
          <Button
            aria-label={`Remove the price planned for ${formatDay(price.valid_from)}`}
            onPress={() => form.set({ planned: planned.filter((each) => each !== price) })}
          >
            Remove
          </Button>
        </li>
      ))}
      {past.map((price, place) => (
        <li key={price.valid_from} className="flex items-center gap-3 py-1.5 text-ink-soft">
          <PriceLine price={price} note={place === 0 ? 'valid now' : ''} />
        </li>
      ))}
    </ul>
  )
}

/** As the form was opened: what was planned then is in the form, or was taken out of it. */
function isPlanned({ opened }: ConfigurationForm, from: string): boolean {
  return Date.parse(from) > opened
}

function PriceLine({ price, note }: { price: DatedPrice; note: string }) {
  const { valid_from, input_price_per_million, output_price_per_million } = price
  const dollars = (value: number | null) => (value === null ? 'unknown' : formatDollars(value))
  return (
    <span className="flex grow flex-wrap gap-x-3 tabular-nums">
      <time dateTime={valid_from} className="min-w-28">
        {formatDay(valid_from)}
      </time>
      <span>
        {dollars(input_price_per_million)} in, {dollars(output_price_per_million)} out
      </span>
      <span className="text-ink-faint">{note}</span>
    </span>
  )
}
