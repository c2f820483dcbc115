import { randomUUID } from 'node:crypto'
import { link, lstat, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Writable } from 'node:stream'

/**
 * Writes a file that only its owner may read. It takes its name only when it is whole and on the disk, and never
 * that of another file.
 * @param write ends the stream; `unfinished` is where the file lies until then
 * @returns what `write` returns
 * @throws Error when there is a file of this name, or its folder cannot take one
 */
export async function writeNewFile<T>(
  file: string,
  write: (stream: Writable, unfinished: string) => Promise<T>,
): Promise<T> {
  if (await exists(file)) throw new Error(`${file} exists already. Choose another name, or remove it first.`)
  const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
  const handle = await open(unfinished, 'wx', 0o600).catch((error: unknown) => {
    throw new Error(`Nothing can be written to the folder ${path.dirname(file)}: ${reasonIn(error)}.`, {
      cause: error,
    })
  })
  try {
    const result = await write(handle.createWriteStream({ flush: true }), unfinished)
    await takeName(unfinished, file)
    return result
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** Without the name of a file that nobody has chosen. */
function reasonIn(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'it is not there'
  return typeof code === 'string' ? code : String(error)
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined
}

/** A link never replaces a file that came there meanwhile; where there are none, the name is claimed first. */
async function takeName(unfinished: string, file: string): Promise<void> {
  try {
    await link(unfinished, file)
  } catch (error) {
    if (await exists(file)) throw new Error(`${file} was made meanwhile and is left alone.`, { cause: error })
    await (await open(file, 'wx', 0o600)).close()
    await rename(unfinished, file)
  }
}
