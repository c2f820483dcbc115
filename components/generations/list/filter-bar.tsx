'use client'

import { PromptChooser } from '#components/prompts/prompt-chooser.tsx'
import { OneOf } from '#components/ui/overlays/one-of.tsx'
import { SearchField } from '#components/ui/search-field.tsx'
import { RangePicker } from '#components/usage/bar/range-picker.tsx'
import { GENERATION_STATUSES } from '#lib/generations/status.ts'
import type { ChangeFilters, GenerationFilters, ListQuery } from '../filters.ts'
import { STATUS_NAMES } from '../status-mark.tsx'
import { MoreFilters } from './more-filters.tsx'

/** The days that are offered to be changed. */
const WEEK_MS = 6 * 86_400_000

interface Props {
  filters: GenerationFilters
  /** What the filters leave, as the list asks for it. */
  query: ListQuery
  onChange: ChangeFilters
  onSearch: (q: string) => void
  /** Names of the configurations on offer. */
  configurations: readonly string[]
  /** The prompt whose own page this is: it cannot be chosen there. */
  page: string | undefined
  /** Of the reader. */
  zone: string
  /** When the page was read, in milliseconds. */
  now: number
}

/** The filters of the list: text, prompt, status, configuration, days, and more in a panel. */
export function FilterBar(props: Props) {
  const { filters, query, onChange, onSearch, page, zone, now } = props
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-2">
      <legend className="sr-only">Filters</legend>
      <div className="w-full sm:w-56 [&_input]:h-9">
        <SearchField
          label="Search the generations"
          placeholder="Answer, error, names"
          value={filters.q ?? ''}
          onChange={onSearch}
        />
      </div>
      {page === undefined && (
        <PromptChooser
          label="Prompt"
          value={filters.prompt}
          none="All prompts"
          onChoose={(name) => onChange({ prompt: name, version: null })}
          className="w-full sm:w-44"
        />
      )}
      <StatusAndConfiguration {...props} />
      <RangePicker
        state={filters}
        usual={null}
        zone={zone}
        shown={{ from: new Date(now - WEEK_MS).toISOString(), to: new Date(now).toISOString() }}
        onChange={onChange}
      />
      <MoreFilters filters={filters} query={query} onChange={onChange} />
    </fieldset>
  )
}

function StatusAndConfiguration({ filters, onChange, configurations }: Props) {
  const { status, configuration } = filters
  return (
    <>
      <OneOf
        label="Status"
        all="Any status"
        choices={GENERATION_STATUSES.map((id) => ({ id, label: STATUS_NAMES[id] }))}
        value={status}
        onChoose={(id) => onChange({ status: GENERATION_STATUSES.find((each) => each === id) ?? null })}
      />
      <OneOf
        label="Configuration"
        all="All configurations"
        choices={configurations}
        value={configuration}
        onChoose={(id) => onChange({ configuration: id })}
      />
    </>
  )
}
