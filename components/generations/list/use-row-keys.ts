'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { focusRow, rowAt } from '#components/rows/focus-row.ts'

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

/** Walks through a list while a row has the focus: arrows or j and k by one, Home and End to its ends. */
export function useRowKeys(list: RefObject<HTMLElement | null>, count: number): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isRow = event.target instanceof Element && event.target.matches('[data-row-link]')
    const row = isRow ? rowAt(event.target) : undefined
    if (!row) return
    const step = STEPS[event.key]
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : step && row.index + step
    if (to === undefined) return
    event.preventDefault()
    if (to >= 0 && to < count) focusRow(list.current, to)
  })
  useEffect(() => {
    const element = list.current
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    element?.addEventListener('keydown', listener)
    return () => element?.removeEventListener('keydown', listener)
  }, [list])
}
