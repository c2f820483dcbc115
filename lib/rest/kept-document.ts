import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** A document that is the same as long as the process runs, ready to be sent in each encoding. */
export interface KeptDocument {
  readonly etag: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly gzip: Uint8Array<ArrayBuffer>
  readonly br: Uint8Array<ArrayBuffer>
}

/** Writes a document down once, as JSON. Takes some tens of milliseconds: keep what it answers. */
export function keptDocument(value: unknown): KeptDocument {
  const plain = Buffer.from(JSON.stringify(value))
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 6 }
  return { etag: `"${hash}"`, plain, gzip: gzipSync(plain), br: brotliCompressSync(plain, { params }) }
}
