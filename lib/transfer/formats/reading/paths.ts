/** The parts of a path that say something: its folders, its name without and with its ends. */
export interface PathParts {
  folders: string[]
  /** `greet.prompt.yml` */
  file: string
  /** In small letters. */
  lower: string
}

export function partsOf(path: string): PathParts {
  const folders = path.split('/')
  const file = folders.pop() ?? path
  return { folders, file, lower: file.toLowerCase() }
}

/** Names of files that say nothing of what is in them: the folder has the name. */
const SAYS_NOTHING =
  /^(?:prompts?|skprompt|skill|system|user|basic|index|main|default|template|config|promptfooconfig|instructions?|user-message|system-message|manifest|_?readme)$/i

/**
 * What a prompt of a file is called: the file's name without its ends, or the folder's, where the file's says nothing.
 * @param ends that are cut off as a whole, such as `.prompt.yml`
 */
export function nameFromPath(path: string, ends: RegExp = /\.[^.]+$/): string {
  const { folders, file } = partsOf(path)
  const own = file.replace(ends, '') || file
  const folder = folders.at(-1)
  return SAYS_NOTHING.test(own) && folder !== undefined && folder !== '' && folder !== '.' ? folder : own
}

/** A path that another file names, seen from that file's folder; undefined when it leads outside. */
export function resolvePath(from: string, named: string): string | undefined {
  const made = from.split('/').slice(0, -1)
  for (const step of named.replace(/^file:\/\//, '').split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..') {
      if (made.pop() === undefined) return undefined
    } else made.push(step)
  }
  return made.join('/')
}

/** Whether a path fits a pattern with `*` and `?` (within a folder) and `**` (any folders). */
export function fitsGlob(path: string, glob: string): boolean {
  return fitsFolders(path.split('/'), glob.split('/'))
}

/** One `**` stands for any folders; what a second one would mean nobody has asked for. */
function fitsFolders(path: readonly string[], glob: readonly string[]): boolean {
  const any = glob.indexOf('**')
  if (any < 0)
    return path.length === glob.length && path.every((part, index) => fitsPart(part, glob[index] ?? ''))
  const before = glob.slice(0, any)
  const after = glob.slice(any + 1)
  if (path.length < before.length + after.length) return false
  return (
    before.every((part, index) => fitsPart(path[index] ?? '', part)) &&
    after.every((part, index) => fitsPart(path[path.length - after.length + index] ?? '', part))
  )
}

/** Goes back to the last star alone, so that no pattern takes long. */
function fitsPart(text: string, pattern: string): boolean {
  let at = 0
  let step = 0
  let star = -1
  let from = 0
  while (at < text.length) {
    if (pattern[step] === '*') {
      star = step++
      from = at
    } else if (pattern[step] === '?' || pattern[step] === text[at]) {
      step += 1
      at += 1
    } else if (star >= 0) {
      step = star + 1
      at = ++from
    } else return false
  }
  return /^\**$/.test(pattern.slice(step))
}
