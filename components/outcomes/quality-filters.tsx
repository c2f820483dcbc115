import { type Choice, Select } from '#components/ui/overlays/select.tsx'
import { Segments } from '#components/ui/segments.tsx'
import type { Quality } from '#lib/outcomes/schema.ts'
import { DEFAULT_RANGE, type QualityState, RANGES } from './quality-state.ts'

const RANGE_NAMES = { '7d': '7 days', '30d': '30 days', '90d': '90 days', '365d': 'A year' } as const

/** Ids of choices: `all` stands apart from every name, which begin with an equals sign. */
const ALL = 'all'
const idOf = (name: string | null) => (name === null ? ALL : `=${name}`)

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
        name="Label"
        all="All labels"
        names={offers.labels}
        value={label}
        onChoose={(chosen) => onChange({ label: chosen })}
      />
      <OneOf
        name="Client"
        all="All clients"
        names={offers.clients}
        value={client}
        onChoose={(chosen) => onChange({ client: chosen })}
      />
    </fieldset>
  )
}

function OneOf({
  name,
  all,
  names,
  value,
  onChoose,
}: {
  name: string
  all: string
  names: readonly string[]
  value: string | null
  onChoose: (chosen: string | null) => void
}) {
  // What was chosen stays a choice when nothing of it is left.
  const offered = value === null || names.includes(value) ? names : [value, ...names]
  const choices: Choice[] = [
    { id: ALL, label: all },
    ...offered.map((each) => ({ id: idOf(each), label: each || 'Without a name' })),
  ]
  return (
    <Select
      aria-label={name}
      className="w-[calc(50%-0.25rem)] min-w-0 sm:w-44"
      choices={choices}
      value={idOf(value)}
      onChange={(id) => onChoose(id === ALL ? null : id.slice(1))}
    />
  )
}
