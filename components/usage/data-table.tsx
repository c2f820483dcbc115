'use client'

import { ArrowDown, ArrowUp, Download } from 'lucide-react'
import { Fragment, type ReactNode, useSyncExternalStore } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { part } from '#components/ui/part.ts'
import { showFailure } from '#components/ui/toast.ts'
import type { Column } from './csv.ts'
import type { TableForm } from './save-table.ts'

/** A column as the screen shows it. */
export interface ShownColumn<Row> extends Column<Row> {
  show?: (row: Row) => ReactNode
  isNumber?: boolean
}

export interface TableSort {
  key: string
  descending: boolean
  onSort: (key: string) => void
}

/** Rows that fill what a scrolled table shows at first. */
const ROWS_IN_HTML = 15
/** They stand on the table once, not on each of its cells: the page is half as large. */
const CELLS = classNames(
  '[&_tbody_tr:hover>th]:bg-sunken [&_tbody_tr:hover]:bg-sunken',
  '[&_tbody_td]:whitespace-nowrap [&_tbody_td]:border-line [&_tbody_td]:border-b [&_tbody_td]:px-3 [&_tbody_td]:py-2',
  '[&_tbody_th]:min-w-44 [&_tbody_th]:border-line [&_tbody_th]:border-b [&_tbody_th]:bg-paper [&_tbody_th]:py-2',
  '[&_tbody_th]:pr-4 [&_tbody_th]:pl-1 [&_tbody_th]:text-left [&_tbody_th]:font-normal',
  'sm:[&_tbody_th]:sticky sm:[&_tbody_th]:left-0 sm:[&_tbody_th]:max-w-96',
)

/**
 * A table with its name; the heading stays in sight where the table scrolls, the first column too. The HTML
 * of the server has the rows that are seen at first, the script brings the others.
 */
export function DataTable<Row>({
  name,
  columns,
  rows,
  rowKey,
  sort,
}: {
  name: string
  columns: readonly ShownColumn<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  sort?: TableSort
}) {
  const inSight = useScript() ? rows : rows.slice(0, ROWS_IN_HTML)
  return (
    <table className={classNames('w-full border-separate border-spacing-0 text-sm', CELLS)}>
      <caption className="sr-only">{name}</caption>
      <thead>
        <tr>
          {columns.map((column, index) => (
            <Heading key={column.key} column={column} isFirst={index === 0} sort={sort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {inSight.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column, index) => (
              <Cell key={column.key} column={column} row={row} isFirst={index === 0} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<Row>({
  column: { value, show, isNumber },
  row,
  isFirst,
}: {
  column: ShownColumn<Row>
  row: Row
  isFirst: boolean
}) {
  const content = show === undefined ? value(row) : show(row)
  if (isFirst) return <th scope="row">{content}</th>
  return <td className={isNumber ? 'text-right tabular-nums' : undefined}>{content}</td>
}

const never = () => () => undefined

/** Whether the page's script runs; while the server's HTML is taken over, it does not. */
function useScript(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}

function Heading<Row>({
  column: { key, name, isNumber },
  isFirst,
  sort,
}: {
  column: ShownColumn<Row>
  isFirst: boolean
  sort: TableSort | undefined
}) {
  const isSorted = sort?.key === key
  const Arrow = sort?.descending === true ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      aria-sort={
        sort === undefined ? undefined : isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'
      }
      className={classNames(
        'sticky top-0 z-10 whitespace-nowrap border-line-strong border-b bg-paper py-1.5 font-medium text-ink-faint text-xs',
        isFirst ? 'pr-4 pl-1 text-left' : 'px-3',
        isNumber ? 'text-right' : 'text-left',
      )}
    >
      {sort === undefined ? (
        name
      ) : (
        <button
          type="button"
          onClick={() => sort.onSort(key)}
          className={classNames(
            'inline-flex min-h-6 items-center gap-1 rounded hover:text-ink',
            // The arrow stands on the inner side: the names stay in line with their figures.
            isNumber && 'flex-row-reverse',
          )}
        >
          {name}
          <Arrow aria-hidden="true" className={classNames('size-3', !isSorted && 'invisible')} />
        </button>
      )}
    </th>
  )
}

/** A name that may go on in the next line after each underscore. */
export function BrokenName({ name }: { name: string }) {
  return name.split(/(?<=_)/).map((part, index) => (
    <Fragment key={`${index} ${part}`}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}

interface TableFile<Row> {
  name: string
  /** Without its ending. */
  fileName: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  /** Where the table shows the first rows alone: reads more of them, up to `most`. */
  more?: { most: number; read: () => Promise<readonly Row[]> } | undefined
}

const FORMS: readonly TableForm[] = ['CSV', 'JSON']
const loadSaving = part(() => import('./save-table.ts'))

/** Saves a table as a file: for a spreadsheet, or for a program. */
export function TableFiles<Row>({ name, fileName, columns, rows, more }: TableFile<Row>) {
  const save = async (form: TableForm) => {
    try {
      const [{ saveTable }, all] = await Promise.all([loadSaving(), more === undefined ? rows : more.read()])
      saveTable(form, fileName, columns, all)
    } catch (error) {
      showFailure(`${name} could not be saved`, error, { retry: () => void save(form) })
    }
  }
  return FORMS.map((form) => (
    <Button
      key={form}
      look="quiet"
      aria-label={`Download as ${form}: ${name}${more === undefined ? '' : `, up to ${more.most} rows`}`}
      isDisabled={rows.length === 0}
      onPress={() => void save(form)}
    >
      <Download aria-hidden="true" />
      {form}
    </Button>
  ))
}
