'use client'

import { Rows2, Rows4 } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from '#components/ui/button.tsx'

/** How much of each row a list shows: all of it, or one line. */
export type Density = 'comfortable' | 'compact'

const KEY = 'incipit-density'
const listeners = new Set<() => void>()
/** The choice in this tab, also where the browser stores nothing. */
let chosen: Density | undefined

/**
 * The density of every list, as it was chosen last in this browser.
 * @param usual the density of a list before the first choice
 */
export function useDensity(usual: Density): [Density, (density: Density) => void] {
  const kept = useSyncExternalStore(subscribe, read, () => undefined)
  return [kept ?? usual, choose]
}

/** The choice for every list; undefined: each list has its usual density. */
export function useDensityChoice(): [Density | undefined, (density: Density | undefined) => void] {
  return [useSyncExternalStore(subscribe, read, () => undefined), choose]
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

function choose(density: Density | undefined): void {
  chosen = density
  try {
    if (density === undefined) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, density)
  } catch {
    // Then it lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

/** Turns lists between one line a row and all of each row. */
export function DensitySwitch({
  density,
  onChange,
}: {
  density: Density
  onChange: (density: Density) => void
}) {
  const isCompact = density === 'compact'
  const next = isCompact ? 'Show all of each row' : 'Show one line a row'
  return (
    <Button
      look="quiet"
      square
      aria-label="One line a row"
      aria-pressed={isCompact}
      onPress={() => onChange(isCompact ? 'comfortable' : 'compact')}
    >
      <span title={next} className="contents">
        {isCompact ? <Rows2 aria-hidden="true" /> : <Rows4 aria-hidden="true" />}
      </span>
    </Button>
  )
}
