import { runsBetween } from './edits.ts'

/*
 * Three-way merge of lists: lines of a text, messages of a chat. Pure; its cost is bounded as that of
 * `diffTexts`: a side that differs beyond that counts as changed from its first to its last item.
 */

/** Most edits that are looked for on one side; the search costs the square of it. */
const MAX_EDITS = 1_000

/**
 * A run of items: unchanged, changed by one side alone, by both in the same way, or by both differently.
 * The pieces' `base`, `mine` and `theirs`, each strung together, are the three lists.
 */
export interface MergePiece<T> {
  kind: 'same' | 'mine' | 'theirs' | 'both' | 'conflict'
  base: T[]
  mine: T[]
  theirs: T[]
}

/** Items `start` to `end` of the base were replaced by these. */
interface Edit<T> {
  start: number
  end: number
  items: T[]
}

/**
 * Merges what two authors made of one list. Changes that touch each other count as overlapping, since what
 * stands next to each other was often written for each other.
 * @param keyOf what two items have in common that are the same
 */
export function mergeLists<T>(
  base: T[],
  mine: T[],
  theirs: T[],
  keyOf: (item: T) => unknown = (item) => item,
): MergePiece<T>[] {
  const edits = { mine: editsOf(base, mine, keyOf), theirs: editsOf(base, theirs, keyOf) }
  const pieces: MergePiece<T>[] = []
  let at = 0
  for (;;) {
    const region = nextRegion(edits.mine, edits.theirs)
    const end = region?.start ?? base.length
    if (end > at) pieces.push(unchanged(base.slice(at, end)))
    if (region === undefined) return pieces
    const own = base.slice(region.start, region.end)
    pieces.push(
      judged(own, applied(own, region, region.mine), applied(own, region, region.theirs), region, keyOf),
    )
    at = region.end
  }
}

/** What a piece comes to when nobody has to choose; undefined for a conflict. */
export function settled<T>(piece: MergePiece<T>): T[] | undefined {
  if (piece.kind === 'conflict') return undefined
  return piece.kind === 'mine' ? piece.mine : piece.theirs
}

function unchanged<T>(items: T[]): MergePiece<T> {
  return { kind: 'same', base: items, mine: items, theirs: items }
}

interface Region<T> {
  start: number
  end: number
  mine: Edit<T>[]
  theirs: Edit<T>[]
}

/** Takes the next edits that touch each other off both lists. */
function nextRegion<T>(mine: Edit<T>[], theirs: Edit<T>[]): Region<T> | undefined {
  const starts = [mine[0], theirs[0]].flatMap((edit) => (edit === undefined ? [] : [edit.start]))
  if (starts.length === 0) return undefined
  const start = Math.min(...starts)
  const region: Region<T> = { start, end: start, mine: [], theirs: [] }
  for (let grew = true; grew; ) {
    grew = false
    for (const [from, to] of [
      [mine, region.mine],
      [theirs, region.theirs],
    ] as const) {
      while (from[0] !== undefined && from[0].start <= region.end) {
        const [edit] = from.splice(0, 1)
        if (edit === undefined) break
        to.push(edit)
        region.end = Math.max(region.end, edit.end)
        grew = true
      }
    }
  }
  return region
}

function applied<T>(own: T[], region: Region<T>, edits: Edit<T>[]): T[] {
  let result: T[] = []
  let at = 0
  for (const { start, end, items } of edits) {
    result = result.concat(own.slice(at, start - region.start), items)
    at = end - region.start
  }
  return result.concat(own.slice(at))
}

function judged<T>(
  base: T[],
  mine: T[],
  theirs: T[],
  edits: Region<T>,
  keyOf: (item: T) => unknown,
): MergePiece<T> {
  const equal =
    mine.length === theirs.length && mine.every((item, at) => keyOf(item) === keyOf(theirs[at] as T))
  const kind =
    edits.theirs.length === 0 ? 'mine' : edits.mine.length === 0 ? 'theirs' : equal ? 'both' : 'conflict'
  return { kind, base, mine, theirs }
}

function editsOf<T>(base: T[], side: T[], keyOf: (item: T) => unknown): Edit<T>[] {
  const runs = runsBetween(base, side, { keyOf, most: MAX_EDITS })
  if (runs === undefined) return [{ start: 0, end: base.length, items: side }]
  const edits: Edit<T>[] = []
  let at = 0
  let own = 0
  let open: Edit<T> | undefined
  for (const { kind, count } of runs) {
    if (kind === 'same') {
      at += count
      own += count
      open = undefined
      continue
    }
    if (open === undefined) {
      open = { start: at, end: at, items: [] }
      edits.push(open)
    }
    if (kind === 'added') {
      open.items = open.items.concat(side.slice(own, own + count))
      own += count
    } else {
      at += count
      open.end = at
    }
  }
  return edits
}
