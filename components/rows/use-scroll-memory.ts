'use client'

import { useEffect, useLayoutEffect, useRef } from 'react'
import { ownOfTab } from '#components/browser-state/own-storage.ts'
import { rowAt } from './focus-row.ts'

const KEY = 'incipit-list-scroll'
/** A list that is shown this soon after the history moved was reached by Back or Forward. */
const SOON_MS = 3_000
/** Frames in which the rows of a virtual list come back to their height. */
const FRAMES = 20

/** Frames in which it is seen to that they stay. */
const STEADY_FRAMES = 6

interface Position {
  /** Of the list, with its filters. */
  href: string
  top: number
  /** The row that was clicked, and how far from the top of the window it was. */
  row?: string | undefined
  at?: number | undefined
}

let movedAt = Number.NEGATIVE_INFINITY
if (typeof window !== 'undefined')
  window.addEventListener('popstate', () => {
    movedAt = performance.now()
  })

/**
 * Back to the list finds it where it was left. The browser's own memory comes too early for rows that are
 * only rendered afterwards.
 */
export function useScrollMemory(href: string): void {
  const current = useRef(href)
  useEffect(() => {
    current.current = href
  }, [href])
  useLayoutEffect(() => {
    const left = performance.now() - movedAt < SOON_MS ? readPosition(current.current) : undefined
    let frame = 0
    if (left !== undefined) {
      let tries = 0
      const restore = () => {
        const top = wantedTop(left)
        window.scrollTo({ top, behavior: 'instant' })
        if (Math.abs(window.scrollY - top) > 2 && ++tries < FRAMES) frame = requestAnimationFrame(restore)
        // Rows may still come to another height than was expected of them.
        else if (++tries < STEADY_FRAMES) frame = requestAnimationFrame(restore)
      }
      restore()
    }
    // Following a link scrolls up before this list goes: the place of the click counts.
    const onClick = (event: MouseEvent) => {
      const row = rowAt(event.target)?.name
      const at = row === undefined ? undefined : rowTop(row)
      const left: Position = { href: current.current, top: window.scrollY, row, at }
      ownOfTab.write(KEY, JSON.stringify(left))
    }
    document.addEventListener('click', onClick, { capture: true })
    return () => {
      cancelAnimationFrame(frame)
      document.removeEventListener('click', onClick, { capture: true })
    }
  }, [])
}

/** Where the page has to be scrolled to: the row that was clicked is where it was, as soon as it is there. */
function wantedTop({ top, row, at }: Position): number {
  const now = row === undefined ? undefined : rowTop(row)
  return now === undefined || at === undefined ? top : window.scrollY + now - at
}

function rowTop(name: string): number | undefined {
  return document.querySelector(`[data-row-link="${name}"]`)?.getBoundingClientRect().top
}

function readPosition(href: string): Position | undefined {
  try {
    const kept = JSON.parse(ownOfTab.read(KEY) ?? 'null') as Partial<Position> | null
    const { top, row, at } = kept ?? {}
    if (kept?.href !== href || typeof top !== 'number') return undefined
    return typeof row === 'string' && typeof at === 'number' ? { href, top, row, at } : { href, top }
  } catch {
    return undefined
  }
}
