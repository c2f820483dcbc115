import { beginningOf, printedLength } from '../content/printed.ts'
import { type DiffHunk, type DiffLine, type TextDiff, toHunks } from './diff.ts'

/** How much of a comparison is shown. */
export interface CutLimits {
  /** Lines of all parts together. */
  rows: number
  /** Length of these lines as they are printed on a page; see printedLength. */
  size: number
}

/** What a page shows of a comparison: with both layouts side by side some 600 kB of HTML at most. */
export const ON_A_PAGE: CutLimits = { rows: 400, size: 60_000 }

/** Unchanged lines that stay around a change where not all lines fit. */
const CONTEXT = 3

export interface Cut<T> {
  fields: T[]
  /** Lines that are left out, or not shown to their end. */
  left_out: number
}

/** Keeps the first lines of a comparison; unchanged ones go first. Its counts are those of the whole. */
export function cutDiffs<T extends TextDiff>(fields: readonly T[], limits: CutLimits): Cut<T> {
  const left = { ...limits }
  const uncut = { ...limits }
  if (
    fields.every((field) => field.hunks.every((hunk) => keep(hunk.lines, uncut).length === hunk.lines.length))
  )
    return { fields: [...fields], left_out: 0 }
  let out = 0
  const cut = fields.map((field) => {
    const lines = field.hunks.flatMap((hunk) => hunk.lines)
    const hunks = field.hunks.length === 1 ? toHunks(lines, CONTEXT) : field.hunks
    const kept = hunks.map((hunk) => cutHunk(hunk, left))
    for (const { missing } of kept) out += missing
    return { ...field, hunks: kept.flatMap(({ hunk }) => (hunk.lines.length > 0 ? [hunk] : [])) }
  })
  return { fields: cut, left_out: out }
}

function cutHunk(hunk: DiffHunk, left: CutLimits): { hunk: DiffHunk; missing: number } {
  const lines = keep(hunk.lines, left)
  const missing = hunk.lines.length - lines.length
  const next = hunk.lines[lines.length]
  if (next !== undefined && left.rows > 0 && left.size > 0) lines.push(shortened(next, left))
  const count = (key: 'old_line' | 'new_line') => lines.filter((line) => line[key] !== null).length
  return { hunk: { ...hunk, old_count: count('old_line'), new_count: count('new_line'), lines }, missing }
}

/** The first lines that fit; their size is taken off `left`. */
function keep(lines: readonly DiffLine[], left: CutLimits): DiffLine[] {
  let end = 0
  for (const { text } of lines) {
    const size = printedLength(text)
    if (left.rows < 1 || left.size < size) break
    left.rows--
    left.size -= size
    end++
  }
  return lines.slice(0, end)
}

/** The beginning of a line that does not fit whole. Nothing comes after it. */
function shortened({ kind, text: whole, old_line, new_line }: DiffLine, left: CutLimits): DiffLine {
  const text = `${beginningOf(whole, left.size)}…`
  left.rows = 0
  left.size = 0
  return { kind, text, old_line, new_line }
}
