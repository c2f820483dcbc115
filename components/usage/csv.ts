/** One column of a table, for the screen and for its file alike. */
export interface Column<Row> {
  key: string
  name: string
  /** The bare value: for sorting and for the file. */
  value: (row: Row) => string | number | null
  /** Holds a button: not in the file. */
  isAction?: boolean
}

/** The start of a text that a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/
const NEEDS_QUOTES = /[",\r\n]/

/**
 * A table as CSV (RFC 4180): CRLF after each line, quotes where needed. Text that a spreadsheet would run
 * as a formula gets an apostrophe before it, since names of clients come from anybody.
 */
export function toCsv<Row>(all: readonly Column<Row>[], rows: readonly Row[]): string {
  const columns = all.filter(({ isAction }) => isAction !== true)
  const lines = [
    columns.map(({ name }) => name),
    ...rows.map((row) => columns.map(({ value }) => value(row))),
  ]
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

/** The same as JSON: a list of objects, by the keys of the columns. */
export function toJson<Row>(all: readonly Column<Row>[], rows: readonly Row[]): string {
  const columns = all.filter(({ isAction }) => isAction !== true)
  const items = rows.map((row) => Object.fromEntries(columns.map(({ key, value }) => [key, value(row)])))
  return `${JSON.stringify(items, null, 2)}\n`
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
