'use client'

import { Fragment, type ReactNode, useSyncExternalStore } from 'react'
import { classNames } from './class-names.ts'

/** A key to press. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={classNames(
        'inline-flex h-5 min-w-5 items-center justify-center rounded border border-line bg-paper px-1 font-sans text-2xs text-ink-faint',
        className,
      )}
    >
      {children}
    </kbd>
  )
}

/** Keys to press: chords one after another, each of keys pressed together. */
export function Chords({
  chords,
  className,
}: {
  chords: readonly (readonly string[])[]
  className?: string
}) {
  return (
    <span className={`inline-flex shrink-0 items-center gap-1 ${className ?? ''}`}>
      {chords.map((chord, index) => (
        <Fragment key={chord.join('+')}>
          {index > 0 && <span className="text-2xs text-ink-faint">then</span>}
          {chord.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </Fragment>
      ))}
    </span>
  )
}

const never = () => () => undefined

/** Whether the keyboard has ⌘; the server, and the first render in the browser, say no. */
export function useIsMac(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  )
}
