/** Survives a reload, and is another one in every tab. */
const KEY = 'incipit-tab'
let known: string | undefined

/** What tells this tab of the browser from the others. */
export function ownTab(): string {
  if (known !== undefined) return known
  try {
    known = sessionStorage.getItem(KEY) ?? newTab()
  } catch {
    known = crypto.randomUUID()
  }
  return known
}

/** A tab that was duplicated has the other one's mark, until it learns of it. */
export function newTab(): string {
  known = crypto.randomUUID()
  try {
    sessionStorage.setItem(KEY, known)
  } catch {
    // After a reload it is another tab, which takes over what this one left.
  }
  return known
}

/** Browsers wake a tab that nobody sees once a minute. */
const ALIVE_MS = 150_000
const beatOf = (tab: string) => `${KEY}:${tab}`

/** Says that this tab is there; to be said again now and then. */
export function beat(): void {
  try {
    localStorage.setItem(beatOf(ownTab()), String(Date.now()))
  } catch {
    // Then it counts as gone, and writes its drafts again when another tab takes them.
  }
}

/** Says that this tab writes on nothing any more. */
export function endBeat(): void {
  try {
    localStorage.removeItem(beatOf(ownTab()))
  } catch {
    // Then nothing stands there either.
  }
}

/** Whether a tab was there a moment ago. */
export function isAlive(tab: string): boolean {
  const at = Number(localStorage.getItem(beatOf(tab)))
  return Date.now() - at < ALIVE_MS
}
