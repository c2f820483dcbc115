import { Zip, ZipDeflate } from 'fflate'

/** A file to pack. */
export interface PackedFile {
  path: string
  text: string
}

/** The same in every bundle, so that equal prompts make equal bytes. */
const MODIFIED = new Date(2000, 0, 1)
const LEVEL = 6

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
  for await (const { path, text } of files) {
    const entry = new ZipDeflate(path, { level: LEVEL })
    entry.mtime = MODIFIED
    zip.add(entry)
    entry.push(Buffer.from(text), true)
    yield taken()
  }
  zip.end()
  yield taken()
}
