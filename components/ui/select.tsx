'use client'

import { Check, ChevronDown } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { classNames } from './class-names.ts'
import { FIELD_CLASS } from './field.tsx'
import { ITEM_CLASS, POPOVER_CLASS } from './menu.tsx'

export interface Choice {
  id: string
  label: string
  hint?: string
}

export interface SelectProps {
  /** What is chosen, for readers; a visible label can be given by `aria-labelledby` instead. */
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
export function Select({ choices, value, onChange, className, placeholder, id, ...aria }: SelectProps) {
  return (
    <AriaSelect
      {...aria}
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(String(key))
      }}
      placeholder={placeholder}
      className={className}
    >
      <Button
        id={id}
        className={classNames(FIELD_CLASS, 'flex h-9 items-center justify-between gap-2 text-left')}
      >
        <SelectValue className="truncate data-placeholder:text-ink-faint">
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
      </Button>
      <Popover offset={4} className={classNames(POPOVER_CLASS, 'max-h-80 overflow-auto')}>
        <ListBox items={choices} className="outline-none">
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className={ITEM_CLASS}>
              {({ isSelected }) => (
                <>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{choice.label}</span>
                    {choice.hint && <span className="block text-ink-faint text-xs">{choice.hint}</span>}
                  </span>
                  <Check aria-hidden="true" className={isSelected ? '' : 'invisible'} />
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
