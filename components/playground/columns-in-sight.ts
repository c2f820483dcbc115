/** Where something lies across, in pixels. */
export interface Extent {
  left: number
  right: number
}

/** The visible part of a row of columns that may be wider than its box. */
export interface InSight {
  /** From 1. */
  first: number
  last: number
  hasMoreLeft: boolean
  hasMoreRight: boolean
}

/** How much of a column may lie outside without being missed. */
const EDGE_PX = 2

/** Which columns can be read: those that are whole inside the box, else the one that most of is. */
export function columnsInSight(columns: readonly Extent[], box: Extent): InSight {
  const shares = columns.map(
    ({ left, right }) =>
      (Math.min(right, box.right) - Math.max(left, box.left) + 2 * EDGE_PX) / Math.max(1, right - left),
  )
  const enough = Math.min(1, Math.max(...shares))
  return {
    first: shares.findIndex((share) => share >= enough) + 1,
    last: shares.findLastIndex((share) => share >= enough) + 1,
    hasMoreLeft: columns.some(({ left }) => left < box.left - EDGE_PX),
    hasMoreRight: columns.some(({ right }) => right > box.right + EDGE_PX),
  }
}

/** `1–3 of 6`, `4 of 6`; nothing where all can be read. */
export function inSightWords({ first, last }: InSight, count: number): string | undefined {
  if (first === 0 || (first === 1 && last === count)) return undefined
  return `${first === last ? first : `${first}–${last}`} of ${count}`
}
