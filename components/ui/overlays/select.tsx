'use client'

import { ChevronDown } from 'lucide-react'
import { useId } from 'react'
import { Button } from 'react-aria-components/Button'
import { part } from '#components/ui/part.ts'
import { classNames } from '../class-names.ts'
import { FIELD_CLASS } from '../field.tsx'
import { usePopup } from './use-popup.ts'

const loadPanel = part(() => import('./select-panel.tsx'))

export interface Choice {
  id: string
  label: string
  hint?: string
}

export interface SelectProps {
  /** The name for screen readers; a visible label can be given by `aria-labelledby` instead. */
  'aria-label'?: string
  'aria-labelledby'?: string
  'aria-describedby'?: string
  id?: string
  choices: readonly Choice[]
  value: string | null
  onChange: (id: string) => void
  placeholder?: string
  isInvalid?: boolean
  className?: string
}

/** One of several named choices. */
export function Select({
  choices,
  value,
  onChange,
  className,
  placeholder,
  id,
  isInvalid = false,
  'aria-label': label,
  'aria-labelledby': labelledBy,
  'aria-describedby': describedBy,
}: SelectProps) {
  const own = useId()
  const buttonId = id ?? own
  const valueId = `${buttonId}-chosen`
  const name = labelledBy ?? buttonId
  const { button, popup, panel } = usePopup('listbox', loadPanel)
  const index = choices.findIndex((choice) => choice.id === value)
  const chosen = choices[index]
  return (
    <div className={className}>
      <Button
        {...button}
        id={buttonId}
        {...(label === undefined ? {} : { 'aria-label': label })}
        aria-labelledby={`${valueId} ${name}`}
        {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
        data-invalid={isInvalid || undefined}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
          if (step === undefined) return button.onKeyDown?.(event)
          event.preventDefault()
          const next = choices[Math.max(0, index + step)]
          if (next && next !== chosen) onChange(next.id)
        }}
        className={classNames(FIELD_CLASS, 'flex h-9 items-center justify-between gap-2 text-left')}
      >
        <span id={valueId} className={classNames('truncate', !chosen && 'text-ink-faint')}>
          {chosen?.label ?? placeholder ?? 'Select an item'}
        </span>
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
      </Button>
      {panel && (
        <panel.SelectPanel
          popup={popup}
          name={labelledBy === undefined ? { 'aria-label': label ?? '' } : { 'aria-labelledby': labelledBy }}
          choices={choices}
          value={value}
          onChange={onChange}
        />
      )}
    </div>
  )
}
