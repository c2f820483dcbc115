'use client'

import { PALETTE } from './palette.ts'

/** Colours to choose from, by name; one that is not among them is kept as the category's own. */
export function ColorField({
  name,
  value,
  own,
  onChange,
}: {
  name: string
  value: string
  own: string | undefined
  onChange: (color: string) => void
}) {
  const isListed = own === undefined || PALETTE.some(({ color }) => color === own)
  const choices = isListed ? PALETTE : [...PALETTE, { name: 'As it is', color: own }]
  const chosen = choices.find(({ color }) => color === value)
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">
        Color <span className="ml-1 font-normal text-ink-faint text-xs">{chosen?.name}</span>
      </legend>
      <div className="-ml-1 grid grid-cols-[repeat(6,2.25rem)] gap-1">
        {choices.map((choice) => (
          <label
            key={choice.color}
            title={choice.name}
            className="relative grid size-8 place-items-center rounded-md hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-(--focus)"
          >
            <input
              type="radio"
              name={name}
              value={choice.color}
              checked={choice.color === value}
              onChange={() => onChange(choice.color)}
              className="peer absolute inset-0 cursor-pointer opacity-0"
            />
            <span className="sr-only">{choice.name}</span>
            <span
              aria-hidden="true"
              className="size-5 rounded-full border-2 border-surface ring-2 ring-transparent peer-checked:ring-ink"
              style={{ backgroundColor: choice.color }}
            />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
