const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is no folder, or stands below a file',
  EISDIR: 'is a folder, where a file is meant',
  EACCES: 'may not be read or written by you',
  EPERM: 'may not be changed by you',
  EROFS: 'is on a disk that is read-only',
  ENOSPC: 'cannot be written: the disk is full',
  EDQUOT: 'cannot be written: your share of the disk is used up',
  EMFILE: 'cannot be opened: too many files are open',
  ENAMETOOLONG: 'has too long a name',
}

/** What the system says of a file, in words; undefined: it is no error of the system. */
export function systemMessage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  const words = WORDS[code]
  if (words === undefined) return error.message
  const place = 'path' in error && typeof error.path === 'string' ? error.path : undefined
  // The draft beside a file that is written as a whole has no meaning for people.
  const name = place?.replace(/\.[0-9a-f]{8}\.tmp$/, '') ?? 'A file'
  return `${name} ${words} (${code}).`
}
