'use client'

import type { ReactElement } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip'

/** A short explanation of a button, on hover and on focus. */
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      {children}
      <AriaTooltip
        offset={6}
        className="max-w-64 rounded-md bg-fill px-2 py-1 text-on-fill text-xs shadow-float"
      >
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  )
}
