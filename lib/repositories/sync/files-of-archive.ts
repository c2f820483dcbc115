import { appError } from '../../errors.ts'
import { readFiles } from '../../transfer/bundle/read-files.ts'
import { isZip } from '../../transfer/bundle/zip-directory.ts'
import type { SourceFile } from '../../transfer/source.ts'

/**
 * The files of a folder of an archive. Archives of git hosts have one top folder, named after the commit, which is
 * taken off. Zips within are no prompts.
 * @param folder within the repository; empty: all of it
 * @throws unprocessable for what is no zip, or has no such folder; too_large
 */
export async function filesOfArchive(archive: Uint8Array, folder: string): Promise<SourceFile[]> {
  if (!isZip(archive))
    throw appError(
      'unprocessable',
      'What stands at the address is no zip. Name the address of a zip of the branch.',
    )
  const all = await readFiles([{ path: 'archive.zip', bytes: archive }])
  const top = topOf(all)
  const wanted = folder.split('/').filter((part) => part !== '' && part !== '.')
  const start = [...top, ...wanted].map((part) => `${part}/`).join('')
  const found = all
    .filter(({ path, bytes }) => path.startsWith(start) && !isZip(bytes))
    .map(({ path, bytes }) => ({ path: path.slice(start.length), bytes }))
  if (found.length > 0) return found
  throw appError(
    'unprocessable',
    `The archive has no files in ${JSON.stringify(wanted.join('/'))}. Name another folder.`,
  )
}

/** The one folder that everything is in, as parts of a path; none: there are several, or files beside it. */
function topOf(files: readonly SourceFile[]): string[] {
  const [first = ''] = files.map(({ path }) => path)
  const end = first.indexOf('/')
  const top = first.slice(0, Math.max(0, end))
  return end > 0 && files.every(({ path }) => path.startsWith(`${top}/`)) ? [top] : []
}
