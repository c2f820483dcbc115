/** The heights of rows, by key: after a return to a list its rows are where they were. */

const ABOUT_A_ROW = 118

const heights = new Map<string | number, number>()
/** The width of the window that they were measured in. */
let measuredAt = 0

/** Forgets heights from a window of another width. */
export function checkHeights(): void {
  if (measuredAt !== window.innerWidth) heights.clear()
  measuredAt = window.innerWidth
}

export function rememberHeight(key: string | number, height: number): void {
  heights.set(key, height)
}

/** The height that a row had; undefined for one that was never seen. */
export function rememberedHeight(key: string | number): number | undefined {
  return heights.get(key)
}

/** The estimated height of a row that was never seen. */
export function expectedHeight(): number {
  if (heights.size === 0) return ABOUT_A_ROW
  let sum = 0
  for (const height of heights.values()) sum += height
  return Math.round(sum / heights.size)
}

/** Takes the heights of rows that stand in the page, before others take their place. */
export function measureRows(keyOf: (index: number) => string | number): void {
  checkHeights()
  for (const row of document.querySelectorAll<HTMLElement>('[data-index]'))
    heights.set(keyOf(Number(row.dataset.index)), row.offsetHeight)
}
