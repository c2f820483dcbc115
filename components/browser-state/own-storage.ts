/*
 * What a browser keeps belongs to a person in a workspace: the next person at the same machine finds nothing
 * of it. Choices of the machine, such as the theme and the density of lists, are kept apart from this.
 */

/** Stands for a page without a signed-in person. */
export const NOBODY = 'nobody'
/** Whose page was opened last; other tabs hear of a change by a `storage` event. */
export const PERSON_KEY = 'incipit-person'

/** Keys of releases that knew no accounts: everything belonged to the local owner. */
const OLD_KEY =
  /^incipit-(?:(?:draft|open|values|runs):|(?:recent|last-configuration|playground-configurations|list-scroll)$)/
const DRAFT = 'incipit-draft:'

/** How a page says whose it is. */
export function markOf(person: { id: string; workspaceId: string } | undefined): string {
  return person === undefined ? NOBODY : `${person.workspaceId}.${person.id}`
}

let known = NOBODY
let isAdopted = false
/** What is still written after this person has signed out, while the page goes. */
let isKept = (_name: string) => true

/** `workspace.actor` as the server wrote it on the page, once for all; empty where there is no page. */
function personOfPage(): string {
  const told = globalThis.document?.documentElement.dataset.person
  if (known === NOBODY) known = told ?? NOBODY
  return told === undefined ? '' : known
}

/** The storage's key of something that the page's person keeps. No old key has a slash. */
export function ownKey(name: string): string {
  const person = personOfPage()
  if (person === '') return name
  if (!isAdopted) adoptOldKeys(`${person}/`)
  return `${person}/${name}`
}

/** Gives what an older release kept to the local owner, whose it was. */
function adoptOldKeys(prefix: string): void {
  isAdopted = true
  if (globalThis.document.documentElement.dataset.isLocal === undefined) return
  for (const storage of [localStorage, sessionStorage])
    for (const key of Object.keys(storage).filter((each) => OLD_KEY.test(each))) {
      const text = storage.getItem(key) ?? ''
      storage.removeItem(key)
      if (storage.getItem(prefix + key) === null) storage.setItem(prefix + key, text)
    }
}

/** A storage as the page's person has it. Its methods throw where the browser keeps nothing. */
interface OwnStorage {
  read: (name: string) => string | null
  write: (name: string, text: string) => void
  drop: (name: string) => void
  /** All names that the person has in it. */
  names: () => string[]
}

function ownStorage(storage: () => Storage): OwnStorage {
  return {
    read: (name) => storage().getItem(ownKey(name)),
    write(name, text) {
      if (isKept(name)) storage().setItem(ownKey(name), text)
    },
    drop: (name) => storage().removeItem(ownKey(name)),
    names() {
      const prefix = ownKey('')
      const keys = Object.keys(storage()).filter((key) => key.startsWith(prefix))
      return keys.map((key) => key.slice(prefix.length))
    },
  }
}

/** Lasts. */
export const own = ownStorage(() => localStorage)
/** Lasts as long as the tab. */
export const ownOfTab = ownStorage(() => sessionStorage)

/** The prompts with text that is not saved, by name; `new` is one that has no name yet. */
export function unsavedDrafts(): string[] {
  try {
    const names = own.names().filter((name) => name.startsWith(DRAFT) && !name.endsWith(':name'))
    return [...new Set(names.map((name) => name.slice(DRAFT.length).split('#')[0] ?? ''))]
  } catch {
    return []
  }
}

/**
 * Forgets what this browser keeps for the page's person, in every tab. The page is to be left then.
 * @param keepsDrafts leaves text that is not saved, for when this person comes back
 */
export function clearBrowserState({ keepsDrafts }: { keepsDrafts: boolean }): void {
  try {
    forget(keepsDrafts)
    localStorage.setItem(PERSON_KEY, signedOut(keepsDrafts))
  } catch {
    // Where nothing can be kept there is nothing to forget.
  }
}

/** What PERSON_KEY says after the page's person has signed out. */
function signedOut(keepsDrafts: boolean): string {
  return `${NOBODY} ${keepsDrafts ? 'keeps' : 'drops'} ${personOfPage()}`
}

function forget(keepsDrafts: boolean): void {
  isKept = (name) => keepsDrafts && name.startsWith(DRAFT)
  for (const storage of [own, ownOfTab])
    for (const name of storage.names()) if (!isKept(name)) storage.drop(name)
}

/** Notes whose page this is, for the other tabs. */
export function tellPerson(): void {
  try {
    localStorage.setItem(PERSON_KEY, personOfPage())
  } catch {
    // Then other tabs learn of it at their next request.
  }
}

/**
 * Whether this person signed out in another tab, or somebody else signed in, since the page was opened. What
 * was forgotten there is forgotten here.
 */
export function hasLeft(): boolean {
  const told = localStorage.getItem(PERSON_KEY)
  if (told === null || told === personOfPage()) return false
  if (told === signedOut(false)) forget(false)
  else if (told === signedOut(true)) forget(true)
  return true
}
