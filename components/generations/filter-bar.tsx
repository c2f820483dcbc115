'use client'

import { X } from 'lucide-react'
import { PromptChooser } from '#components/prompts/prompt-chooser.tsx'
import { Button } from '#components/ui/button.tsx'
import { type Choice, Select } from '#components/ui/select.tsx'
import { type ChangeFilters, type GenerationFilters, isNarrowed, NO_FILTERS } from './filters.ts'
import { STATUS_NAMES, STATUSES } from './status.ts'

/** Stands apart from every name, which begins with an equals sign. */
const ALL = 'all'

/** What the list is narrowed to: a status, a prompt, a configuration, a batch. */
export function FilterBar({
  filters,
  onChange,
  configurations,
  page,
}: {
  filters: GenerationFilters
  onChange: ChangeFilters
  /** Names of configurations that can be chosen. */
  configurations: readonly string[]
  /** The prompt whose own page this is: it cannot be chosen there. */
  page: string | undefined
}) {
  const { status, prompt, configuration, batch } = filters
  const offered =
    configuration === null || configurations.includes(configuration)
      ? configurations
      : [configuration, ...configurations]
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-2">
      <legend className="sr-only">Filters</legend>
      {page === undefined && (
        <PromptChooser
          label="Prompt"
          value={prompt}
          none="All prompts"
          onChoose={(name) => onChange({ prompt: name })}
          className="w-full sm:w-56"
        />
      )}
      <OneOf
        label="Status"
        all="Any status"
        choices={STATUSES.map((id) => ({ id, label: STATUS_NAMES[id] }))}
        value={status}
        onChoose={(id) => onChange({ status: STATUSES.find((each) => each === id) ?? null })}
      />
      <OneOf
        label="Configuration"
        all="All configurations"
        choices={offered.map((id) => ({ id, label: id }))}
        value={configuration}
        onChoose={(id) => onChange({ configuration: id })}
      />
      {batch !== null && (
        <Button
          look="outline"
          aria-label="Show more than this batch"
          onPress={() => onChange({ batch: null })}
        >
          One batch
          <X aria-hidden="true" />
        </Button>
      )}
      {isNarrowed(filters) && (
        <Button look="quiet" onPress={() => onChange(NO_FILTERS)}>
          <X aria-hidden="true" />
          Clear
        </Button>
      )}
    </fieldset>
  )
}

function OneOf({
  label,
  all,
  choices,
  value,
  onChoose,
}: {
  label: string
  all: string
  choices: readonly Choice[]
  value: string | null
  onChoose: (id: string | null) => void
}) {
  return (
    <Select
      aria-label={label}
      className="w-[calc(50%-0.25rem)] min-w-0 sm:w-44"
      choices={[{ id: ALL, label: all }, ...choices.map((choice) => ({ ...choice, id: `=${choice.id}` }))]}
      value={value === null ? ALL : `=${value}`}
      onChange={(id) => onChoose(id === ALL ? null : id.slice(1))}
    />
  )
}
