'use client'

import { useSyncExternalStore } from 'react'

/** How much of each row a list shows: all of it, or one line. */
export type Density = 'comfortable' | 'compact'

const KEY = 'incipit-density'
const listeners = new Set<() => void>()
/** What was chosen in this tab, also where the browser keeps nothing. */
let chosen: Density | undefined

/**
 * The density of every list, as it was chosen last in this browser.
 * @param usual what a list has until somebody chooses
 */
export function useDensity(usual: Density): [Density, (density: Density) => void] {
  const kept = useSyncExternalStore(subscribe, read, () => undefined)
  return [kept ?? usual, choose]
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function read(): Density | undefined {
  try {
    const kept = localStorage.getItem(KEY)
    chosen ??= kept === 'compact' || kept === 'comfortable' ? kept : undefined
  } catch {
    // Then it lasts as long as the page.
  }
  return chosen
}

function choose(density: Density): void {
  chosen = density
  try {
    localStorage.setItem(KEY, density)
  } catch {
    // Then it lasts as long as the page.
  }
  for (const listener of listeners) listener()
}
