import { useEffect, useState } from 'react'
import { own, ownKey } from '#components/browser-state/own-storage.ts'

/** Survives a reload, and is another one in every tab. */
const KEY = 'incipit-tab'
let known: string | undefined

/** The id of this browser tab. */
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
    // After a reload it is another tab, which takes over the drafts of this one.
  }
  return known
}

/** Browsers wake a hidden tab once a minute. */
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
    own.write(keyOf(draft), JSON.stringify({ since, at: Date.now() } satisfies Open))
  } catch {
    // Without storage this tab counts as closed, and writes its draft again when another tab takes it.
  }
}

export function sayClosed(draft: string): void {
  try {
    own.drop(keyOf(draft))
  } catch {
    // Without storage there is no entry either.
  }
}

/** Whether a tab wrote on a draft a moment ago. */
export function isOpenIn(draft: string, tab: string): boolean {
  const open = readOpen(own.read(keyOf(draft, tab)))
  return open !== undefined && Date.now() - open.at < ALIVE_MS
}

/** Whether any other tab writes on it. */
export function isOpenElsewhere(draft: string): boolean {
  try {
    const prefix = prefixOf(draft)
    return own
      .names()
      .some(
        (key) => key.startsWith(prefix) && key !== keyOf(draft) && isOpenIn(draft, key.slice(prefix.length)),
      )
  } catch {
    return false
  }
}

/** Whether a change of the storage concerns the tabs that write on a draft. */
function concernsOpen(draft: string, { key }: StorageEvent): boolean {
  return key?.startsWith(ownKey(prefixOf(draft))) ?? true
}

/** Whether another tab has this one's mark, as a duplicated one has: which of the two was there first. */
export function rivalOf(
  draft: string,
  since: number,
  { key, newValue }: StorageEvent,
): 'older' | 'younger' | undefined {
  const open = key === ownKey(keyOf(draft)) ? readOpen(newValue) : undefined
  if (open === undefined || open.since === since) return undefined
  return open.since < since ? 'older' : 'younger'
}

function readOpen(text: string | null): Open | undefined {
  return text === null ? undefined : (JSON.parse(text) as Open)
}

const SAY_AGAIN_MS = 20_000

/**
 * Whether another tab of this browser writes on the same draft.
 * @param draft the prompt's name, or `new`
 */
export function useOtherTabs(draft: string): boolean {
  const [isElsewhere, setElsewhere] = useState(false)
  useEffect(() => {
    const since = performance.timeOrigin + performance.now()
    const open = () => {
      sayOpen(draft, since)
      setElsewhere(isOpenElsewhere(draft))
    }
    const close = () => sayClosed(draft)
    const onStorage = (event: StorageEvent) => {
      if (!concernsOpen(draft, event)) return
      const rival = rivalOf(draft, since, event)
      // The older tab keeps the id that both have.
      if (rival === 'older') newTab()
      if (rival !== undefined) sayOpen(draft, since)
      setElsewhere(isOpenElsewhere(draft))
    }
    const timer = setInterval(open, SAY_AGAIN_MS)
    queueMicrotask(open)
    window.addEventListener('storage', onStorage)
    window.addEventListener('pagehide', close)
    window.addEventListener('pageshow', open)
    return () => {
      clearInterval(timer)
      close()
      window.removeEventListener('storage', onStorage)
      window.removeEventListener('pagehide', close)
      window.removeEventListener('pageshow', open)
    }
  }, [draft])
  return isElsewhere
}
