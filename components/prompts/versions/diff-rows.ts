import type { DiffLine } from '#lib/prompts/comparison/diff.ts'

/** A row of a comparison side by side: a line of either version, or the counterparts of both. */
export interface PairedRow {
  older: DiffLine | undefined
  newer: DiffLine | undefined
}

/** Unchanged rows that are hidden until they are opened. */
export interface Fold<Row> {
  /** Place of its first row, which tells it from other folds. */
  at: number
  rows: Row[]
}

/** Unchanged rows that stay beside a change. */
const CONTEXT = 3
/** A fold that hides less is not worth its own row. */
const LEAST = 4

/** Puts removed lines beside the added ones that follow them; unchanged lines stand on both sides. */
export function pairLines(lines: readonly DiffLine[]): PairedRow[] {
  const rows: PairedRow[] = []
  let removed: DiffLine[] = []
  let added: DiffLine[] = []
  const flush = () => {
    const length = Math.max(removed.length, added.length)
    for (let at = 0; at < length; at++) rows.push({ older: removed[at], newer: added[at] })
    removed = []
    added = []
  }
  for (const line of lines) {
    if (line.kind === 'removed') {
      if (added.length > 0) flush()
      removed.push(line)
    } else if (line.kind === 'added') added.push(line)
    else {
      flush()
      rows.push({ older: line, newer: line })
    }
  }
  flush()
  return rows
}

/** Folds the rows that are far from every change. */
export function foldRows<Row>(rows: readonly Row[], isChanged: (row: Row) => boolean): (Row | Fold<Row>)[] {
  let result: (Row | Fold<Row>)[] = []
  for (let at = 0; at < rows.length; ) {
    const end = endOfRun(rows, at, isChanged)
    const run = rows.slice(at, end)
    const isUnchanged = run[0] !== undefined && !isChanged(run[0])
    const head = at === 0 ? 0 : CONTEXT
    const tail = end === rows.length ? 0 : CONTEXT
    if (isUnchanged && run.length >= head + tail + LEAST)
      result = result.concat(
        run.slice(0, head),
        { at: at + head, rows: run.slice(head, run.length - tail) },
        run.slice(run.length - tail),
      )
    else result = result.concat(run)
    at = end
  }
  return result
}

function endOfRun<Row>(rows: readonly Row[], start: number, isChanged: (row: Row) => boolean): number {
  const first = rows[start]
  let end = start
  for (; end < rows.length; end++) {
    const row = rows[end]
    if (first === undefined || row === undefined || isChanged(row) !== isChanged(first)) break
  }
  return end
}
