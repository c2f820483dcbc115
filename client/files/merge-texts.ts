import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { mergeLists, settled } from '#lib/prompts/comparison/merge.ts'

const OURS = '<<<<<<<'
const MIDDLE = '======='
const THEIRS = '>>>>>>>'

export interface Merged {
  text: string
  conflicts: number
}

/**
 * Merges two texts that came from one. Where both changed the same lines both stand, between markers like git's.
 * @param names what is written behind the markers
 */
export function mergeTexts(
  base: string,
  ours: string,
  theirs: string,
  names: { ours: string; theirs: string },
): Merged {
  const pieces = mergeLists(base.split('\n'), ours.split('\n'), theirs.split('\n'))
  let conflicts = 0
  const lines = pieces.flatMap((piece) => {
    const agreed = settled(piece)
    if (agreed !== undefined) return agreed
    conflicts += 1
    return [`${OURS} ${names.ours}`, ...piece.mine, MIDDLE, ...piece.theirs, `${THEIRS} ${names.theirs}`]
  })
  return { text: lines.join('\n'), conflicts }
}

/** The line of the first conflict marker, from 1; undefined: there is none. All three lines make a conflict. */
export function conflictLine(text: string): number | undefined {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`${OURS} `))
  if (start === -1) return undefined
  const middle = lines.indexOf(MIDDLE, start)
  const end = lines.findIndex((line, index) => index > middle && line.startsWith(`${THEIRS} `))
  return middle === -1 || end === -1 ? undefined : start + 1
}

/** The lines in which two texts differ, as `diff -u` writes them; empty: they are the same. */
export function unifiedDiff(
  before: string,
  after: string,
  names: { before: string; after: string },
): string[] {
  if (before === after) return []
  const patch = createTwoFilesPatch(names.before, names.after, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  })
  return patch.trimEnd().split('\n')
}
