import { classNames } from './class-names.ts'

/** A placeholder; give it the size of its future content. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={classNames('pulse-quietly rounded bg-hover', className)} />
}
