'use client'

import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import type { Cursor } from './series.ts'

/** Points that are selected, the first and the last. */
export interface Brushed {
  from: number
  to: number
}

export type OnZoom = (from: number, to: number) => void

/** A pointer that moves less means the point, not a selection. */
const DRAG_PX = 6

/** Where a selection began: at which point, and where the pointer was. */
interface Start {
  point: number
  x: number | null
}

/**
 * The point that is looked at, and those that are selected by dragging or by keys. What is selected zooms when the
 * pointer is let go, or by Enter; a double click, or Enter alone, zooms into the point.
 * @param count points
 */
export function useBrush(count: number, cursor: Cursor, onZoom: OnZoom | undefined) {
  const [isHere, setHere] = useState(false)
  const [start, setStart] = useState<Start>()
  const [isDrag, setDrag] = useState(false)
  const drop = () => {
    setStart(undefined)
    setDrag(false)
  }
  const at = Math.min(cursor.at ?? count - 1, count - 1)
  const isSelection = start !== undefined && (start.x === null || isDrag) && cursor.at !== null
  const brushed = isSelection ? between(Math.min(start.point, count - 1), at) : undefined
  const zoom = ({ from, to }: Brushed) => {
    if (onZoom === undefined) return
    drop()
    cursor.move(null)
    onZoom(from, to)
  }
  const begin = (from: Start) => onZoom !== undefined && setStart(from)
  return {
    isHere,
    brushed,
    handlers: {
      ...pointerHandlers({ count, cursor, start, begin, drop, setHere, setDrag }),
      onPointerUp: () => (brushed === undefined ? drop() : zoom(brushed)),
      onDoubleClick: (event: { clientX: number; currentTarget: HTMLElement }) =>
        zoom(between(placeOf(event, count), placeOf(event, count))),
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        const next = keyTo(event, at, count)
        if (event.key === 'Enter') zoom(brushed ?? between(at, at))
        else if (event.key === 'Escape' && start !== undefined) drop()
        else if (event.key === ' ') begin({ point: at, x: null })
        else if (event.shiftKey && next !== undefined) {
          if (start === undefined) begin({ point: at, x: null })
          cursor.move(next)
        } else return
        event.preventDefault()
        event.stopPropagation()
      },
      onBlur: () => {
        drop()
        cursor.move(null)
      },
    },
  }
}

function pointerHandlers(given: {
  count: number
  cursor: Cursor
  start: Start | undefined
  begin: (from: Start) => void
  drop: () => void
  setHere: (isHere: boolean) => void
  setDrag: (isDrag: boolean) => void
}) {
  const { count, cursor, start, begin, drop, setHere, setDrag } = given
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setHere(true)
      begin({ point: placeOf(event, count), x: event.clientX })
      cursor.move(placeOf(event, count))
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      setHere(true)
      const x = start?.x ?? null
      if (x !== null && Math.abs(event.clientX - x) >= DRAG_PX) setDrag(true)
      cursor.move(placeOf(event, count))
    },
    onPointerCancel: drop,
    onPointerLeave: (event: PointerEvent<HTMLElement>) => {
      // A finger that is lifted leaves too: what it touched stays to be read.
      if (event.pointerType !== 'mouse') return
      drop()
      setHere(false)
      cursor.move(null)
    },
  }
}

const between = (one: number, other: number): Brushed => ({
  from: Math.min(one, other),
  to: Math.max(one, other),
})

/** The point below a pointer. */
function placeOf(event: { clientX: number; currentTarget: HTMLElement }, count: number): number {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * count)))
}

/** The point that a key leads to, as on a slider. */
function keyTo({ key }: { key: string }, at: number, count: number): number | undefined {
  const page = Math.max(1, Math.round(count / 10))
  const to = {
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    PageUp: at + page,
    PageDown: at - page,
    Home: 0,
    End: count - 1,
  }[key]
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to))
}
