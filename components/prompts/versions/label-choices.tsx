'use client'

import { useReasonAgainst } from '#components/access/person.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { LabelState } from '#lib/prompts/schema.ts'

/** Stands for a label that is typed; no label can look like it. */
export const NEW_LABEL = '*'

interface NewLabel {
  typed: string
  onType: (label: string) => void
  problem: string | undefined
}

/** The labels that a version can get: `production` first, those there are, or a new one. */
export function LabelChoices({
  states,
  version,
  chosen,
  onChoose,
  typed,
  onType,
  problem,
}: NewLabel & {
  states: readonly Pick<LabelState, 'label' | 'version'>[]
  version: number
  chosen: string | undefined
  onChoose: (label: string) => void
}) {
  const release = useReasonAgainst('prompts:release')
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
          <span className="ml-auto text-right text-ink-faint text-xs">
            {stateText(state.version, version)}
            {state.label === PRODUCTION && release && <span className="block">Protected. {release}</span>}
          </span>
        </Choice>
      ))}
      <Choice value={NEW_LABEL} isChosen={chosen === NEW_LABEL} onChoose={onChoose}>
        Another label
      </Choice>
      {chosen === NEW_LABEL && <NewLabelField typed={typed} onType={onType} problem={problem} />}
    </fieldset>
  )
}

function stateText(named: number | undefined, version: number): string {
  if (named === undefined) return 'not set'
  return named === version ? 'names this version' : `names version ${named}`
}

function NewLabelField({ typed, onType, problem }: NewLabel) {
  return (
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
