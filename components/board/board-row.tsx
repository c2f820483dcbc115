'use client'

import type { ReactNode } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { Switch } from '#components/ui/switch.tsx'

interface BoardRowProps<Asked extends string> {
  /** What it is: `data-webhook` and the like have its name. */
  kind: string
  name: string
  isOn: boolean
  /** Beside the name. */
  badges?: ReactNode
  /** What there is to know of it. */
  children: ReactNode
  /** What can be done with it besides, between the switch and what every entry has. */
  buttons?: ReactNode
  onSwitch: (isOn: boolean) => void
  /** What asks first, in the order of the buttons. */
  asks: readonly Asked[]
  onAsk: (asked: Asked) => void
}

/** What every board asks before it does it: its button, and how it is called with the name of the entry. */
const QUESTIONS = {
  edit: { label: 'Change', of: (name: string) => `Change ${name}` },
  rotate: { label: 'New secret', of: (name: string) => `New secret for ${name}` },
  delete: { label: 'Delete', of: (name: string) => `Delete ${name}` },
} as const

/** An entry of a board: its name, what there is to know of it, and what can be done with it. */
export function BoardRow<Asked extends keyof typeof QUESTIONS>(props: BoardRowProps<Asked>) {
  const { kind, name, isOn, badges, children, buttons, onSwitch, asks, onAsk } = props
  return (
    <div
      {...{ [`data-${kind}`]: name }}
      className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          {!isOn && <Badge>off</Badge>}
          {badges}
        </h3>
        {children}
      </div>
      <div className="flex flex-wrap items-center gap-2 sm:max-w-xs sm:justify-end xl:max-w-none">
        <Switch isOn={isOn} aria-label={`${name} is on`} onChange={onSwitch} />
        {buttons}
        {asks.map((asked) => (
          <Button key={asked} aria-label={QUESTIONS[asked].of(name)} onPress={() => onAsk(asked)}>
            {QUESTIONS[asked].label}
          </Button>
        ))}
      </div>
    </div>
  )
}
