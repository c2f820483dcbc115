import { appError } from '../../errors.ts'

const LONGEST = 1024

/**
 * Refuses paths that lead out of what was brought, or that not every system can keep.
 * @throws unprocessable that names the entry
 */
export function assertSafePath(path: string): void {
  const fault = faultOf(path)
  if (fault !== undefined) throw refusedEntry(path, 'unsafe_path', fault)
}

function faultOf(path: string): string | undefined {
  if (path === '') return 'has no name'
  if (path.length > LONGEST) return `has a name of more than ${LONGEST} characters`
  if (/\p{Cc}/u.test(path)) return 'has a control character in its name'
  if (path.includes('\\')) return 'has a backslash in its name: write "/" between folders'
  if (path.startsWith('/')) return 'is an absolute path'
  if (/^[a-z]:/i.test(path)) return 'begins with a drive letter'
  if (path.split('/').some((part) => part === '..' || part === '.')) return 'leads out of its folder'
  return undefined
}

/** What systems and editors leave in folders. */
const LITTER =
  /(?:^|\/)(?:__MACOSX|\.git|\.svn|node_modules)\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i

/** Whether a path is nothing that a person brings on purpose. */
export function isLitter(path: string): boolean {
  return LITTER.test(path)
}

/**
 * Refuses two paths that some systems take for one.
 * @throws unprocessable that names both
 */
export function assertDistinct(paths: readonly string[]): void {
  const seen = new Map<string, string>()
  for (const path of paths) {
    const key = path.normalize('NFC').toLowerCase()
    const other = seen.get(key)
    if (other !== undefined)
      throw refusedEntry(
        path,
        'duplicate_path',
        other === path ? 'is there twice' : `is on some systems the same file as "${other}"`,
      )
    seen.set(key, path)
  }
}

/** The error for an entry for whose sake nothing is read. */
export function refusedEntry(path: string, code: string, message: string) {
  const name = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path)
  return appError('unprocessable', `Nothing was imported: ${name} ${message}.`, {
    details: [{ path: ['file'], code, message: `${name} ${message}` }],
    extra: { entry: path.slice(0, LONGEST) },
  })
}
