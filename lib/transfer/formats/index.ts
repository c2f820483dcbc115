import type { ReadItem, ReadOptions, SourceFile, SourceFormat } from '../source.ts'
import { promptFileFormat } from './prompt-file.ts'

/** The forms that prompts come in; whoever comes first gets a file. */
export const FORMATS: readonly SourceFormat[] = [promptFileFormat]

/** An item, and the form that it came in. */
export type FoundItem = ReadItem & { format: string }

/** Reads the prompts that files hold. */
export function readSources(
  files: readonly SourceFile[],
  options: ReadOptions & { format?: string | undefined },
): { items: FoundItem[]; unread: SourceFile[] } {
  const items: FoundItem[] = []
  let left = files
  for (const format of FORMATS) {
    if (options.format !== undefined && format.id !== options.format) continue
    const claimed = new Set(format.claim(left))
    if (claimed.size === 0) continue
    left = left.filter((file) => !claimed.has(file))
    items.push(...format.read([...claimed], options).map((item) => ({ ...item, format: format.id })))
  }
  return { items, unread: [...left] }
}
