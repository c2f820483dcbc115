'use client'

import { X } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { formatNumber } from '#components/ui/format.ts'
import type { GenerationSummary } from '#lib/generations/schema.ts'
import { failureName } from '../answer/remedies.ts'
import { type ChangeFilters, type GenerationFilters, isNarrowed, NO_FILTERS } from '../filters.ts'
import { formatCost, formatSpan } from '../format-generation.ts'

interface Chip {
  name: string
  /** The change of the filters that takes it away. */
  without: Partial<GenerationFilters>
}

/** The filters that have no field of their own in sight, each with the way to take it away, and the way back from all. */
export function FilterChips({
  filters,
  generations,
  page,
  onChange,
}: {
  filters: GenerationFilters
  /** Those in the list: they know the name of who asked. */
  generations: readonly GenerationSummary[]
  page: string | undefined
  onChange: ChangeFilters
}) {
  if (!isNarrowed(filters)) return null
  const author = generations.find(({ author: { id } }) => id === filters.who)?.author.display
  return (
    <ul aria-label="Filters that are set" className="mb-3 flex flex-wrap items-center gap-1.5 print:hidden">
      {chipsOf(filters, page, author).map(({ name, without }) => (
        <li key={name}>
          <Button
            look="outline"
            className="h-8 text-xs"
            aria-label={`Without: ${name}`}
            onPress={() => onChange(without)}
          >
            {name}
            <X aria-hidden="true" />
          </Button>
        </li>
      ))}
      <li>
        <Button look="quiet" className="h-8" onPress={() => onChange(NO_FILTERS)}>
          <X aria-hidden="true" />
          Clear
        </Button>
      </li>
    </ul>
  )
}

function chipsOf(filters: GenerationFilters, page: string | undefined, author: string | undefined): Chip[] {
  const { error, version, label, model, who, batch, client, category, prompt } = filters
  const { latency_ms_min, latency_ms_max, cost_min, cost_max } = filters
  const latency = boundsName('Latency', formatSpan, latency_ms_min, latency_ms_max)
  const cost = boundsName('Cost', formatCost, cost_min, cost_max)
  return [
    ...(error === null ? [] : [{ name: failureName(error), without: { error: null } }]),
    ...(version === null || (page ?? prompt) === null
      ? []
      : [{ name: `Version ${formatNumber(version)}`, without: { version: null } }]),
    ...(label === null ? [] : [{ name: `Label ${label}`, without: { label: null } }]),
    ...(model === null ? [] : [{ name: `Model ${model}`, without: { model: null } }]),
    ...(who === null ? [] : [{ name: `By ${author ?? 'one person'}`, without: { who: null } }]),
    ...(latency === undefined
      ? []
      : [{ name: latency, without: { latency_ms_min: null, latency_ms_max: null } }]),
    ...(cost === undefined ? [] : [{ name: cost, without: { cost_min: null, cost_max: null } }]),
    ...(client === null
      ? []
      : [{ name: client === '' ? 'Client without a name' : `Client ${client}`, without: { client: null } }]),
    ...(category === null
      ? []
      : [{ name: category === '' ? 'No category' : `Category ${category}`, without: { category: null } }]),
    ...(batch === null ? [] : [{ name: 'One batch', without: { batch: null } }]),
  ]
}

function boundsName(
  name: string,
  format: (value: number) => string,
  min: number | null,
  max: number | null,
): string | undefined {
  if (min !== null && max !== null) return `${name} ${format(min)} to ${format(max)}`
  if (min !== null) return `${name} at least ${format(min)}`
  if (max !== null) return `${name} at most ${format(max)}`
  return undefined
}
