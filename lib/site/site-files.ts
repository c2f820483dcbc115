import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { getRuntime } from '../runtime.ts'
import { MANIFEST, type SiteManifest } from './manifest.ts'

/** A file of the documentation site, ready to be sent. */
export interface SentFile {
  readonly type: string
  readonly etag: string
  readonly isPacked: boolean
  readonly isForever: boolean
  /** @param encoding undefined: as it is */
  readonly read: (encoding: 'br' | 'gzip' | undefined) => Promise<Uint8Array<ArrayBuffer>>
}

/**
 * The file at an address; undefined: there is none.
 * @throws Error where the site was never built
 */
export async function findSiteFile(address: string): Promise<SentFile | undefined> {
  const { buildDir } = getRuntime().config
  const folder = path.join(buildDir, 'site')
  const manifest = await readManifest(folder)
  if (!Object.hasOwn(manifest, address)) return undefined
  const entry = manifest[address]
  if (entry === undefined) return undefined
  const { file, type, etag, isPacked, isForever } = entry
  const read: SentFile['read'] = (encoding) =>
    readFile(path.join(folder, encoding === undefined ? file : `${file}.${encoding}`))
  return { type, etag, isPacked, isForever, read }
}

/** Read once; and anew when the site was built while the app runs, as in development. */
async function readManifest(folder: string): Promise<SiteManifest> {
  const file = path.join(folder, MANIFEST)
  const { mtimeMs } = await stat(file)
  const kept = getRuntime().once('site.manifest', () => ({ mtimeMs: 0, manifest: {} as SiteManifest }))
  if (kept.mtimeMs !== mtimeMs) {
    // It was written by scripts/site/write.ts from the same type.
    kept.manifest = JSON.parse(await readFile(file, 'utf8')) as SiteManifest
    kept.mtimeMs = mtimeMs
  }
  return kept.manifest
}
