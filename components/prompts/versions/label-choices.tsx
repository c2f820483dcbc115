'use client'

import { Badge } from '#components/ui/badge.tsx'
import { Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { LabelState } from '#lib/prompts/schema.ts'

/** Stands for a label that is typed; no label can look like it. */
export const NEW_LABEL = '*'

/** The labels that a version can get: `production` first, those there are, or a new one. */
export function LabelChoices({
  states,
  version,
  chosen,
  onChoose,
  typed,
  onType,
  problem,
}: {
  states: readonly Pick<LabelState, 'label' | 'version'>[]
  version: number
  chosen: string | undefined
  onChoose: (label: string) => void
  typed: string
  onType: (label: string) => void
  problem: string | undefined
}) {
  const others = states.filter(({ label }) => label !== PRODUCTION)
  const production = states.find(({ label }) => label === PRODUCTION)
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="sr-only">Label</legend>
      {[{ label: PRODUCTION, version: production?.version }, ...others].map((state) => (
        <Choice
          key={state.label}
          value={state.label}
          isChosen={chosen === state.label}
          isDisabled={state.version === version}
          onChoose={onChoose}
        >
          <Badge tone={state.label === PRODUCTION ? 'rubric' : 'lapis'}>{state.label}</Badge>
          <span className="ml-auto text-ink-faint text-xs">
            {state.version === undefined
              ? 'not set'
              : state.version === version
                ? 'names this version'
                : `names version ${state.version}`}
          </span>
        </Choice>
      ))}
      <Choice value={NEW_LABEL} isChosen={chosen === NEW_LABEL} onChoose={onChoose}>
        Another label
      </Choice>
      {chosen === NEW_LABEL && (
        <div className="mt-2 ml-7">
          <Field id="new-label" label="Name of the label" error={problem}>
            <TextInput
              id="new-label"
              value={typed}
              onChange={(event) => onType(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              placeholder="staging"
              aria-invalid={problem !== undefined}
              aria-describedby={problem === undefined ? undefined : 'new-label-error'}
            />
          </Field>
        </div>
      )}
    </fieldset>
  )
}

function Choice({
  value,
  isChosen,
  isDisabled = false,
  onChoose,
  children,
}: {
  value: string
  isChosen: boolean
  isDisabled?: boolean
  onChoose: (label: string) => void
  children: React.ReactNode
}) {
  return (
    <label className="flex min-h-9 items-center gap-3 rounded-md px-2 text-sm has-disabled:opacity-70 hover:bg-hover">
      <input
        type="radio"
        name="label"
        value={value}
        checked={isChosen}
        disabled={isDisabled}
        onChange={() => onChoose(value)}
        className="size-4 accent-(--fill)"
      />
      {children}
    </label>
  )
}
