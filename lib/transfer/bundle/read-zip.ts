import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { overLimit } from '../../errors.ts'
import type { SourceFile } from '../source.ts'
import { assertSafePath, isLitter, refusedEntry } from './safe-path.ts'
import { readDirectory, type ZipEntry } from './zip-directory.ts'

const inflate = promisify(inflateRaw)

export interface ReadLimits {
  /** Bytes of all files together. */
  bytes: number
  files: number
  /** Bytes that one byte of a zip may become. */
  ratio: number
}

/** What may still be read; zips that are brought together share it. */
export class ReadBudget {
  readonly limits: ReadLimits
  #bytes = 0
  #files = 0

  constructor(limits: ReadLimits) {
    this.limits = limits
  }

  get bytesLeft(): number {
    return this.limits.bytes - this.#bytes
  }

  get filesLeft(): number {
    return this.limits.files - this.#files
  }

  /** @throws too_large */
  take(bytes: number, files = 1): void {
    this.#bytes += bytes
    this.#files += files
    if (this.#files > this.limits.files) throw this.tooMany()
    if (this.#bytes > this.limits.bytes) throw this.tooLarge()
  }

  tooMany(): Error {
    return overLimit('limits.import_files', `An import has at most ${this.limits.files} files`, ['file'])
  }

  tooLarge(): Error {
    return overLimit(
      'limits.import_bytes',
      `The files of an import hold at most ${this.limits.bytes} bytes, unpacked`,
      ['file'],
    )
  }
}

/** Files below it may shrink as much as they like: nothing is gained by bombs of that size. */
const SMALL = 65_536

/**
 * Unpacks a zip: in memory, within limits that are counted while it inflates, never onto a disk. Zips within are
 * files like others.
 * @param name of the zip, for errors
 * @throws unprocessable that names the entry, too_large
 */
export async function readZip(bytes: Uint8Array, name: string, budget: ReadBudget): Promise<SourceFile[]> {
  const entries = readDirectory(bytes, name, budget.filesLeft, () => budget.tooMany())
  for (const { path } of entries) assertSafePath(path)
  const files: SourceFile[] = []
  for (const entry of entries) {
    if (isLitter(entry.path)) continue
    const content = await unpack(bytes, entry, budget)
    budget.take(content.byteLength)
    files.push({ path: entry.path, bytes: content })
  }
  return files
}

async function unpack(zip: Uint8Array, entry: ZipEntry, budget: ReadBudget): Promise<Uint8Array> {
  const packed = dataOf(zip, entry)
  const content = entry.method === 'stored' ? packed : await inflated(packed, entry, budget)
  if (crc32(content) !== entry.crc) throw damaged(entry)
  return content
}

async function inflated(packed: Uint8Array, entry: ZipEntry, budget: ReadBudget): Promise<Uint8Array> {
  const { ratio } = budget.limits
  const byRatio = Math.max(SMALL, packed.byteLength * ratio)
  // One more than may be, so that what passes a limit is seen to.
  const most = Math.min(byRatio, budget.bytesLeft) + 1
  try {
    const content = await inflate(packed, { maxOutputLength: most })
    if (content.byteLength < most) return content
  } catch (error) {
    if (!isTooLong(error)) throw damaged(entry)
  }
  if (byRatio > budget.bytesLeft) throw budget.tooLarge()
  throw overLimit('limits.import_ratio', `${JSON.stringify(entry.path)} is packed more than ${ratio} times`, [
    'file',
  ])
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}

const LOCAL = 0x04034b50

/** The bytes of an entry; its local header says how long it is itself, the directory all else. */
function dataOf(zip: Uint8Array, entry: ZipEntry): Uint8Array {
  const { offset, compressed } = entry
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  if (offset + 30 > zip.byteLength || view.getUint32(offset, true) !== LOCAL) throw damaged(entry)
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + compressed > zip.byteLength) throw damaged(entry)
  return zip.subarray(start, start + compressed)
}

function damaged({ path }: ZipEntry) {
  return refusedEntry(path, 'damaged', 'is damaged')
}
