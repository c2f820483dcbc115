/** Short messages over the page, with at most one thing to do about each. Kept here, shown by ToastRegion. */

export interface ToastAction {
  /** One word or two: "Undo", "Retry". */
  label: string
  run: () => void
}

export interface ToastContent {
  message: string
  /** More about it: which ones failed, and why. */
  detail?: string | undefined
  action?: ToastAction | undefined
  /** A failure is marked and stays until somebody closes it. */
  tone?: 'plain' | 'failure'
  /** A toast takes the place of the one with the same key. */
  key?: string
}

export interface Toast extends ToastContent {
  id: number
  /** Milliseconds that it is shown; undefined: until it is closed. */
  shownFor: number | undefined
}

const MOST_AT_ONCE = 4
const READING_MS = 5_000
/** Enough to hear the message, find the region with F6 and decide. */
const ACTING_MS = 12_000

let toasts: readonly Toast[] = []
let lastId = 0
const watchers = new Set<() => void>()

function set(next: readonly Toast[]): void {
  toasts = next
  for (const watcher of watchers) watcher()
}

/**
 * Shows a message from anywhere in the browser; readers hear it when they have finished their sentence.
 * @returns closes it again
 */
export function showToast(content: ToastContent): () => void {
  lastId += 1
  const id = lastId
  const shownFor = content.tone === 'failure' ? undefined : content.action ? ACTING_MS : READING_MS
  const others = content.key === undefined ? toasts : toasts.filter(({ key }) => key !== content.key)
  set([...others, { ...content, id, shownFor }].slice(-MOST_AT_ONCE))
  return () => closeToast(id)
}

/** Tells that something was not done, and why. @param retry offers to try again */
export function showFailure(
  message: string,
  error: unknown,
  { key, retry }: { key?: string; retry?: () => void } = {},
): void {
  showToast({
    tone: 'failure',
    message,
    detail: error instanceof Error ? error.message : undefined,
    ...(key !== undefined && { key }),
    ...(retry && { action: { label: 'Retry', run: retry } }),
  })
}

export function closeToast(id: number): void {
  if (toasts.some((toast) => toast.id === id)) set(toasts.filter((toast) => toast.id !== id))
}

/** For ToastRegion: the toasts that are shown now, and a subscription. */
export const shownToasts = () => toasts
export function watchToasts(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
