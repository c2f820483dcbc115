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
