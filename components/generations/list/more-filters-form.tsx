'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { FIELD_CLASS } from '#components/ui/field.tsx'
import { formatNumber } from '#components/ui/format.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import type { GenerationFacets } from '#lib/generations/schema.ts'
import { failureName } from '../answer/remedies.ts'
import type { GenerationFilters, ListQuery } from '../filters.ts'
import { facetsQuery } from '../queries.ts'

const KEYS = [
  'error',
  'version',
  'label',
  'model',
  'client',
  'category',
  'who',
  'latency_ms_min',
  'latency_ms_max',
  'cost_min',
  'cost_max',
] as const
type Chosen = Pick<GenerationFilters, (typeof KEYS)[number]>
const chosenOf = (filters: GenerationFilters): Chosen =>
  Object.fromEntries(KEYS.map((key) => [key, filters[key]])) as Chosen

type Facet = GenerationFacets['errors']

/** One value of each kind; those on offer are what the other filters leave, with their counts. */
export function MoreFiltersForm({
  filters,
  query,
  onApply,
}: {
  filters: GenerationFilters
  query: ListQuery
  onApply: (chosen: Chosen) => void
}) {
  const [chosen, setChosen] = useState(() => chosenOf(filters))
  const { data, error: failure } = useQuery(facetsQuery(query))
  const set = (change: Partial<Chosen>) => setChosen((before) => ({ ...before, ...change }))
  const fault = faultOf(chosen)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (fault === undefined) onApply(chosen)
  }
  return (
    <form onSubmit={apply} className="flex flex-col gap-3">
      <Choices chosen={chosen} set={set} facets={data} />
      <Bounds
        name="Latency in seconds"
        min={chosen.latency_ms_min}
        max={chosen.latency_ms_max}
        unit={1_000}
        onChange={(latency_ms_min, latency_ms_max) => set({ latency_ms_min, latency_ms_max })}
      />
      <Bounds
        name="Cost in dollars"
        min={chosen.cost_min}
        max={chosen.cost_max}
        unit={1}
        onChange={(cost_min, cost_max) => set({ cost_min, cost_max })}
      />
      <p role="alert" className={fault === undefined ? 'hidden' : 'text-rubric text-xs'}>
        {fault}
      </p>
      <p className="text-ink-faint text-xs">
        {failure !== null
          ? `What is on offer could not be read: ${failure.message}`
          : data !== undefined && `Counted over the newest ${formatNumber(data.looked_at)} of this list.`}
      </p>
      <Button type="submit" look="primary">
        Apply
      </Button>
    </form>
  )
}

/** The remedy of bounds that hold nothing. */
function faultOf({ latency_ms_min, latency_ms_max, cost_min, cost_max }: Chosen): string | undefined {
  const isTurned = (min: number | null, max: number | null) => min !== null && max !== null && min > max
  if (isTurned(latency_ms_min, latency_ms_max)) return 'The least latency is above the most: swap them.'
  if (isTurned(cost_min, cost_max)) return 'The least cost is above the most: swap them.'
  return undefined
}

interface ChoicesProps {
  chosen: Chosen
  set: (change: Partial<Chosen>) => void
  facets: GenerationFacets | undefined
}

const PLAIN_CHOICES = [
  { key: 'label', facet: 'labels', name: 'Label', any: 'Any or none' },
  { key: 'model', facet: 'models', name: 'Model', any: 'All models' },
  { key: 'client', facet: 'clients', name: 'Client', any: 'Any client' },
  { key: 'category', facet: 'categories', name: 'Category', any: 'Any or none' },
  { key: 'who', facet: 'authors', name: 'Who', any: 'Everybody' },
] as const

function Choices({ chosen, set, facets }: ChoicesProps) {
  const { error, version } = chosen
  return (
    <>
      <Choice
        name="Failure"
        any="Any"
        facet={facets?.errors}
        value={error}
        nameOf={failureName}
        onChoose={(value) => set({ error: value })}
      />
      {(version !== null || (facets?.versions.length ?? 0) > 0) && (
        <Choice
          name="Version"
          any="All versions"
          facet={facets?.versions}
          value={version === null ? null : String(version)}
          nameOf={(number) => `v${number}`}
          onChoose={(value) => set({ version: value === null ? null : Number(value) })}
        />
      )}
      {PLAIN_CHOICES.map(({ key, facet, ...words }) => (
        <Choice
          key={key}
          {...words}
          facet={facets?.[facet]}
          value={chosen[key]}
          onChoose={(value) => set({ [key]: value })}
        />
      ))}
    </>
  )
}

/** Stands apart from every value, which begins with an equals sign. */
const ANY = 'any'

function Choice({
  name,
  any,
  facet = [],
  value,
  nameOf,
  onChoose,
}: {
  name: string
  any: string
  facet: Facet | undefined
  value: string | null
  /** Where the name of the facet is not for people. */
  nameOf?: (value: string) => string
  onChoose: (value: string | null) => void
}) {
  const id = useId()
  const isKnown = value === null || facet.some((each) => each.value === value)
  const offered = isKnown ? facet : [{ value, name: value, count: 0 }, ...facet]
  return (
    <div className="grid grid-cols-[5rem_minmax(0,1fr)] items-center gap-2">
      <span id={id} className="text-sm">
        {name}
      </span>
      <Select
        aria-labelledby={id}
        choices={[
          { id: ANY, label: any },
          ...offered.map((each) => ({
            id: `=${each.value}`,
            label: (nameOf?.(each.value) ?? each.name) || 'none',
            hint: formatNumber(each.count),
          })),
        ]}
        value={value === null ? ANY : `=${value}`}
        onChange={(chosen) => onChoose(chosen === ANY ? null : chosen.slice(1))}
      />
    </div>
  )
}

function Bounds({
  name,
  min,
  max,
  unit,
  onChange,
}: {
  name: string
  min: number | null
  max: number | null
  /** So many of the filter's units are one of those that are typed. */
  unit: number
  onChange: (min: number | null, max: number | null) => void
}) {
  const read = (text: string) =>
    text === '' ? null : Math.max(0, unit === 1 ? Number(text) : Math.round(Number(text) * unit))
  const field = (label: string, value: number | null, change: (value: number | null) => void) => (
    <label className="flex min-w-0 flex-1 flex-col gap-1 text-ink-soft text-xs">
      {label}
      <input
        type="number"
        min={0}
        step="any"
        inputMode="decimal"
        defaultValue={value === null ? '' : value / unit}
        onChange={({ target }) => change(read(target.value))}
        className={`${FIELD_CLASS} h-9 min-w-0`}
      />
    </label>
  )
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm">{name}</legend>
      <div className="flex gap-3">
        {field('at least', min, (value) => onChange(value, max))}
        {field('at most', max, (value) => onChange(min, value))}
      </div>
    </fieldset>
  )
}
