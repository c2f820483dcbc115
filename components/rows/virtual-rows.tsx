'use client'

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { REVEAL_ROW, rowAt } from './focus-row.ts'
import { elementsOf, placeOf } from './row-elements.ts'
import { expectedHeight, measureRows } from './row-heights.ts'
import type { RowsProps } from './rows.tsx'
import { useRowVirtualizer } from './use-row-virtualizer.ts'

/**
 * The rows in sight of a long list. Heights are those that rows really have: a row that was measured once
 * keeps its height while it is away. The row that has the focus is never taken out.
 */
export function VirtualRows({ ids, total, renderRow, tableRow }: RowsProps) {
  const isTable = tableRow !== undefined
  const { List, Row } = elementsOf(isTable)
  const list = useRef<HTMLElement>(null)
  const keyOf = useCallback((index: number) => ids[index] ?? index, [ids])
  const [before] = useState(() => takeOver(keyOf))
  const kept = useRef<number | null>(before.focused)
  const { items, height, margin, measure, reveal } = useRowVirtualizer({
    count: ids.length,
    keyOf,
    aboutARow: before.aboutARow,
    kept,
    list,
  })

  useFocusAgain(list, before.focused, items)
  useRowEvents(list, kept, reveal)

  return (
    <List
      ref={(element: HTMLElement | null) => {
        list.current = element
      }}
      data-virtual=""
      className="relative block"
      style={{ height }}
    >
      {items.map(({ index, key, start }) => {
        if (ids[index] === undefined) return null
        return (
          <Row
            key={key}
            ref={measure}
            data-index={index}
            {...placeOf(index, total, isTable)}
            className={classNames(tableRow, '!absolute inset-x-0 top-0', index > 0 && 'border-line border-t')}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            {renderRow(index)}
          </Row>
        )
      })}
    </List>
  )
}

/** Gives the focus back to the row that had it before the rows were laid out anew. */
function useFocusAgain(
  list: RefObject<HTMLElement | null>,
  focused: number | null,
  items: readonly unknown[],
): void {
  const toFocus = useRef(focused)
  useLayoutEffect(() => {
    if (toFocus.current === null || items.length === 0) return
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${toFocus.current}"] [data-row-link]`)
    toFocus.current = null
    if (document.activeElement === document.body) row?.focus({ preventScroll: true })
  }, [list, items])
}

/** Brings rows into sight on request, and keeps the row that has the focus. */
function useRowEvents(
  list: RefObject<HTMLElement | null>,
  kept: RefObject<number | null>,
  reveal: (index: number) => void,
): void {
  useEffect(() => {
    const element = list.current
    const listeners = {
      [REVEAL_ROW]: (event: Event) => {
        if (event instanceof CustomEvent) reveal(Number(event.detail))
      },
      focusin: (event: Event) => {
        kept.current = rowAt(event.target)?.index ?? null
      },
      focusout: () => {
        kept.current = null
      },
    }
    for (const [type, listener] of Object.entries(listeners)) element?.addEventListener(type, listener)
    return () => {
      for (const [type, listener] of Object.entries(listeners)) element?.removeEventListener(type, listener)
    }
  }, [list, kept, reveal])
}

/** Takes heights and focus from the plain rows that these replace. */
function takeOver(keyOf: (index: number) => string | number) {
  if (typeof document === 'undefined') return { aboutARow: expectedHeight(), focused: null }
  measureRows(keyOf)
  return { aboutARow: expectedHeight(), focused: rowAt(document.activeElement)?.index ?? null }
}
