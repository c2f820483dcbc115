import { csvLine } from '../csv.ts'
import type { Download } from '../download.ts'
import type { FileFormat } from '../page.ts'
import type { Actor } from './actor.ts'
import { assertRoomForDownload, heldDownload } from './held-download.ts'

/** Rows in the order of a list, and how to ask for those after them. */
export interface Slice<Row, Position> {
  items: Row[]
  /** undefined: there are no more. */
  next: Position | undefined
}

/** Names of columns, and what stands in them. */
export type CsvColumns<Row> = readonly (readonly [string, (row: Row) => string | number | null])[]

/** A question to a list: what its filters leave, in its order. */
export interface Reading<Row, Position> {
  /** @throws unavailable, and what the list says of its filters */
  read(after: Position | undefined, limit: number): Promise<Slice<Row, Position>>
  /** The position of the cursor that the question came with. */
  readonly after: Position | undefined
  cursorOf(position: Position): string
}

/** What a file is, whatever its rows are read from. */
interface ListFile<Row> {
  /** What it has rows of, for its name and the log: `audit`. */
  readonly name: string
  readonly format: FileFormat | undefined
  readonly columns: CsvColumns<Row>
  /** The cells of the last row of a CSV that is not whole, by their columns. */
  told(text: string): Readonly<Record<string, string>>
}

interface FileSource<Item, Position, Row> extends ListFile<Row>, Reading<Item, Position> {
  /** The rows of some items, a part at a time. */
  rowsOf(items: Item[]): AsyncIterable<Row[]> | Iterable<Row[]>
  /** Rows at most, and the configuration's key that says so. */
  readonly most: number
  readonly limit: string
  /** Items that are read and held at a time; 1000 by default. */
  readonly atOnce?: number
}

const AT_ONCE = 1000

/**
 * A list as a file that is sent while it is read, as CSV or as a JSON text a line: a part at a time, so that its size
 * does not matter. It ends after `most` rows with a line that says how to go on, and breaks off when the database goes
 * away or the actor's rights end.
 * @throws unavailable when no further file can be sent, and what reading the first rows throws
 */
export async function listDownload<Item, Position, Row>(
  actor: Actor,
  source: FileSource<Item, Position, Row>,
): Promise<Download> {
  assertRoomForDownload(actor)
  const { most, atOnce = AT_ONCE } = source
  const first = await source.read(source.after, Math.min(atOnce, most))
  return fileOf(actor, source, (form) => partsOf(source, first, form))
}

/**
 * Rows that were read at once as a file; its last line tells what was left out, if anything was.
 * @throws unavailable when no further file can be sent
 */
export function rowsDownload<Row>(
  actor: Actor,
  { rows, cut, ...file }: ListFile<Row> & { rows: readonly Row[]; cut: string | undefined },
): Download {
  assertRoomForDownload(actor)
  return fileOf(actor, file, async function* (form: Form<Row>) {
    yield form.head
    for (let start = 0; start < rows.length; start += AT_ONCE)
      yield rows
        .slice(start, start + AT_ONCE)
        .map(form.line)
        .join('')
    if (cut !== undefined) yield form.end(cut)
  })
}

function fileOf<Row>(
  actor: Actor,
  file: ListFile<Row>,
  partsIn: (form: Form<Row>) => AsyncIterable<string>,
): Download {
  const { name } = file
  const form = file.format === 'jsonl' ? jsonLines<Row>() : csv(file)
  return heldDownload(actor, {
    fileName: `${name}-${new Date().toISOString().slice(0, 10)}.${form.ending}`,
    mediaType: form.mediaType,
    what: `a file of ${name}`,
    parts: partsIn(form),
  })
}

/** How rows are written. */
interface Form<Row> {
  ending: string
  mediaType: string
  head: string
  line: (row: Row) => string
  /** Ends a file that is not whole. @param cursor leads on */
  end: (text: string, cursor?: string) => string
}

function csv<Row>({ columns, told }: Pick<ListFile<Row>, 'columns' | 'told'>): Form<Row> {
  return {
    ending: 'csv',
    mediaType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(columns.map(([name]) => name)),
    line: (row) => csvLine(columns.map(([, cell]) => cell(row))),
    end(text) {
      const cells = told(text)
      return csvLine(columns.map(([name]) => cells[name] ?? null))
    },
  }
}

function jsonLines<Row>(): Form<Row> {
  return {
    ending: 'jsonl',
    mediaType: 'application/jsonl; charset=utf-8',
    head: '',
    line: (row) => `${JSON.stringify(row)}\n`,
    end: (text, cursor) => `${JSON.stringify({ export_limit: text, cursor })}\n`,
  }
}

async function* partsOf<Item, Position, Row>(
  source: FileSource<Item, Position, Row>,
  first: Slice<Item, Position>,
  form: Form<Row>,
): AsyncGenerator<string> {
  const { most, limit, atOnce = AT_ONCE } = source
  yield form.head
  let slice = first
  let count = 0
  for (;;) {
    for await (const rows of source.rowsOf(slice.items)) yield rows.map(form.line).join('')
    count += slice.items.length
    const { next } = slice
    if (next === undefined) return
    if (count >= most) {
      const cursor = source.cursorOf(next)
      const text = `This file ends after ${most} rows (${limit}). The rest: the same request with cursor=${cursor}`
      return yield form.end(text, cursor)
    }
    slice = await source.read(next, Math.min(atOnce, most - count))
  }
}
