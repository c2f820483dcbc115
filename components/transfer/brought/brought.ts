/** What somebody brings to import: files in the memory of the tab, whatever becomes of those on the disk. Pure. */

/** A file by its path within what was brought, with `/` between folders. */
export interface BroughtFile {
  path: string
  /** Its content as it was when it was brought. */
  blob: Blob
}

/** Files that are on their way in: their content is not read yet. */
export interface FoundFile {
  path: string
  file: File
}

/** What was not taken along, and why. */
export interface LeftOut {
  /** Files of folders whose name, or a folder above them, begins with a dot. */
  hidden: number
  /** Files of packages, in `node_modules`. */
  packages: number
  /** Paths that the browser could not read. */
  unreadable: string[]
}

export interface Limits {
  /** Bytes of everything together. */
  bytes: number
  files: number
}

export const NOTHING_LEFT_OUT: LeftOut = { hidden: 0, packages: 0, unreadable: [] }

const PACKAGES = 'node_modules'
/** What systems leave in folders, and secrets: nobody means it, also where it is chosen with others. */
const LITTER = /^(?:__MACOSX|\.DS_Store|\.env(?:\..*)?|Thumbs\.db|desktop\.ini)$/i

/**
 * Why a file of a folder stays behind. A file or a folder that was chosen itself may be hidden: it was meant.
 * @param path begins with the name of the folder, or is a name alone
 */
export function reasonToLeave(path: string): 'hidden' | 'packages' | undefined {
  const parts = path.split('/')
  if (parts.includes(PACKAGES)) return 'packages'
  const isHidden = (part: string, index: number) => LITTER.test(part) || (index > 0 && part.startsWith('.'))
  return parts.some(isHidden) ? 'hidden' : undefined
}

/** Parts what was found into what is taken and what stays behind. */
export function sift(found: readonly FoundFile[]): { taken: FoundFile[]; leftOut: LeftOut } {
  const taken: FoundFile[] = []
  const count = { hidden: 0, packages: 0 }
  for (const each of found) {
    const reason = reasonToLeave(each.path)
    if (reason === undefined) taken.push(each)
    else count[reason] += 1
  }
  return { taken, leftOut: { ...count, unreadable: [] } }
}

export function sumOf(one: LeftOut, other: LeftOut): LeftOut {
  return {
    hidden: one.hidden + other.hidden,
    packages: one.packages + other.packages,
    unreadable: [...one.unreadable, ...other.unreadable],
  }
}

/**
 * Adds files to those that are there. Two files of one path are both kept, the later under another name: they come
 * from different folders.
 */
export function addFiles(there: readonly BroughtFile[], more: readonly BroughtFile[]): BroughtFile[] {
  const all = [...there]
  const paths = new Set(there.map(({ path }) => sameOn(path)))
  for (const { path, blob } of more) {
    const free = freePath(path, paths)
    paths.add(sameOn(free))
    all.push({ path: free, blob })
  }
  return all
}

/** Paths that are one on some systems are one here. */
const sameOn = (path: string) => path.normalize('NFC').toLowerCase()

function freePath(path: string, taken: ReadonlySet<string>): string {
  if (!taken.has(sameOn(path))) return path
  const start = path.lastIndexOf('/') + 1
  const dot = path.indexOf('.', start + 1)
  const end = dot < 0 ? path.length : dot
  for (let number = 2; ; number++) {
    const free = `${path.slice(0, end)} (${number})${path.slice(end)}`
    if (!taken.has(sameOn(free))) return free
  }
}

export function bytesOf(files: readonly { blob: Blob }[]): number {
  return files.reduce((sum, { blob }) => sum + blob.size, 0)
}

/** Why so much cannot be brought; undefined: it can. Told before anything is read or sent. */
export function limitFault(files: number, bytes: number, limits: Limits): string | undefined {
  if (files > limits.files)
    return `These are ${amount(files)} files; an import takes ${amount(limits.files)} at most. Bring them in several parts.`
  if (bytes > limits.bytes)
    return `These are ${formatBytes(bytes)}; an import takes ${formatBytes(limits.bytes)} at most. Bring them in several parts, or leave out what is no prompt.`
  return undefined
}

const NUMBER = new Intl.NumberFormat('en-GB')
const SHORT_NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const amount = (count: number) => NUMBER.format(count)

/** `3.2 MB`, in powers of 1,024 as the limits are. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  if (bytes < 1_048_576) return `${SHORT_NUMBER.format(bytes / 1_024)} kB`
  return `${SHORT_NUMBER.format(bytes / 1_048_576)} MB`
}
