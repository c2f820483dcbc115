'use client'

import { ArrowDown, ArrowUp } from 'lucide-react'
import Link from 'next/link'
import { useMemo } from 'react'
import { Rows } from '#components/rows/rows.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import type { GenerationSummary } from '#lib/generations/schema.ts'
import type { GenerationSort } from '#lib/generations/status.ts'
import type { Usual } from '../usual.ts'
import { type GenerationColumn, PromptCell } from './columns.tsx'

interface Props {
  generations: readonly GenerationSummary[]
  columns: readonly GenerationColumn[]
  sort: GenerationSort
  onSort: (sort: GenerationSort) => void
  /** How many rows there are, as far as that is known; -1 while it goes on. */
  total: number
  now: number
  usual: Usual
}

const FIRST = 'minmax(12rem,3.5fr)'
const GRID =
  'grid grid-cols-[var(--narrow)] items-center gap-x-4 px-3 md:grid-cols-[var(--wide)] text-sm tabular-nums'

const ROW = `${GRID} group relative h-9 hover:bg-sunken`

/** Generations, a line each, under headings that sort. */
export function GenerationTable({ generations, columns, sort, onSort, total, now, usual }: Props) {
  const ids = useMemo(() => generations.map(({ id }) => id), [generations])
  const tracks = {
    '--least': `${leastWidth(columns)}rem`,
    '--wide': [FIRST, ...columns.map(({ width }) => width)].join(' '),
    '--narrow': ['minmax(0,1fr)', ...columns.filter(({ isOnPhone }) => isOnPhone).map(() => 'auto')].join(
      ' ',
    ),
  } as React.CSSProperties
  if (generations.length === 0) return null
  return (
    <div className="-mx-3 overflow-x-auto">
      <table
        aria-label="Generations"
        aria-rowcount={total}
        style={tracks}
        className="block md:min-w-(--least)"
      >
        <thead className="block border-line-strong border-b">
          <tr className={classNames(GRID, 'h-8 text-ink-faint text-xs')}>
            <th scope="col" className="text-left font-medium">
              Prompt
            </th>
            {columns.map((column) => (
              <Heading key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <Rows
          tableRow={ROW}
          ids={ids}
          total={total}
          renderRow={(index) => {
            const generation = generations[index]
            return generation && <Line generation={generation} columns={columns} now={now} usual={usual} />
          }}
        />
      </table>
    </div>
  )
}

/** The room that the columns need at least, in rem, with what is between them and beside them. */
function leastWidth(columns: readonly GenerationColumn[]): number {
  const widths = [FIRST, ...columns.map(({ width }) => width)]
  return widths.reduce((sum, width) => sum + Number(/[\d.]+(?=rem)/.exec(width)?.[0] ?? 0) + 1, 0.5)
}

function Heading({ column, sort, onSort }: { column: GenerationColumn } & Pick<Props, 'sort' | 'onSort'>) {
  const { name, sort: key, isNumber, isOnPhone } = column
  const isDown = sort === `-${key}`
  const isSorted = isDown || sort === key
  const Arrow = isSorted && !isDown ? ArrowUp : ArrowDown
  return (
    <th
      scope="col"
      aria-sort={key === undefined ? undefined : isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}
      className={classNames(
        'min-w-0 font-medium',
        isNumber ? 'text-right' : 'text-left',
        !isOnPhone && 'max-md:hidden',
      )}
    >
      {key === undefined ? (
        name
      ) : (
        <button
          type="button"
          // The first press sorts downwards: the largest and the newest come first.
          onClick={() => onSort(isDown ? key : `-${key}`)}
          className={classNames(
            'inline-flex min-h-6 items-center gap-1 whitespace-nowrap rounded hover:text-ink',
            isNumber && 'flex-row-reverse',
            isSorted && 'text-ink',
          )}
        >
          {name}
          <Arrow aria-hidden="true" className={classNames('size-3 shrink-0', !isSorted && 'opacity-0')} />
        </button>
      )}
    </th>
  )
}

function Line({
  generation,
  columns,
  now,
  usual,
}: { generation: GenerationSummary } & Pick<Props, 'columns' | 'now' | 'usual'>) {
  const context = { now, usual: usual.of(generation.configuration) }
  return (
    <>
      <td className="flex min-w-0 items-center">
        <Link
          href={`/generations/${generation.id}`}
          prefetch={false}
          data-row-link={generation.id}
          className="stretched flex min-w-0 items-center gap-2 rounded outline-offset-4"
        >
          <PromptCell generation={generation} />
          <LinkPending />
        </Link>
      </td>
      {columns.map(({ key, show, isNumber, isOnPhone }) => (
        <td
          key={key}
          className={classNames(
            'flex min-w-0 items-center whitespace-nowrap',
            isNumber && 'justify-end',
            !isOnPhone && 'max-md:hidden',
          )}
        >
          {show(generation, context)}
        </td>
      ))}
    </>
  )
}
