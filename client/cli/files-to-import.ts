import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { usage } from './command.ts'

interface FileToImport {
  /** As it is sent: with "/" between folders. */
  name: string
  bytes: Uint8Array<ArrayBuffer>
}

interface FoundFile {
  name: string
  place: string
}

/**
 * Reads files, and all of folders but for what is hidden in them, packages and links; what was named comes itself.
 * @returns `left`: how many were left out
 * @throws IncipitError where nothing is named or there
 */
export async function filesToImport(
  places: readonly string[],
): Promise<{ files: FileToImport[]; left: number }> {
  if (places.length === 0) throw usage('Name files or folders: incipit import prompts.json')
  const found = await Promise.all(places.map(filesAt))
  const files = await Promise.all(
    distinct(found.flatMap((each) => each.files)).map(async ({ name, place }) => ({
      name,
      bytes: new Uint8Array(await readFile(place)),
    })),
  )
  if (files.length === 0) throw usage('There are no files in what was named.')
  return { files, left: found.reduce((sum, each) => sum + each.left, 0) }
}

/** A file by its name; of a folder its files, under the name of the folder. */
async function filesAt(place: string): Promise<{ files: FoundFile[]; left: number }> {
  const whole = path.resolve(place)
  if (!(await stat(whole)).isDirectory())
    return { files: [{ name: path.basename(whole), place: whole }], left: 0 }
  const entries = await readdir(whole, { recursive: true, withFileTypes: true })
  const all = entries.filter((entry) => !entry.isDirectory())
  const files = all
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/(?:^|\/)(?:\.|node_modules\/)/.test(slashed(path.relative(whole, file))))
    .map((file) => ({ name: slashed(path.relative(path.dirname(whole), file)), place: file }))
  return { files, left: all.length - files.length }
}

/** Files that are called the same, such as those of `one/system.md` and `two/system.md`, by their paths from here; none twice. */
function distinct(files: readonly FoundFile[]): FoundFile[] {
  const byPlace = new Map(files.map((file) => [file.place, file]))
  const counts = Map.groupBy(byPlace.values(), ({ name }) => name.toLowerCase())
  return [...byPlace.values()].map(({ name, place }) => {
    if (counts.get(name.toLowerCase())?.length === 1) return { name, place }
    const longer = slashed(path.relative('.', place)).replace(/^(?:\.\.\/)+/, '')
    return { name: longer, place }
  })
}

const slashed = (name: string) => name.replaceAll('\\', '/')
