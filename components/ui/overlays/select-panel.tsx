'use client'

import { Check } from 'lucide-react'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { classNames, ITEM_CLASS, POPOVER_CLASS } from '../class-names.ts'
import type { Choice } from './select.tsx'
import type { PopupProps } from './use-popup.ts'

/** The options that React Aria's own Select gives its list: the chosen item can be chosen again. */
const AS_IN_SELECT = {
  allowDuplicateSelectionEvents: true,
  disallowEmptySelection: true,
  shouldSelectOnPressUp: true,
  shouldFocusOnHover: true,
}

/** A list of choices over the page, at the button that opened it. */
export function SelectPanel({
  popup,
  name,
  choices,
  value,
  onChange,
}: {
  popup: PopupProps
  name: { 'aria-label': string } | { 'aria-labelledby': string }
  choices: readonly Choice[]
  value: string | null
  onChange: (id: string) => void
}) {
  const { trigger, isOpen, firstFocus, onClose } = popup
  const focus = { autoFocus: firstFocus }
  return (
    <Popover
      {...name}
      trigger="Select"
      triggerRef={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      placement="bottom start"
      offset={4}
      data-beside=""
      className={classNames(POPOVER_CLASS, 'max-h-80 overflow-auto')}
    >
      <ListBox
        {...name}
        {...focus}
        {...AS_IN_SELECT}
        items={choices}
        selectionMode="single"
        selectedKeys={value === null ? [] : [value]}
        onSelectionChange={(keys) => {
          onClose()
          const [key] = keys
          if (key !== undefined && key !== value) onChange(String(key))
        }}
        className="outline-none"
      >
        {(choice) => (
          <ListBoxItem id={choice.id} textValue={choice.label} className={ITEM_CLASS}>
            {({ isSelected }) => <ChoiceText choice={choice} isChosen={isSelected} />}
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  )
}

function ChoiceText({ choice, isChosen }: { choice: Choice; isChosen: boolean }) {
  return (
    <>
      <span className="min-w-0 flex-1">
        <span className="block truncate">{choice.label}</span>
        {choice.hint && <span className="block text-ink-faint text-xs">{choice.hint}</span>}
      </span>
      <Check aria-hidden="true" className={isChosen ? '' : 'invisible'} />
    </>
  )
}
