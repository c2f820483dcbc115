import { classNames } from './class-names.ts'

/** A place that is about to be filled; give it the size of what comes. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={classNames('pulse-quietly rounded bg-hover', className)} />
}
