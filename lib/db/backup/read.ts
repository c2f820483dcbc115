import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { BackupHeader, BackupLine, BackupRow } from './format.ts'

/** A backup that is being read. Its rows are checked while they are read, its numbers at the end. */
export interface OpenBackup {
  header: BackupHeader
  /** @throws Error that names the file, when it is damaged or incomplete */
  rows: AsyncGenerator<BackupRow>
}

/**
 * Opens a backup and reads its header.
 * @param knownMigrations those of this version: a backup with others was made by a newer one
 * @throws Error that names the file, when it is no backup or of a newer version
 */
export async function openBackup(
  file: string,
  knownMigrations: Pick<ReadonlySet<string>, 'has'>,
): Promise<OpenBackup> {
  const lines = readLines(file)
  const first = await lines.next()
  const header = checkHeader(file, first.done ? undefined : first.value)
  const unknown = header.migrations.find((name) => !knownMigrations.has(name))
  if (unknown !== undefined)
    throw new Error(
      `${file}: This backup was made by a newer version of Incipit: it knows the migration ${unknown}.`,
    )
  return { header, rows: checkedRows(file, header, lines) }
}

/**
 * Reads a backup from end to end.
 * @returns the number of its rows
 * @throws Error that names the file and what is wrong with it
 */
export async function verifyBackup(
  file: string,
  knownMigrations: Pick<ReadonlySet<string>, 'has'>,
): Promise<number> {
  const { rows } = await openBackup(file, knownMigrations)
  let count = 0
  for await (const _row of rows) count++
  return count
}

async function* readLines(file: string): AsyncGenerator<BackupLine> {
  const text = createGunzip()
  createReadStream(file)
    .once('error', (error) => text.destroy(error))
    .pipe(text)
  const reader = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })
  // readline does not tell of its input's errors.
  const failed = new Promise<never>((_, reject) => text.once('error', reject))
  failed.catch(() => undefined)
  const lines = reader[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([lines.next(), failed])
      if (next.done) return
      yield JSON.parse(next.value) as BackupLine
    }
  } catch (error) {
    throw unreadable(file, error)
  } finally {
    text.destroy()
  }
}

function unreadable(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR') return new Error(`${file}: The backup is incomplete: the file ends too early.`)
  if (code === 'Z_DATA_ERROR' || error instanceof SyntaxError)
    return new Error(`${file}: The backup is damaged, or this file is no backup of Incipit.`)
  const reason = error instanceof Error ? error.message : String(error)
  return new Error(`${file} cannot be read: ${reason}`, { cause: error })
}

function checkHeader(file: string, line: BackupLine | undefined): BackupHeader {
  if (typeof line !== 'object' || line === null || !('format' in line) || line.format !== 'incipit-backup')
    throw new Error(`${file}: This file is no backup of Incipit.`)
  if (line.version !== 1) throw new Error(`${file}: This backup was made by a newer version of Incipit.`)
  return line
}

async function* checkedRows(
  file: string,
  header: BackupHeader,
  lines: AsyncGenerator<BackupLine>,
): AsyncGenerator<BackupRow> {
  const counts: Record<string, number> = Object.fromEntries(header.tables.map(({ name }) => [name, 0]))
  for await (const line of lines) {
    if ('end' in line) {
      if (JSON.stringify(counts) !== JSON.stringify(line.counts))
        throw new Error(`${file}: The backup is damaged: its rows are not those that it counted.`)
      const more = await lines.next()
      if (!more.done) throw new Error(`${file}: The backup is damaged: something follows its end.`)
      return
    }
    const count = 'table' in line ? counts[line.table] : undefined
    if (!('table' in line) || count === undefined || !isRow(line.row))
      throw new Error(`${file}: The backup is damaged: it has a line that is neither row nor end.`)
    counts[line.table] = count + 1
    yield line
  }
  throw new Error(`${file}: The backup is incomplete: its end is missing.`)
}

function isRow(text: string): boolean {
  try {
    const row: unknown = JSON.parse(text)
    return typeof row === 'object' && row !== null
  } catch {
    return false
  }
}
