import type { Actor } from '../../access/actor.ts'
import type { CsvSlice, Reading } from '../../access/csv-download.ts'
import { assertRoomForDownload, assertWholeFile, heldDownload } from '../../access/held-download.ts'
import { csvLine } from '../../csv.ts'
import type { Position } from '../../cursor.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { GenerationSummary, ListGenerationsQuery } from '../schema.ts'
import { GENERATION_COLUMNS, type GenerationColumn, TEXT_COLUMNS } from '../status.ts'
import { type FileRow, fileRows } from '../store/file-rows.ts'
import { generationReading } from '../store/read-list.ts'

/** Generations that are read and held at a time, without their whole texts. */
const AT_ONCE = 500

/**
 * What the filters leave of the list, in its order, as CSV or as a JSON text a line, sent while it is read: a part at
 * a time, so that its size does not matter. It ends at `limits.generation_export_rows` with a line that says how to
 * go on, and breaks off when the database goes away or the actor's rights end.
 * @throws invalid_input (cursor, `limit`, range, bounds), not_found for a prompt or configuration that there is not,
 *   forbidden, unavailable
 */
export const exportGenerations = operation('exportGenerations', run)

async function run(actor: Actor, input: ListGenerationsQuery): Promise<Download> {
  assertMay(actor, 'read')
  assertWholeFile(input)
  assertRoomForDownload(actor)
  const reading = generationReading(actor, input)
  const most = getRuntime().config.limits.generation_export_rows
  const first = await reading.read(reading.after, Math.min(AT_ONCE, most))
  const columns = columnsOf(input.columns)
  const format = input.format === 'jsonl' ? jsonl() : csv(columns)
  return heldDownload(actor, {
    fileName: `generations-${new Date().toISOString().slice(0, 10)}.${format.ending}`,
    mediaType: format.mediaType,
    what: 'a file of generations',
    parts: partsOf({ actor, reading, first, most, columns, format }),
  })
}

/** In the order that they were asked for, each once. */
function columnsOf(asked: string | undefined): readonly GenerationColumn[] {
  if (asked === undefined) return GENERATION_COLUMNS.filter((column) => !TEXTS.includes(column))
  return [...new Set(asked.split(','))].flatMap(
    (name) => GENERATION_COLUMNS.find((column) => column === name) ?? [],
  )
}

const TEXTS: readonly GenerationColumn[] = TEXT_COLUMNS

interface Format {
  ending: string
  mediaType: string
  head: string
  line: (row: FileRow) => string
  /** Ends a file that is not whole. @param cursor leads on */
  limit: (told: string, cursor: string) => string
}

function csv(columns: readonly GenerationColumn[]): Format {
  const cell = (value: FileRow[GenerationColumn]) =>
    value === undefined || value === null || typeof value === 'number' || typeof value === 'string'
      ? (value ?? null)
      : JSON.stringify(value)
  return {
    ending: 'csv',
    mediaType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(columns),
    line: (row) => csvLine(columns.map((column) => cell(row[column]))),
    limit: (told, cursor) => csvLine([`${told} cursor=${cursor}`, ...columns.slice(1).map(() => null)]),
  }
}

function jsonl(): Format {
  return {
    ending: 'jsonl',
    mediaType: 'application/jsonl; charset=utf-8',
    head: '',
    line: (row) => `${JSON.stringify(row)}\n`,
    limit: (told, cursor) => `${JSON.stringify({ export_limit: told, cursor })}\n`,
  }
}

interface Sent {
  actor: Actor
  reading: Reading<GenerationSummary, Position>
  first: CsvSlice<GenerationSummary, Position>
  most: number
  columns: readonly GenerationColumn[]
  format: Format
}

async function* partsOf({ actor, reading, first, most, columns, format }: Sent): AsyncGenerator<string> {
  yield format.head
  let slice = first
  let count = 0
  for (;;) {
    for await (const rows of fileRows(actor, slice.items, columns)) yield rows.map(format.line).join('')
    count += slice.items.length
    const { next } = slice
    if (next === undefined) return
    if (count >= most) return yield format.limit(told(most), reading.cursorOf(next))
    slice = await reading.read(next, Math.min(AT_ONCE, most - count))
  }
}

function told(most: number): string {
  return `This file ends after ${most} generations (limits.generation_export_rows). The rest: the same request with this cursor.`
}
