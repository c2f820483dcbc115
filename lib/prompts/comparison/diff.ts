import { diffWordsWithSpace } from 'diff'
import { runsBetween } from './edits.ts'

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
/** Most blocks whose words are compared, and most characters of all of them. */
const MAX_WORD_BLOCKS = 200
const MAX_WORDS_LENGTH = 60_000

export interface DiffOptions {
  /** Unchanged lines around a change; Infinity for all lines in one hunk. */
  context?: number
  /** Lines that differ in white space alone are the same; the newer text's stand for both. */
  ignoreSpace?: boolean
}

/** Compares two texts. */
export function diffTexts(before: string, after: string, options: DiffOptions = {}): TextDiff {
  const { context = CONTEXT, ignoreSpace = false } = options
  const lines = diffLines(before.split('\n'), after.split('\n'), ignoreSpace)
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
  let result: string[] = []
  let at = 0
  for (const hunk of diff.hunks) {
    const start = hunk.old_start - 1
    if (start < at) return undefined
    result = result.concat(old.slice(at, start))
    at = start
    for (const line of hunk.lines) {
      if (line.kind !== 'added' && old[at++] !== line.text) return undefined
      if (line.kind !== 'removed') result.push(line.text)
    }
  }
  return result.concat(old.slice(at)).join('\n')
}

function diffLines(before: string[], after: string[], ignoreSpace: boolean): DiffLine[] {
  const keyOf = ignoreSpace ? withoutSpace : (line: string) => line
  const runs = runsBetween(before, after, { keyOf, most: MAX_LINE_EDITS }) ?? [
    { kind: 'removed', count: before.length },
    { kind: 'added', count: after.length },
  ]
  const lines: DiffLine[] = []
  let oldLine = 0
  let newLine = 0
  for (const { kind, count } of runs) {
    for (let at = 0; at < count; at++) {
      const old = kind === 'added' ? null : ++oldLine
      const now = kind === 'removed' ? null : ++newLine
      const text = (now === null ? before[oldLine - 1] : after[newLine - 1]) ?? ''
      lines.push({ kind, text, old_line: old, new_line: now })
    }
  }
  return lines
}

function withoutSpace(line: string): string {
  return line.replace(/\s+/g, ' ').trim()
}

/** Adds the words to every block of removed lines that is followed by added ones. */
function addWords(lines: DiffLine[]): void {
  let blocks = 0
  let left = MAX_WORDS_LENGTH
  for (let at = 0; at < lines.length && blocks < MAX_WORD_BLOCKS && left > 0; ) {
    const removed = runFrom(lines, at, 'removed')
    const added = runFrom(lines, at + removed.length, 'added')
    if (removed.length > 0 && added.length > 0) {
      left -= compareWords(removed, added)
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

/** @returns how many characters were compared */
function compareWords(removed: DiffLine[], added: DiffLine[]): number {
  const length = [...removed, ...added].reduce((sum, line) => sum + line.text.length + 1, 0)
  if (length > MAX_WORD_LENGTH) return 0
  const before = removed.map((line) => line.text).join('\n')
  const after = added.map((line) => line.text).join('\n')
  const changes = diffWordsWithSpace(before, after, { maxEditLength: MAX_WORD_EDITS })
  if (!changes?.some((change) => !change.added && !change.removed && change.value.trim() !== ''))
    return length
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
  return length
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

/** @param context unchanged lines that stay around a change */
export function toHunks(lines: readonly DiffLine[], context: number): DiffHunk[] {
  const hunks: DiffHunk[] = []
  const next = { old: 1, now: 1 }
  let start = 0
  let end = 0
  let at = 0
  const close = () => {
    for (; at < start; at++) pass(lines[at], next)
    const hunk = { old_start: next.old, new_start: next.now }
    for (; at < end; at++) pass(lines[at], next)
    const counts = { old_count: next.old - hunk.old_start, new_count: next.now - hunk.new_start }
    hunks.push({ ...hunk, ...counts, lines: lines.slice(start, end) })
  }
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'same') continue
    const from = Math.max(0, index - context)
    if (from > end) {
      if (end > start) close()
      start = from
    }
    end = Math.min(lines.length, index + context + 1)
  }
  if (end > start) close()
  return hunks
}

/** Counts a line in the texts that have it. */
function pass(line: DiffLine | undefined, next: { old: number; now: number }): void {
  if (line?.kind !== 'added') next.old++
  if (line?.kind !== 'removed') next.now++
}
