'use client'

import { ArrowDown, ArrowUp, Download } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { saveText } from '#components/ui/save-text.ts'
import { type Column, toCsv, toJson } from './csv.ts'

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

/** A table with its name; the heading stays in sight where the table scrolls, the first column too. */
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
  return (
    <table className="w-full border-separate border-spacing-0 text-sm">
      <caption className="sr-only">{name}</caption>
      <thead>
        <tr>
          {columns.map((column, index) => (
            <Heading key={column.key} column={column} isFirst={index === 0} sort={sort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} className="group hover:bg-sunken">
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
  return isFirst ? (
    <th
      scope="row"
      className="min-w-44 border-line border-b bg-paper py-2 pr-4 pl-1 text-left font-normal group-hover:bg-sunken sm:sticky sm:left-0 sm:max-w-96"
    >
      {content}
    </th>
  ) : (
    <td
      className={classNames(
        'whitespace-nowrap border-line border-b px-3 py-2',
        isNumber && 'text-right tabular-nums',
      )}
    >
      {content}
    </td>
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
}

/** Saves a table as a file: for a spreadsheet, or for a program. */
export function TableFiles<Row>({ name, fileName, columns, rows }: TableFile<Row>) {
  const files = [
    { kind: 'CSV', write: toCsv, type: 'text/csv' },
    { kind: 'JSON', write: toJson, type: 'application/json' },
  ] as const
  return files.map(({ kind, write, type }) => (
    <Button
      key={kind}
      look="quiet"
      aria-label={`Download as ${kind}: ${name}`}
      isDisabled={rows.length === 0}
      onPress={() => saveText(write(columns, rows), `${fileName}.${kind.toLowerCase()}`, type)}
    >
      <Download aria-hidden="true" />
      {kind}
    </Button>
  ))
}
