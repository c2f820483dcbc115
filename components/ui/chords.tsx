import { Fragment } from 'react'
import { Kbd } from './kbd.tsx'

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
