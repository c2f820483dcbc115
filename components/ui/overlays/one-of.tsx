'use client'

import { type Choice, Select } from './select.tsx'

/** Ids of choices: `all` stands apart from every value, which begin with an equals sign. */
const ALL = 'all'
const idOf = (value: string | null) => (value === null ? ALL : `=${value}`)

/** A filter: one of some values, or all of them. What was chosen stays a choice when nothing of it is left. */
export function OneOf({
  label,
  all,
  choices,
  nameOf = (id) => id,
  value,
  width = 'sm:w-40',
  onChoose,
}: {
  label: string
  /** What it says when nothing is chosen. */
  all: string
  /** Values, or choices with a name of their own. */
  choices: readonly (string | Choice)[]
  /** The name of a value that comes without one. */
  nameOf?: (value: string) => string
  value: string | null
  width?: string
  onChoose: (value: string | null) => void
}) {
  const named = choices.map((each) => (typeof each === 'string' ? { id: each, label: nameOf(each) } : each))
  const isKnown = value === null || named.some(({ id }) => id === value)
  const offered = isKnown ? named : [{ id: value, label: nameOf(value) }, ...named]
  return (
    <Select
      aria-label={label}
      className={`w-[calc(50%-0.25rem)] min-w-0 ${width}`}
      choices={[{ id: ALL, label: all }, ...offered.map((choice) => ({ ...choice, id: idOf(choice.id) }))]}
      value={idOf(value)}
      onChange={(id) => onChoose(id === ALL ? null : id.slice(1))}
    />
  )
}
