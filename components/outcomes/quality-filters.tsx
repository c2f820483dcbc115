import { OneOf } from '#components/ui/overlays/one-of.tsx'
import { Segments } from '#components/ui/segments.tsx'
import type { Quality } from '#lib/outcomes/schema.ts'
import { DEFAULT_RANGE, type QualityState, RANGES } from './quality-state.ts'

const RANGE_NAMES = { '7d': '7 days', '30d': '30 days', '90d': '90 days', '365d': 'A year' } as const

const nameOf = (name: string) => name || 'Without a name'

/** The range of days, one label or client, or all. */
export function QualityFilters({
  state: { range, label, client },
  offers,
  onChange,
}: {
  state: QualityState
  offers: Pick<Quality, 'labels' | 'clients'>
  onChange: (change: Partial<QualityState>) => void
}) {
  const shown = RANGES.map((each) => ({ id: each, label: RANGE_NAMES[each] }))
  return (
    <fieldset className="mb-8 flex min-w-0 flex-wrap items-center gap-2 print:hidden">
      <legend className="sr-only">Filters</legend>
      <Segments
        name="Range"
        segments={shown}
        value={range ?? DEFAULT_RANGE}
        onChange={(id) => onChange({ range: RANGES.find((each) => each === id) ?? null })}
      />
      <OneOf
        label="Label"
        all="All labels"
        choices={offers.labels}
        nameOf={nameOf}
        width="sm:w-44"
        value={label}
        onChoose={(chosen) => onChange({ label: chosen })}
      />
      <OneOf
        label="Client"
        all="All clients"
        choices={offers.clients}
        nameOf={nameOf}
        width="sm:w-44"
        value={client}
        onChoose={(chosen) => onChange({ client: chosen })}
      />
    </fieldset>
  )
}
