/**
 * A ref for the first field of a dialog that somebody asked for: it takes the focus when it appears, which
 * is where WAI-ARIA's dialog pattern wants it.
 */
export function focusAtOnce(element: HTMLElement | null): void {
  element?.focus()
}

/** The same for collections of the component library, which find their first item themselves. */
export const FOCUS_FIRST = { autoFocus: 'first' } as const
