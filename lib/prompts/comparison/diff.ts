import { diffArrays, diffWordsWithSpace } from 'diff'

/*
 * The difference of two versions' texts, by lines and inside changed lines by words. Pure; its cost is
 * bounded: texts that differ beyond that are shown as one removed and one added block.
 */

export type ChangeKind = 'same' | 'added' | 'removed'

/** A run of words within a changed line. */
export interface WordChange {
  kind: ChangeKind
  text: string
}

/** A line, without its line end. */
export interface DiffLine {
  kind: ChangeKind
  text: string
  /** Number of the line in the old and the new text, from 1; null where it does not exist. */
  old_line: number | null
  new_line: number | null
  /** What changed inside the line, when it has a counterpart; its same and own parts make up `text`. */
  words?: WordChange[]
}

/** Changed lines with unchanged ones around them. */
export interface DiffHunk {
  /** First line of the hunk in each text, from 1, and how many lines it spans there. */
  old_start: number
  old_count: number
  new_start: number
  new_count: number
  lines: DiffLine[]
}

export interface TextDiff {
  added: number
  removed: number
  hunks: DiffHunk[]
}

/** Unchanged lines that are shown around a change. */
const CONTEXT = 3
/** Most line edits that are looked for; the search costs the square of it. */
const MAX_LINE_EDITS = 1_000
/** Most word edits within one block of changed lines, and most characters of such a block. */
const MAX_WORD_EDITS = 200
const MAX_WORD_LENGTH = 4_000
/** Most blocks whose words are compared. */
const MAX_WORD_BLOCKS = 200

export interface DiffOptions {
  /** Unchanged lines around a change; Infinity for all lines in one hunk. */
  context?: number
  /** Lines that differ in white space alone are the same; the newer text's stand for both. */
  ignoreSpace?: boolean
}

/** Compares two texts. */
export function diffTexts(before: string, after: string, options: DiffOptions = {}): TextDiff {
  const { context = CONTEXT, ignoreSpace = false } = options
  const isSame = ignoreSpace ? isSameButSpace : isEqual
  const lines = diffLines(before.split('\n'), after.split('\n'), isSame)
  addWords(lines)
  return {
    added: lines.filter((line) => line.kind === 'added').length,
    removed: lines.filter((line) => line.kind === 'removed').length,
    hunks: toHunks(lines, context),
  }
}

/** Makes the new text from the old one and their difference; undefined when it does not fit. */
export function applyDiff(before: string, diff: TextDiff): string | undefined {
  const old = before.split('\n')
  const result: string[] = []
  let at = 0
  for (const hunk of diff.hunks) {
    const start = hunk.old_start - 1
    if (start < at) return undefined
    result.push(...old.slice(at, start))
    at = start
    for (const line of hunk.lines) {
      if (line.kind !== 'added' && old[at++] !== line.text) return undefined
      if (line.kind !== 'removed') result.push(line.text)
    }
  }
  return [...result, ...old.slice(at)].join('\n')
}

type IsSame = (before: string, after: string) => boolean

const isEqual: IsSame = (before, after) => before === after

const isSameButSpace: IsSame = (before, after) =>
  before === after || before.replace(/\s+/g, ' ').trim() === after.replace(/\s+/g, ' ').trim()

function diffLines(before: string[], after: string[], isSame: IsSame): DiffLine[] {
  const alike = (old: string | undefined, now: string | undefined) =>
    old !== undefined && now !== undefined && isSame(old, now)
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && alike(before[head], after[head])) head++
  let tail = 0
  while (tail < shorter - head && alike(before.at(-1 - tail), after.at(-1 - tail))) tail++
  const changes: [ChangeKind, string[]][] = [
    ['same', after.slice(0, head)],
    ...diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail), isSame),
    ['same', after.slice(after.length - tail)],
  ]
  let oldLine = 0
  let newLine = 0
  return changes.flatMap(([kind, texts]) =>
    texts.map((text) => ({
      kind,
      text,
      old_line: kind === 'added' ? null : ++oldLine,
      new_line: kind === 'removed' ? null : ++newLine,
    })),
  )
}

/** What is left between the common head and tail; removed lines come before the added ones. */
function diffMiddle(before: string[], after: string[], isSame: IsSame): [ChangeKind, string[]][] {
  const changes = diffArrays(before, after, { maxEditLength: MAX_LINE_EDITS, comparator: isSame })
  if (!changes) {
    return [
      ['removed', before],
      ['added', after],
    ]
  }
  const runs = changes.map(({ added, removed, value }): [ChangeKind, string[]] => [
    added ? 'added' : removed ? 'removed' : 'same',
    value,
  ])
  for (let at = 1; at < runs.length; at++) {
    const [previous, current] = [runs[at - 1], runs[at]]
    if (previous?.[0] === 'added' && current?.[0] === 'removed') runs.splice(at - 1, 2, current, previous)
  }
  return runs
}

/** Adds the words to every block of removed lines that is followed by added ones. */
function addWords(lines: DiffLine[]): void {
  let blocks = 0
  for (let at = 0; at < lines.length && blocks < MAX_WORD_BLOCKS; ) {
    const removed = runFrom(lines, at, 'removed')
    const added = runFrom(lines, at + removed.length, 'added')
    if (removed.length > 0 && added.length > 0) {
      compareWords(removed, added)
      blocks++
    }
    at += Math.max(1, removed.length + added.length)
  }
}

function runFrom(lines: DiffLine[], start: number, kind: ChangeKind): DiffLine[] {
  let end = start
  while (lines[end]?.kind === kind) end++
  return lines.slice(start, end)
}

function compareWords(removed: DiffLine[], added: DiffLine[]): void {
  const before = removed.map((line) => line.text).join('\n')
  const after = added.map((line) => line.text).join('\n')
  if (before.length + after.length > MAX_WORD_LENGTH) return
  const changes = diffWordsWithSpace(before, after, { maxEditLength: MAX_WORD_EDITS })
  if (!changes?.some((change) => !change.added && !change.removed && change.value.trim() !== '')) return
  const words = changes.map(
    ({ added: isNew, removed: isOld, value }): WordChange => ({
      kind: isNew ? 'added' : isOld ? 'removed' : 'same',
      text: value,
    }),
  )
  deal(
    removed,
    words.filter((word) => word.kind !== 'added'),
  )
  deal(
    added,
    words.filter((word) => word.kind !== 'removed'),
  )
}

/** Deals a block's words out to its lines. */
function deal(lines: DiffLine[], words: WordChange[]): void {
  const dealt: WordChange[][] = [[]]
  for (const { kind, text } of words) {
    const [first = '', ...more] = text.split('\n')
    if (first !== '') dealt.at(-1)?.push({ kind, text: first })
    for (const part of more) dealt.push(part === '' ? [] : [{ kind, text: part }])
  }
  for (const [index, line] of lines.entries()) line.words = dealt[index] ?? []
}

function toHunks(lines: DiffLine[], context: number): DiffHunk[] {
  const hunks: DiffHunk[] = []
  let start = 0
  let end = 0
  const close = () => {
    if (end > start) hunks.push(toHunk(lines.slice(start, end), lines.slice(0, start)))
  }
  for (const [at, line] of lines.entries()) {
    if (line.kind === 'same') continue
    const from = Math.max(0, at - context)
    if (from > end) {
      close()
      start = from
    }
    end = Math.min(lines.length, at + context + 1)
  }
  close()
  return hunks
}

function toHunk(lines: DiffLine[], before: DiffLine[]): DiffHunk {
  const count = (of: DiffLine[], key: 'old_line' | 'new_line') =>
    of.filter((line) => line[key] !== null).length
  return {
    old_start: count(before, 'old_line') + 1,
    old_count: count(lines, 'old_line'),
    new_start: count(before, 'new_line') + 1,
    new_count: count(lines, 'new_line'),
    lines,
  }
}
