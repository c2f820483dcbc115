import { gzipSync } from 'node:zlib'

/** A file of an archive; its name uses `/`. */
export interface ArchiveFile {
  readonly name: string
  readonly bytes: Buffer
  readonly isProgram?: boolean
}

const BLOCK = 512
const NAME_MAX = 100

/** A packed archive (ustar) in which nothing tells when or by whom it was made: the same files give the same bytes. */
export function packTar(files: readonly ArchiveFile[]): Buffer {
  const parts = files.flatMap((file) => [header(file), file.bytes, padding(file.bytes.length)])
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]), { level: 9 })
}

function header({ name, bytes, isProgram = false }: ArchiveFile): Buffer {
  if (Buffer.byteLength(name) > NAME_MAX) throw new Error(`${name} is too long a name for the archive.`)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  block.write(name, 0)
  octal(isProgram ? 0o755 : 0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(bytes.length, 124, 12)
  octal(0, 136, 12)
  // The sum is made with spaces in its own place.
  block.write('        0', 148, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return block
}

function padding(length: number): Buffer {
  return Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK)
}
