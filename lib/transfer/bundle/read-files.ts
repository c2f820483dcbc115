import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import type { SourceFile } from '../source.ts'
import { ReadBudget, readZip } from './read-zip.ts'
import { assertDistinct, assertSafePath, isLitter } from './safe-path.ts'
import { isZip } from './zip-directory.ts'

/**
 * The files of an import, those of zips unpacked: bounded, with paths that lead nowhere else.
 * @throws unprocessable that names the entry; too_large; invalid_input when there is no file at all
 */
export async function readFiles(brought: readonly SourceFile[]): Promise<SourceFile[]> {
  const { import_bytes, import_files, import_ratio } = getRuntime().config.limits
  const budget = new ReadBudget({ bytes: import_bytes, files: import_files, ratio: import_ratio })
  if (brought.length > import_files) throw budget.tooMany()
  const files: SourceFile[] = []
  for (const file of brought) {
    assertSafePath(file.path)
    if (isZip(file.bytes)) {
      const inside = await readZip(file.bytes, file.path, budget)
      // One zip is the bundle itself; of several each has a folder of its name.
      const folder = brought.length === 1 ? '' : `${file.path.replace(/\.zip$/i, '')}/`
      files.push(...inside.map(({ path, bytes }) => ({ path: folder + path, bytes })))
    } else if (!isLitter(file.path)) {
      budget.take(file.bytes.byteLength)
      files.push(file)
    }
  }
  assertDistinct(files.map(({ path }) => path))
  if (files.length > 0) return files
  const message = 'Send one file at least, as `file` of a form, in `files`, or name a `source`'
  throw appError('invalid_input', `There is nothing to import. ${message}.`, {
    details: [{ path: ['file'], code: 'no_files', message }],
  })
}
