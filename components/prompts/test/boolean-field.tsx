'use client'

import { classNames } from '#components/ui/class-names.ts'

const NOT_GIVEN = { value: '', label: 'not given' }
const GIVEN = ['true', 'false'].map((value) => ({ value, label: value }))

/** True, false or, where it may be left out, not given: all in sight. */
export function BooleanField({
  id,
  value,
  isRequired,
  isInvalid,
  describedBy,
  onChange,
}: {
  /** Its label is `${id}-label`. */
  id: string
  value: string
  isRequired: boolean
  isInvalid: boolean
  describedBy: string | undefined
  onChange: (value: string) => void
}) {
  const states = isRequired ? GIVEN : [NOT_GIVEN, ...GIVEN]
  return (
    <div
      id={id}
      role="radiogroup"
      tabIndex={-1}
      aria-labelledby={`${id}-label`}
      aria-describedby={describedBy}
      aria-invalid={isInvalid || undefined}
      // A jump to the field by its id focuses the state that it has.
      onFocus={({ target, currentTarget }) => {
        if (target !== currentTarget) return
        const state = currentTarget.querySelector<HTMLElement>('input:checked')
        ;(state ?? currentTarget.querySelector<HTMLElement>('input'))?.focus()
      }}
      className="inline-flex max-w-full scroll-mt-16 scroll-mb-6 self-start rounded-md border border-line-strong bg-surface p-0.5 aria-invalid:border-rubric"
    >
      {states.map((state) => (
        <label
          key={state.value}
          className={classNames(
            'relative flex h-7 cursor-pointer items-center rounded px-2.5 text-ink-soft text-sm hover:text-ink sm:px-3',
            'has-checked:bg-fill has-checked:font-medium has-checked:text-on-fill',
            'has-focus-visible:outline-2 has-focus-visible:outline-(--focus) has-focus-visible:outline-offset-2',
          )}
        >
          <input
            type="radio"
            name={id}
            value={state.value}
            checked={value === state.value}
            onChange={() => onChange(state.value)}
            className="absolute inset-0 cursor-pointer appearance-none outline-none"
          />
          {state.label}
        </label>
      ))}
    </div>
  )
}
