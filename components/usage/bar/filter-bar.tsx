'use client'

import { X } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { OneOf } from '#components/ui/overlays/one-of.tsx'
import { NO_CLIENT_NAME, SURFACE_NAMES } from '../names.ts'
import { type ChangeUsage, NARROWING, type Offers, SURFACES, type UsageState } from '../usage-state.ts'

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
          choices={offers.prompts}
          value={prompt}
          onChoose={(chosen) => onChange({ prompt: chosen, version: null })}
        />
      )}
      {(page !== undefined || prompt !== null) && (
        <OneOf
          label="Version"
          all="All versions"
          choices={offers.versions.map(String)}
          value={version === null ? null : String(version)}
          nameOf={(number) => `v${number}`}
          onChoose={(chosen) => onChange({ version: chosen === null ? null : Number(chosen) })}
        />
      )}
      <OneOf
        label="Surface"
        all="All surfaces"
        choices={SURFACES}
        value={surface}
        nameOf={(name) => SURFACE_NAMES[name] ?? name}
        onChoose={(chosen) => onChange({ surface: SURFACES.find((each) => each === chosen) ?? null })}
      />
      <OneOf
        label="Client"
        all="All clients"
        choices={offers.clients.map((name) => name ?? '')}
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
