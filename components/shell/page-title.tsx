import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'

/**
 * The heading of a page, opened by a red initial.
 * @param props.action the main action of the page, at the right
 * @param props.isShort leaves the room to a long list below
 */
export function PageTitle({
  children,
  action,
  isShort = false,
}: {
  children: ReactNode
  action?: ReactNode
  isShort?: boolean
}) {
  const room = isShort ? 'pt-6 pb-4' : 'pt-10 pb-8'
  const look = classNames(
    'rubricated min-w-0 font-serif leading-none tracking-tight',
    isShort ? 'text-4xl' : 'text-5xl',
  )
  if (action === undefined) return <h1 className={classNames(look, room)}>{children}</h1>
  return (
    <div className={classNames('flex flex-wrap items-center justify-between gap-x-4 gap-y-3', room)}>
      <h1 className={look}>{children}</h1>
      {action}
    </div>
  )
}
