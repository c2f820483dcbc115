'use client'

import { useEffect, useLayoutEffect, useRef } from 'react'

const KEY = 'incipit-list-scroll'
/** A list that is shown this soon after the history moved was reached by Back or Forward. */
const SOON_MS = 3_000
/** Frames in which the rows of a virtual list come back to their height. */
const FRAMES = 20

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
        window.scrollTo({ top: left, behavior: 'instant' })
        if (Math.abs(window.scrollY - left) > 2 && ++tries < FRAMES) frame = requestAnimationFrame(restore)
      }
      restore()
    }
    // Following a link scrolls up before this list goes: what counts is where the click happened.
    const onClick = () =>
      sessionStorage.setItem(KEY, JSON.stringify({ href: current.current, top: window.scrollY }))
    document.addEventListener('click', onClick, { capture: true })
    return () => {
      cancelAnimationFrame(frame)
      document.removeEventListener('click', onClick, { capture: true })
    }
  }, [])
}

function readPosition(href: string): number | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    if (typeof kept !== 'object' || kept === null || !('href' in kept) || !('top' in kept)) return undefined
    return kept.href === href && typeof kept.top === 'number' ? kept.top : undefined
  } catch {
    return undefined
  }
}
