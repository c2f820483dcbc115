import { ArrowDown, ArrowUp } from 'lucide-react'
import { classNames } from '#components/ui/class-names.ts'
import type { UsualFigures } from '#lib/generations/schema.ts'
import { type ComparedFigure, compare } from './usual.ts'

/** A figure with the usual one of its configuration, and a mark where they are far from each other. */
export function BesideUsual({
  kind,
  value,
  usual,
  isStacked = false,
}: {
  kind: ComparedFigure
  value: number | null
  usual: UsualFigures | undefined
  /** The usual stands below, where there is little room beside it. */
  isStacked?: boolean
}) {
  const { figure, usual: middle, far, few } = compare(kind, value, usual)
  if (middle === undefined) return <>{figure}</>
  const Arrow = far?.side === 'above' ? ArrowUp : ArrowDown
  const title = `Median of the last ${few ?? usual?.count} answers${few === undefined ? '' : ': few to go by'}`
  return (
    <span
      className={classNames('inline-flex', isStacked ? 'flex-col items-end leading-4' : 'flex-wrap gap-x-2')}
    >
      <span
        className={classNames(
          'inline-flex items-center gap-0.5',
          far !== undefined && (far.isGood ? 'text-moss' : 'font-medium text-rubric'),
        )}
      >
        {far !== undefined && (
          <>
            <Arrow aria-hidden="true" className="size-3 shrink-0" />
            <span className="sr-only">far {far.side} the usual: </span>
          </>
        )}
        {figure}
      </span>{' '}
      <span title={title} className="whitespace-nowrap text-ink-faint text-xs">
        usual {middle}
        {few !== undefined && (isStacked ? <Few count={few} /> : ` of ${few}`)}
      </span>
    </span>
  )
}

/** So few answers the usual comes from, where there is little room to say so. */
function Few({ count }: { count: number }) {
  return (
    <>
      <span aria-hidden="true"> ({count})</span>
      <span className="sr-only"> of {count}</span>
    </>
  )
}
