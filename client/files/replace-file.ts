import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * Writes a file as a whole: whoever reads it meanwhile, or after a crash, has the old text or the new one.
 * @param mode rights of the file and, where its folder is new, none of others on that
 */
export async function replaceFile(place: string, text: string, mode?: number): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true, ...(mode !== undefined && { mode: 0o700 }) })
  const draft = `${place}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await writeFile(draft, text, { flag: 'wx', ...(mode !== undefined && { mode }) })
    if (mode !== undefined) await chmod(draft, mode)
    await rename(draft, place)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
