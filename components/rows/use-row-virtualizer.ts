'use client'

import { defaultRangeExtractor, measureElement, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useState } from 'react'
import { checkHeights, rememberedHeight, rememberHeight } from './row-heights.ts'

/** Rows beyond the edges that stay ready for the arrow keys and a fast wheel. */
const OVERSCAN = 10

interface Rows {
  count: number
  keyOf: (index: number) => string | number
  /** The height of a row that was never seen. */
  aboutARow: number
  /** The row that must stay although it is out of sight: it has the focus. */
  kept: RefObject<number | null>
  list: RefObject<HTMLElement | null>
}

/** Which rows of a list that scrolls with the page are to be rendered, and where. */
export function useRowVirtualizer({ count, keyOf, aboutARow, kept, list }: Rows) {
  const [margin, setMargin] = useState(0)
  // A page of rows came, or an edit took some away.
  useLayoutEffect(() => {
    checkHeights()
    setMargin((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
  }, [count, keyOf, list])
  const virtualizer = useWindowVirtualizer<HTMLElement>({
    count,
    estimateSize: (index) => rememberedHeight(keyOf(index)) ?? aboutARow,
    measureElement: (row, entry, own) => {
      const height = measureElement(row, entry, own)
      rememberHeight(keyOf(own.indexFromElement(row)), height)
      return height
    },
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: 80,
    scrollPaddingEnd: 24,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    useFlushSync: false,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      const row = kept.current
      if (row === null || row >= range.count || shown.includes(row)) return shown
      return [...shown, row].sort((a, b) => a - b)
    },
  })
  return {
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    /** What is above the list; the starts of the items count from the top of the page. */
    margin,
    measure: virtualizer.measureElement,
    reveal: virtualizer.scrollToIndex,
  }
}
