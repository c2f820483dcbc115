'use client'

import { ChevronDown } from 'lucide-react'
import { useId } from 'react'
import { Button } from 'react-aria-components/Button'
import { classNames } from '#components/ui/class-names.ts'
import { FIELD_CLASS } from '#components/ui/field.tsx'
import { usePopup } from '#components/ui/overlays/use-popup.ts'
import { part } from '#components/ui/part.ts'

const loadPanel = part(() => import('./prompt-chooser-panel.tsx'))

/** One of the prompts, found by typing. */
export function PromptChooser({
  label,
  value,
  none,
  onChoose,
  className,
}: {
  /** What is chosen, for readers. */
  label: string
  /** Name of the prompt that is chosen. */
  value: string | null
  /** What it says while none is chosen; with it, going back to none can be chosen. */
  none?: string
  onChoose: (name: string | null) => void
  className?: string
}) {
  const id = useId()
  const { button, popup, panel } = usePopup('dialog', loadPanel)
  return (
    <div className={className}>
      <Button
        {...button}
        id={id}
        aria-label={label}
        aria-labelledby={`${id}-value ${id}`}
        className={classNames(FIELD_CLASS, 'flex h-9 items-center justify-between gap-2 text-left')}
      >
        <span
          id={`${id}-value`}
          className={classNames('truncate', value === null ? 'text-ink' : 'font-mono text-[0.8125rem]')}
        >
          {value ?? none ?? 'Choose a prompt'}
        </span>
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
      </Button>
      {panel && <panel.PromptChooserPanel popup={popup} value={value} none={none} onChoose={onChoose} />}
    </div>
  )
}
