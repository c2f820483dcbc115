import { csvLine } from '../csv.ts'
import type { Download } from '../download.ts'
import type { Actor } from './actor.ts'
import { assertRoomForDownload, heldDownload } from './held-download.ts'

/** Rows in the order of a list, and how to ask for those after them. */
export interface CsvSlice<Row, Position> {
  items: Row[]
  /** undefined: there are no more. */
  next: Position | undefined
}

/** Names of columns, and what stands in them. */
export type CsvColumns<Row> = readonly (readonly [string, (row: Row) => string | number | null])[]

/** A question to a list: what its filters leave, in its order. */
export interface Reading<Row, Position> {
  /** @throws unavailable, and what the list says of its filters */
  read(after: Position | undefined, limit: number): Promise<CsvSlice<Row, Position>>
  /** The position of the cursor that the question came with. */
  readonly after: Position | undefined
  cursorOf(position: Position): string
}

/** What a file is made of. */
export interface CsvSource<Row, Position> extends Reading<Row, Position> {
  /** What it has rows of, for its name and the log: `audit`. */
  readonly name: string
  readonly columns: CsvColumns<Row>
  /** Rows at most, and the configuration's key that says so. */
  readonly most: number
  readonly limit: string
  /** Which columns of the last row tell that the file ends here, and how to go on. */
  readonly told: { readonly kind: string; readonly text: string }
}

/** Rows that are read and held at a time. */
const AT_ONCE = 1000

/**
 * A list as a CSV file that is sent while it is read: a part at a time, so that its size does not matter. It ends
 * after `most` rows with one that says how to go on, and breaks off when the database goes away or the actor's
 * rights end.
 * @throws unavailable when no further file can be sent, and what reading the first rows throws
 */
export async function csvDownload<Row, Position>(
  actor: Actor,
  source: CsvSource<Row, Position>,
): Promise<Download> {
  assertRoomForDownload(actor)
  const first = await source.read(source.after, Math.min(AT_ONCE, source.most))
  return heldDownload(actor, {
    fileName: `${source.name}-${new Date().toISOString().slice(0, 10)}.csv`,
    mediaType: 'text/csv; charset=utf-8; header=present',
    what: `a CSV of ${source.name}`,
    parts: csvParts(source, first),
  })
}

async function* csvParts<Row, Position>(
  source: CsvSource<Row, Position>,
  first: CsvSlice<Row, Position>,
): AsyncGenerator<string> {
  const { columns, most } = source
  yield csvLine(columns.map(([name]) => name))
  let slice = first
  let count = 0
  for (;;) {
    count += slice.items.length
    yield slice.items.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join('')
    const { next } = slice
    if (next === undefined) return
    if (count >= most) return yield limitLine(source, source.cursorOf(next))
    slice = await source.read(next, Math.min(AT_ONCE, most - count))
  }
}

function limitLine<Row, Position>(
  { columns, most, limit, told }: CsvSource<Row, Position>,
  cursor: string,
): string {
  const text = `This file ends after ${most} rows (${limit}). The older rows: the same request with cursor=${cursor}`
  const cells = new Map([
    [told.kind, 'export.limit'],
    [told.text, text],
  ])
  return csvLine(columns.map(([name]) => cells.get(name) ?? null))
}
