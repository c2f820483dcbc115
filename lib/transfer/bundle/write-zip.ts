import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'
import { Zip, type ZipInputFile } from 'fflate'

/** A file to pack. */
export interface PackedFile {
  path: string
  text: string
}

/** The same in every bundle, so that equal prompts make equal bytes. */
const MODIFIED = new Date(2000, 0, 1)
const LEVEL = 6
const DEFLATED = 8
/** Files that are packed at a time, beside the main thread, and characters of their texts. */
const AT_ONCE = 16
const LENGTH_AT_ONCE = 1_000_000

const deflate = promisify(deflateRaw)

/**
 * Packs files into a zip, a part of which is made whenever the reader takes one: only what is between two parts is
 * held.
 */
export async function* zipParts(files: AsyncIterable<PackedFile>): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = []
  let failed: Error | null = null
  const zip = new Zip((error, part) => {
    failed ??= error
    made.push(part)
  })
  const taken = () => {
    if (failed !== null) throw failed
    const parts = made
    made = []
    return Buffer.concat(parts)
  }
  for await (const group of inGroups(files)) {
    for (const add of await Promise.all(group.map(pack))) add(zip)
    yield taken()
  }
  zip.end()
  yield taken()
}

async function* inGroups(files: AsyncIterable<PackedFile>): AsyncGenerator<PackedFile[]> {
  let group: PackedFile[] = []
  let length = 0
  for await (const file of files) {
    group.push(file)
    length += file.text.length
    if (group.length < AT_ONCE && length < LENGTH_AT_ONCE) continue
    yield group
    group = []
    length = 0
  }
  if (group.length > 0) yield group
}

/** @returns what adds the file to a zip */
async function pack({ path, text }: PackedFile): Promise<(zip: Zip) => void> {
  const bytes = Buffer.from(text)
  const packed = await deflate(bytes, { level: LEVEL })
  return (zip) => {
    const entry: ZipInputFile = {
      filename: path,
      compression: DEFLATED,
      size: bytes.length,
      crc: crc32(bytes),
      mtime: MODIFIED,
    }
    zip.add(entry)
    entry.ondata?.(null, packed, true)
  }
}
