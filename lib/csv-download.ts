import type { Actor } from './access/actor.ts'
import { ActorStreams } from './access/actor-streams.ts'
import { csvLine } from './csv.ts'
import { breakOff, type Download, sendParts } from './download.ts'
import { appError } from './errors.ts'
import { getRuntime } from './runtime.ts'

/** Rows that are read and held at a time. */
const AT_ONCE = 1000

/** Rows in the order of a list, and how to ask for those after them. */
export interface Slice<Row, Position> {
  items: Row[]
  /** undefined: there are no more. */
  next: Position | undefined
}

export type CsvColumns<Row> = readonly [string, (row: Row) => string | number | null][]

export interface CsvFile<Row, Position> {
  /** What it holds, for the log. */
  what: string
  /** Without the date. */
  name: string
  columns: CsvColumns<Row>
  /** Most rows of one file. */
  most: number
  /** Where it begins. */
  after: Position | undefined
  read: (after: Position | undefined, limit: number) => Promise<Slice<Row, Position>>
  /** The cells of the last row of a file that ends before its rows do: how to go on. */
  cutOff: (next: Position) => Readonly<Record<string, string>>
}

/** @throws invalid_input for a file that is asked for with the size of a page */
export function assertNoLimit({ limit }: { limit?: number | undefined }): void {
  if (limit === undefined) return
  throw appError('invalid_input', '`limit` is for pages: a file has everything.', {
    details: [{ path: ['limit'], code: 'not_for_files', message: 'is for pages' }],
  })
}

/**
 * A CSV file that is sent while it is read: a part at a time, so that its size does not matter. It breaks off when the
 * database goes away or the actor's rights end.
 * @throws unavailable, also when `limits.downloads` files are sent already
 */
export async function csvDownload<Row, Position>(
  actor: Actor,
  file: CsvFile<Row, Position>,
): Promise<Download> {
  const { log } = getRuntime()
  const streams = downloads()
  if (streams.isFullFor(actor.workspaceId)) throw full()
  const first = await file.read(file.after, Math.min(AT_ONCE, file.most))
  return {
    fileName: `${file.name}-${new Date().toISOString().slice(0, 10)}.csv`,
    mediaType: 'text/csv; charset=utf-8; header=present',
    start(sink) {
      const parts = csvParts(file, first)
      // To end a stream from there is to break it off.
      const held = { ...sink, end: () => breakOff(sink) }
      let close = (): void => undefined
      const join = () =>
        sendParts(sink, parts, (error) => {
          close()
          if (error !== undefined) log.warn({ err: error }, `a CSV of ${file.what} was broken off`)
        })
      const opened = streams.open(actor, held, join)
      // Others may have taken the last places since.
      if (opened === undefined) breakOff(sink)
      else close = opened
      return () => close()
    },
  }
}

function downloads(): ActorStreams {
  return getRuntime().once(
    'downloads',
    ({ config, feed }) => new ActorStreams({ limit: config.limits.downloads, feed }),
  )
}

function full() {
  return appError('unavailable', 'No further file can be sent here now. Try again later.', { retryAfter: 10 })
}

async function* csvParts<Row, Position>(
  { columns, most, read, cutOff }: CsvFile<Row, Position>,
  first: Slice<Row, Position>,
): AsyncGenerator<string> {
  yield csvLine(columns.map(([name]) => name))
  let slice = first
  let count = 0
  for (;;) {
    count += slice.items.length
    yield slice.items.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join('')
    const { next } = slice
    if (next === undefined) return
    if (count >= most) {
      const cells = cutOff(next)
      return yield csvLine(columns.map(([name]) => cells[name] ?? null))
    }
    slice = await read(next, Math.min(AT_ONCE, most - count))
  }
}
