import { refusedEntry } from './safe-path.ts'

/** A file of a zip, as its directory has it. */
export interface ZipEntry {
  path: string
  method: 'stored' | 'deflated'
  crc: number
  /** Bytes in the archive. */
  compressed: number
  /** Bytes that it says to have; what it inflates to is counted. */
  size: number
  /** Where its local header begins. */
  offset: number
}

const END = 0x06054b50
const ENTRY = 0x02014b50
const END_SIZE = 22
const COMMENT_MAX = 65_535
const UNIX = 3
const SYMBOLIC_LINK = 0o120000
const FILE_TYPE = 0o170000

/** Whether bytes are a zip, by how they begin. */
export function isZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  )
}

/**
 * Reads the directory at the end of a zip. Folders are left out.
 * @param name of the zip, for errors
 * @param most entries
 * @throws unprocessable for what is no zip, is encrypted or linked; `tooMany` for more entries than may be
 */
export function readDirectory(
  bytes: Uint8Array,
  name: string,
  most: number,
  tooMany: () => Error,
): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === undefined) throw refusedEntry(name, 'no_zip', 'is no whole zip')
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if (count === 0xffff || at === 0xffffffff)
    throw refusedEntry(name, 'zip64', 'is a zip of more than 65,534 files')
  if (count > most) throw tooMany()
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY)
      throw refusedEntry(name, 'no_zip', 'is a damaged zip')
    const nameEnd = at + 46 + view.getUint16(at + 28, true)
    const entry = readEntry(view, bytes.subarray(at + 46, nameEnd), at)
    if (entry !== undefined) entries.push(entry)
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_SIZE
  for (let at = last; at >= Math.max(0, last - COMMENT_MAX); at--)
    if (view.getUint32(at, true) === END) return at
  return undefined
}

function readEntry(view: DataView, rawName: Uint8Array, at: number): ZipEntry | undefined {
  const path = nameOf(rawName)
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const mode = view.getUint32(at + 38, true) >>> 16
  // What system wrote it: others keep no modes there.
  if (view.getUint8(at + 5) === UNIX && (mode & FILE_TYPE) === SYMBOLIC_LINK)
    throw refusedEntry(path, 'link', 'is a symbolic link')
  if (path.endsWith('/')) return undefined
  if ((flags & 1) !== 0) throw refusedEntry(path, 'encrypted', 'is encrypted')
  if (method !== 0 && method !== 8)
    throw refusedEntry(path, 'compression', 'is compressed by a method other than deflate')
  return {
    path,
    method: method === 0 ? 'stored' : 'deflated',
    crc: view.getUint32(at + 16, true),
    compressed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const LATIN1 = new TextDecoder('latin1')

/** Old tools write names in the encoding of their system, and say nothing of it. */
function nameOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    return LATIN1.decode(bytes)
  }
}
