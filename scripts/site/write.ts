import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { MANIFEST, type SiteManifest } from '../../lib/site/manifest.ts'

/** A file of the site as it is sent. */
export interface SiteFile {
  readonly address: string
  readonly type: string
  readonly bytes: Buffer
  /** What is at this address never changes. */
  readonly isForever?: boolean
}

/** Smaller files gain nothing. */
const COMPRESSED_FROM = 500

/** Writes files, packed ones beside them, and the list by which the server finds them. */
export function writeSite(folder: string, files: readonly SiteFile[]): void {
  const manifest: Record<string, SiteManifest[string]> = {}
  for (const [number, { address, type, bytes, isForever = false }] of files.entries()) {
    const file = String(number)
    const isPacked = bytes.length >= COMPRESSED_FROM && !/^(?:font|image\/png|application\/gzip)/.test(type)
    writeFileSync(path.join(folder, file), bytes)
    if (isPacked) {
      writeFileSync(path.join(folder, `${file}.gzip`), gzipSync(bytes, { level: 9 }))
      writeFileSync(path.join(folder, `${file}.br`), packed(bytes))
    }
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
    manifest[address] = { file, type, etag: `"${hash}"`, isPacked, isForever }
  }
  writeFileSync(path.join(folder, MANIFEST), JSON.stringify(manifest))
}

function packed(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
}
