import type { SourceNote } from '../../source.ts'

/** A row, and the line on which it begins. */
export interface CsvRow {
  line: number
  cells: string[]
}

/**
 * Reads CSV (RFC 4180) with LF between lines: quotes around cells, doubled within.
 * @param separator found by `separatorOf`
 * @param most rows that are read
 */
export function readCsv(
  text: string,
  separator: string,
  most: number,
): { rows: CsvRow[]; fault?: SourceNote } {
  const rows: CsvRow[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    if (rows.length >= most)
      return { rows, fault: { line, message: `Only the first ${most - 1} rows of a table are read` } }
    const row: CsvRow = { line, cells: [] }
    for (;;) {
      const cell = cellAt(text, at, separator)
      if (cell === undefined)
        return { rows, fault: { line: row.line, message: 'A quote that opens in this row never closes' } }
      row.cells.push(cell.value)
      line += cell.lines
      at = cell.end
      if (text[at] !== separator) break
      at += 1
    }
    at += 1
    line += 1
    if (row.cells.some((cell) => cell.trim() !== '')) rows.push(row)
  }
  return { rows }
}

interface Cell {
  value: string
  /** Where the separator or the line break behind it stands. */
  end: number
  /** Line breaks in it. */
  lines: number
}

function cellAt(text: string, start: number, separator: string): Cell | undefined {
  if (text[start] !== '"') {
    const end = nextOf(text, start, separator)
    return { value: text.slice(start, end), end, lines: 0 }
  }
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return undefined
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') {
      const end = nextOf(text, quote + 1, separator)
      value += text.slice(quote + 1, end).trimEnd()
      return { value, end, lines: value.split('\n').length - 1 }
    }
    value += '"'
    at = quote + 2
  }
}

function nextOf(text: string, from: number, separator: string): number {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n') at += 1
  return at
}

/** What stands between the cells of a table: what its first line has most of. */
export function separatorOf(text: string): string {
  const first = text.slice(0, Math.max(0, text.indexOf('\n')) || text.length).replaceAll(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: first.split(separator).length }))
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).separator
}
