'use client'

import { useEffect, useState } from 'react'
import { columnsInSight, type InSight } from './columns-in-sight.ts'

/** Which children of a box that scrolls across are seen: give `ref` to the box. */
export function useColumnsInSight(): {
  ref: (box: HTMLOListElement | null) => void
  inSight: InSight | undefined
} {
  const [box, ref] = useState<HTMLOListElement | null>(null)
  const [inSight, setInSight] = useState<InSight>()
  useEffect(() => {
    if (box === null) return
    const look = () => {
      const columns = [...box.children].map((column) => column.getBoundingClientRect())
      const next = columnsInSight(columns, box.getBoundingClientRect())
      setInSight((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next))
    }
    // Each calls once it begins to observe.
    const sizes = new ResizeObserver(look)
    const observe = () => {
      for (const each of [box, ...box.children]) sizes.observe(each)
      look()
    }
    const children = new MutationObserver(observe)
    observe()
    children.observe(box, { childList: true })
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      children.disconnect()
      box.removeEventListener('scroll', look)
    }
  }, [box])
  return { ref, inSight }
}
