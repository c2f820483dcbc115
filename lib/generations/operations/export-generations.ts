import type { Actor } from '../../access/actor.ts'
import { assertWholeFile } from '../../access/held-download.ts'
import { listDownload } from '../../access/list-download.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { ListGenerationsQuery } from '../schema.ts'
import { GENERATION_COLUMNS, type GenerationColumn, TEXT_COLUMNS } from '../status.ts'
import { type FileRow, fileRows } from '../store/file-rows.ts'
import { generationReading } from '../store/read-list.ts'

/** Generations that are read and held at a time, without their whole texts. */
const AT_ONCE = 500

/**
 * What the filters leave of the list, in its order, as CSV or as a JSON text a line, sent while it is read. It ends at
 * `limits.generation_export_rows` with a line that says how to go on, and breaks off when the database goes away or
 * the actor's rights end.
 * @throws invalid_input (cursor, `limit`, range, bounds), not_found for a prompt or configuration that there is not,
 *   forbidden, unavailable
 */
export const exportGenerations = operation('exportGenerations', run)

async function run(actor: Actor, input: ListGenerationsQuery): Promise<Download> {
  assertMay(actor, 'read')
  assertWholeFile(input)
  const columns = columnsOf(input.columns)
  return listDownload(actor, {
    name: 'generations',
    format: input.format,
    columns: columns.map((column) => [column, (row: FileRow) => cellOf(row[column])] as const),
    rowsOf: (items) => fileRows(actor, items, columns),
    ...generationReading(actor, input),
    most: getRuntime().config.limits.generation_export_rows,
    limit: 'limits.generation_export_rows',
    // Whatever the columns are, there is a first.
    told: (text) => Object.fromEntries(columns.slice(0, 1).map((column) => [column, text])),
    atOnce: AT_ONCE,
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

function cellOf(value: FileRow[GenerationColumn]): string | number | null {
  if (value === undefined || value === null) return null
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)
}
