import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'

/** A part of the page under a heading of its own. */
export function Part({
  id,
  title,
  hint,
  children,
}: {
  id: string
  title: string
  hint?: string
  children: ReactNode
}) {
  return (
    <div className="mt-10">
      <h3 id={id} className="font-medium">
        {title}
      </h3>
      {hint !== undefined && <p className="mt-0.5 max-w-prose text-ink-faint text-xs">{hint}</p>}
      <div className="mt-2">{children}</div>
    </div>
  )
}

/** Facts by name, one under the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-line border-line border-y text-sm">{children}</dl>
}

/** One fact; what is not fine has a mark and says so in words. */
export function Fact({
  name,
  isFine,
  children,
}: {
  name: string
  isFine?: boolean | undefined
  children: ReactNode
}) {
  return (
    <div className="grid gap-x-6 py-2.5 sm:grid-cols-[12rem_minmax(0,1fr)]">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="flex min-w-0 items-baseline gap-2 tabular-nums [overflow-wrap:anywhere]">
        {isFine !== undefined && (
          <span
            aria-hidden="true"
            className={classNames('size-2 shrink-0 rounded-full', isFine ? 'bg-moss' : 'bg-rubric')}
          />
        )}
        <span className="min-w-0">{children}</span>
      </dd>
    </div>
  )
}

/** A table that scrolls by itself where the screen is narrow. */
export function FactTable({
  name,
  columns,
  isEven = false,
  children,
}: {
  name: string
  columns: readonly string[]
  /** All columns have one width, whatever is in them. */
  isEven?: boolean
  children: ReactNode
}) {
  return (
    <ScrollRegion name={name} className="overflow-x-auto border-line border-y">
      <table
        className={classNames(
          'w-full text-left text-sm tabular-nums [&_td]:py-2 [&_td]:pr-6 [&_th]:py-2 [&_th]:pr-6',
          isEven && 'min-w-[44rem] table-fixed',
        )}
      >
        <thead>
          <tr className="border-line border-b text-ink-faint text-xs">
            {columns.map((column) => (
              <th key={column} scope="col" className="whitespace-nowrap font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </ScrollRegion>
  )
}

/** What stands where there is nothing to show. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className="border-line border-y py-3 text-ink-soft text-sm">{children}</p>
}
