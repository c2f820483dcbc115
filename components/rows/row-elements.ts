/** The elements that rows are made of. */
export function elementsOf(isTable: boolean) {
  return isTable ? ({ List: 'tbody', Row: 'tr' } as const) : ({ List: 'ol', Row: 'li' } as const)
}

/** The place of a row, for screen readers; in a table the heading is its first row. */
export function placeOf(index: number, total: number, isTable: boolean) {
  return isTable ? { 'aria-rowindex': index + 2 } : { 'aria-posinset': index + 1, 'aria-setsize': total }
}
