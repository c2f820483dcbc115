'use client'

import { X } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { type Choice, Select } from '#components/ui/overlays/select.tsx'
import { NO_CLIENT_NAME, SURFACE_NAMES } from '../names.ts'
import { type ChangeUsage, NARROWING, type Offers, SURFACES, type UsageState } from '../usage-state.ts'

/** Ids of choices: `all` stands apart from every name, which begin with an equals sign. */
const ALL = 'all'
const idOf = (name: string | number | null) => (name === null ? ALL : `=${name}`)

interface FilterBarProps {
  state: UsageState
  offers: Offers
  onChange: ChangeUsage
  /** The prompt whose own page this is: it cannot be chosen there. */
  page: string | undefined
}

/** The filters: one prompt, version, surface or client, or all. */
export function FilterBar({ state, offers, onChange, page }: FilterBarProps) {
  const { prompt, version, surface, client } = state
  const isNarrowed = NARROWING.some((key) => state[key] !== null)
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-2">
      <legend className="sr-only">Filters</legend>
      {page === undefined && (
        <OneOf
          label="Prompt"
          all="All prompts"
          names={offers.prompts}
          value={prompt}
          onChoose={(chosen) => onChange({ prompt: chosen, version: null })}
        />
      )}
      {(page !== undefined || prompt !== null) && (
        <OneOf
          label="Version"
          all="All versions"
          names={offers.versions.map(String)}
          value={version === null ? null : String(version)}
          nameOf={(number) => `v${number}`}
          onChoose={(chosen) => onChange({ version: chosen === null ? null : Number(chosen) })}
        />
      )}
      <OneOf
        label="Surface"
        all="All surfaces"
        names={SURFACES}
        value={surface}
        nameOf={(name) => SURFACE_NAMES[name] ?? name}
        onChoose={(chosen) => onChange({ surface: SURFACES.find((each) => each === chosen) ?? null })}
      />
      <OneOf
        label="Client"
        all="All clients"
        names={offers.clients.map((name) => name ?? '')}
        value={client}
        nameOf={(name) => name || NO_CLIENT_NAME}
        onChoose={(chosen) => onChange({ client: chosen })}
      />
      {isNarrowed && (
        <Button
          look="quiet"
          onPress={() => onChange({ prompt: null, version: null, surface: null, client: null })}
        >
          <X aria-hidden="true" />
          Clear
        </Button>
      )}
    </fieldset>
  )
}

/** A name that was chosen stays a choice even if nothing of it was used in this span. */
function OneOf({
  label,
  all,
  names,
  value,
  nameOf = (name) => name,
  onChoose,
}: {
  label: string
  all: string
  names: readonly string[]
  value: string | null
  nameOf?: (name: string) => string
  onChoose: (name: string | null) => void
}) {
  const offered = value === null || names.includes(value) ? names : [value, ...names]
  const choices: Choice[] = [
    { id: ALL, label: all },
    ...offered.map((name) => ({ id: idOf(name), label: nameOf(name) })),
  ]
  return (
    <Select
      aria-label={label}
      className="w-[calc(50%-0.25rem)] min-w-0 sm:w-40"
      choices={choices}
      value={idOf(value)}
      onChange={(id) => onChoose(id === ALL ? null : id.slice(1))}
    />
  )
}
