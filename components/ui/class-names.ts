/** Joins the class names that are there. */
export function classNames(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}

/** The panel that menus and lists of choices open in. */
export const POPOVER_CLASS =
  'min-w-(--trigger-width) max-w-[calc(100vw-1.5rem)] rounded-lg border border-line bg-surface p-1 shadow-float outline-none'

/** One line of a menu or a list of choices. */
export const ITEM_CLASS =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded px-2 py-1 text-sm text-ink outline-none ' +
  'data-focused:bg-hover data-focus-visible:outline-solid data-focus-visible:outline-2 data-focus-visible:outline-(--focus) data-focus-visible:-outline-offset-2 ' +
  'data-disabled:text-ink-faint [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint'
