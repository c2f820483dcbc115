'use client'

import { useMemo, useSyncExternalStore } from 'react'
import { COLUMNS, type GenerationColumn } from './columns.tsx'

const KEY = 'incipit-generation-columns'
const USUAL = COLUMNS.filter(({ isExtra }) => isExtra !== true)
const listeners = new Set<() => void>()
/** The choice in this tab, also where the browser stores nothing. */
let chosen: string | undefined

/** The columns of the table of generations, as they were chosen last in this browser. */
export function useShownColumns(): [readonly GenerationColumn[], (keys: readonly string[]) => void] {
  const kept = useSyncExternalStore(subscribe, read, () => undefined)
  const columns = useMemo(() => {
    const keys = kept?.split(',')
    return keys === undefined ? USUAL : COLUMNS.filter(({ key }) => keys.includes(key))
  }, [kept])
  return [columns, choose]
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function read(): string | undefined {
  try {
    chosen ??= localStorage.getItem(KEY) ?? undefined
  } catch {
    // Then it lasts as long as the page.
  }
  return chosen
}

function choose(keys: readonly string[]): void {
  chosen = keys.join(',')
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // Then it lasts as long as the page.
  }
  for (const listener of listeners) listener()
}
