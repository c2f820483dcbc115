/** Which rows of a list are selected, by name. The anchor is where a range begins. */
export interface Selected {
  names: ReadonlySet<string>
  anchor: string | null
}

export const NONE_SELECTED: Selected = { names: new Set(), anchor: null }

/** Selects a row, or takes it out. */
export function toggle({ names }: Selected, name: string): Selected {
  const next = new Set(names)
  if (!next.delete(name)) next.add(name)
  return { names: next, anchor: name }
}

/**
 * Selects everything from the anchor to a row, both included; what was selected elsewhere stays.
 * @param order the names as they stand in the list
 */
export function extendTo({ names, anchor }: Selected, name: string, order: readonly string[]): Selected {
  const to = order.indexOf(name)
  const from = anchor === null ? to : order.indexOf(anchor)
  if (to < 0) return { names, anchor }
  if (from < 0) return { names: new Set([...names, name]), anchor: name }
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { names: new Set([...names, ...range]), anchor: anchor ?? name }
}

/** Whether a click takes everything up to there. */
export function isShiftClick(event: Event): boolean {
  return event instanceof MouseEvent && event.shiftKey
}
