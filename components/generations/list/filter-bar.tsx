'use client'

import { PromptChooser } from '#components/prompts/prompt-chooser.tsx'
import { ListSpan } from '#components/spans/list-span.tsx'
import { OneOf } from '#components/ui/overlays/one-of.tsx'
import { SearchField } from '#components/ui/search-field.tsx'
import { GENERATION_STATUSES } from '#lib/generations/status.ts'
import type { ChangeFilters, GenerationFilters, ListQuery } from '../filters.ts'
import { STATUS_NAMES } from '../status-mark.tsx'
import { MoreFilters } from './more-filters.tsx'

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
  /** The reader's own time zone. */
  own: string
  /** When the page was read, in milliseconds. */
  now: number
}

/** The filters of the list: text, prompt, status, configuration, span, and more in a panel. */
export function FilterBar(props: Props) {
  const { filters, query, onChange, onSearch, page, own, now } = props
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
      <ListSpan state={filters} own={own} firstNow={now} onChange={onChange} />
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
