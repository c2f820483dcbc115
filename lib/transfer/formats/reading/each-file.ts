import type { ReadItem, SourceFile } from '../../source.ts'
import { textOf, unixLines } from './file-text.ts'
import { nameFromPath } from './paths.ts'
import { refused } from './prompt-item.ts'

/** A file with its text. */
export interface TextFile {
  path: string
  text: string
}

/** Reads files one by one; one that is no text is a refused item. */
export function eachText(
  files: readonly SourceFile[],
  read: (file: TextFile) => ReadItem | ReadItem[],
): ReadItem[] {
  return files.flatMap((file) => {
    const found = textOf(file)
    if ('fault' in found)
      return refused({ path: file.path }, nameFromPath(file.path), [{ line: 1, message: found.fault }])
    return read({ path: file.path, text: unixLines(found.text) })
  })
}

/** The texts of files by their paths, for a format whose files name each other. */
export function textsByPath(files: readonly SourceFile[]): Map<string, string> {
  return new Map(
    files.flatMap((file): [string, string][] => {
      const found = textOf(file)
      return 'text' in found ? [[file.path, unixLines(found.text)]] : []
    }),
  )
}

/** The line of a text's own line where it begins after others. */
export function below(offset: number): (line: number) => number {
  return (line) => line + offset
}
