import type { BroughtFile, FoundFile } from './brought.ts'

/** Reads what was dropped, chosen or pasted: the files themselves, and those of folders. */

/** Files that are read at a time: a folder of ten thousand would hold them all open else. */
const AT_ONCE = 64

/**
 * The files of a drop or of the clipboard, with those of folders. Its entries are taken before anything is awaited:
 * the browser forgets them after the event.
 * @param most files after which a folder is not walked on: more are refused anyway
 */
export async function filesOfTransfer(transfer: DataTransfer, most: number): Promise<FoundFile[]> {
  const entries = [...transfer.items].flatMap((item): (File | FileSystemEntry)[] => {
    if (item.kind !== 'file') return []
    const entry = item.webkitGetAsEntry()
    const file = item.getAsFile()
    return entry !== null && !entry.isFile ? [entry] : file === null ? [] : [file]
  })
  const found: FoundFile[] = []
  for (const entry of entries) {
    if (entry instanceof File) found.push({ path: entry.name, file: entry })
    else await walk(entry, found, most)
  }
  return found
}

/** Files that were chosen; those of a folder say their path in it. */
export function filesOfInput(list: Iterable<File>): FoundFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

async function walk(entry: FileSystemEntry, found: FoundFile[], most: number): Promise<void> {
  if (found.length > most) return
  // What is in there is never wanted, and often more than all the rest.
  if (entry.name === 'node_modules' || entry.name === '.git') return
  const path = entry.fullPath.replace(/^\//, '')
  if (isFile(entry)) {
    const file = await new Promise<File | undefined>((resolve) =>
      entry.file(resolve, () => resolve(undefined)),
    )
    if (file !== undefined) found.push({ path, file })
  } else if (isFolder(entry)) for (const child of await childrenOf(entry)) await walk(child, found, most)
}

/** All entries of a folder; a browser answers a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    )
    if (some.length === 0) return all
    all.push(...some)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

/**
 * Reads files into the memory of the tab: what changes on the disk between look and import changes nothing.
 * @returns those that could be read, and the paths of the others
 */
export async function readAll(
  found: readonly FoundFile[],
): Promise<{ files: BroughtFile[]; unreadable: string[] }> {
  const files: BroughtFile[] = []
  const unreadable: string[] = []
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const some = found.slice(from, from + AT_ONCE)
    const blobs = await Promise.all(some.map(({ file }) => contentOf(file)))
    for (const [at, { path }] of some.entries()) {
      const blob = blobs[at]
      if (blob === undefined) unreadable.push(path)
      else files.push({ path, blob })
    }
  }
  return { files, unreadable }
}

async function contentOf(file: File): Promise<Blob | undefined> {
  try {
    return new Blob([await file.arrayBuffer()], { type: file.type })
  } catch {
    return undefined
  }
}
