'use client'

import { type ReactNode, type Ref, useId } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { type ButtonLook, buttonClass } from './button-class.ts'
import { classNames } from './class-names.ts'
import { showToast } from './toast.ts'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style'> {
  look?: ButtonLook | undefined
  square?: boolean
  className?: string
  /** Why it does nothing for this reader; a press says it. Left out: it does what it says. */
  reason?: string | undefined
  children: ReactNode
  ref?: Ref<HTMLButtonElement>
}

export function Button({ look, square, className, reason, ...props }: ButtonProps) {
  const shared = { ...props, className: classNames(buttonClass(look, square), className) }
  return reason === undefined ? <AriaButton {...shared} /> : <ExplainedButton {...shared} reason={reason} />
}

/** It can be reached and asked, unlike a disabled one. */
function ExplainedButton({
  reason,
  children,
  ...props
}: AriaButtonProps & { reason: string; children: ReactNode }) {
  const id = useId()
  return (
    <>
      <AriaButton
        {...props}
        type="button"
        aria-disabled
        aria-describedby={id}
        onPress={() => showToast({ key: 'reason', message: reason })}
      >
        <span title={reason} className="contents">
          {children}
        </span>
      </AriaButton>
      <span id={id} hidden>
        {reason}
      </span>
    </>
  )
}
