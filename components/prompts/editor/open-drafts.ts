import { ownTab } from './own-tab.ts'

/** Browsers wake a tab that nobody sees once a minute. */
const ALIVE_MS = 150_000

/** Which tabs write on a draft: `incipit-open:greet#tab`, with since when, and when it was said last. */
const prefixOf = (draft: string) => `incipit-open:${draft}#`
const keyOf = (draft: string, tab = ownTab()) => `${prefixOf(draft)}${tab}`

interface Open {
  since: number
  at: number
}

/** Says that this tab writes on a draft; to be said again now and then. Other tabs hear a `storage` event. */
export function sayOpen(draft: string, since: number): void {
  try {
    localStorage.setItem(keyOf(draft), JSON.stringify({ since, at: Date.now() } satisfies Open))
  } catch {
    // Then it counts as gone, and writes its draft again when another tab takes it.
  }
}

export function sayClosed(draft: string): void {
  try {
    localStorage.removeItem(keyOf(draft))
  } catch {
    // Then nothing stands there either.
  }
}

/** Whether a tab wrote on a draft a moment ago. */
export function isOpenIn(draft: string, tab: string): boolean {
  const open = readOpen(localStorage.getItem(keyOf(draft, tab)))
  return open !== undefined && Date.now() - open.at < ALIVE_MS
}

/** Whether any other tab writes on it. */
export function isOpenElsewhere(draft: string): boolean {
  try {
    const prefix = prefixOf(draft)
    return Object.keys(localStorage).some(
      (key) => key.startsWith(prefix) && key !== keyOf(draft) && isOpenIn(draft, key.slice(prefix.length)),
    )
  } catch {
    return false
  }
}

/** Whether a change of the storage is about who writes on a draft. */
export function concernsOpen(draft: string, { key }: StorageEvent): boolean {
  return key?.startsWith(prefixOf(draft)) ?? true
}

/** Whether another tab has this one's mark, as a duplicated one has: which of the two was there first. */
export function rivalOf(
  draft: string,
  since: number,
  { key, newValue }: StorageEvent,
): 'older' | 'younger' | undefined {
  const open = key === keyOf(draft) ? readOpen(newValue) : undefined
  if (open === undefined || open.since === since) return undefined
  return open.since < since ? 'older' : 'younger'
}

function readOpen(text: string | null): Open | undefined {
  return text === null ? undefined : (JSON.parse(text) as Open)
}
