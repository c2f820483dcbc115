'use client'

import {
  defaultRangeExtractor,
  measureElement,
  observeWindowOffset,
  observeWindowRect,
  type Range,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { checkHeights, rememberedHeight, rememberHeight } from './row-heights.ts'

/** Rows beyond the edges that stay ready for the arrow keys and a fast wheel. */
const OVERSCAN = 10

interface View {
  items: VirtualItem[]
  height: number
  /** The height above the list; the starts of the items count from the top of the page. */
  margin: number
}

interface Rows {
  count: number
  keyOf: (index: number) => string | number
  /** The height of a row that was never seen. */
  aboutARow: number
  /** The row that must stay although it is out of sight: it has the focus. */
  kept: RefObject<number | null>
  list: RefObject<HTMLElement | null>
}

type Core = Virtualizer<Window, HTMLElement>

/**
 * Which rows of a list that scrolls with the page are to be rendered, and where. The virtualizer itself stays
 * out of React's sight: what it computes comes as plain state, which may be memoized.
 */
export function useRowVirtualizer(rows: Rows) {
  const [view, setView] = useState<View>({ items: [], height: rows.count * rows.aboutARow, margin: 0 })
  const core = useRef<Core | null>(null)
  const options = useEffectEvent(() => optionsFor(rows, (virtualizer) => setView(viewOf(virtualizer))))

  useLayoutEffect(() => {
    const virtualizer: Core = new Virtualizer(options())
    core.current = virtualizer
    const stop = virtualizer._didMount()
    virtualizer._willUpdate()
    return stop
  }, [])
  // A page of rows came, or an edit took some away.
  const { count, keyOf } = rows
  useLayoutEffect(() => {
    if (!core.current || count < 0 || !keyOf) return
    core.current.setOptions(options())
    core.current._willUpdate()
    setView(viewOf(core.current))
  }, [count, keyOf])

  const measure = useCallback((row: HTMLElement | null) => core.current?.measureElement(row), [])
  const reveal = useCallback((index: number) => core.current?.scrollToIndex(index), [])
  return { ...view, measure, reveal }
}

function viewOf(virtualizer: Core): View {
  return {
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    margin: virtualizer.options.scrollMargin,
  }
}

function optionsFor(
  { count, keyOf, aboutARow, kept, list }: Rows,
  onChange: (virtualizer: Core) => void,
): VirtualizerOptions<Window, HTMLElement> {
  checkHeights()
  return {
    count,
    estimateSize: (index) => rememberedHeight(keyOf(index)) ?? aboutARow,
    measureElement: (row, entry, virtualizer) => {
      const height = measureElement(row, entry, virtualizer)
      rememberHeight(keyOf(virtualizer.indexFromElement(row)), height)
      return height
    },
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: (list.current?.getBoundingClientRect().top ?? 0) + window.scrollY,
    scrollPaddingStart: 80,
    scrollPaddingEnd: 24,
    initialOffset: () => window.scrollY,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    getScrollElement: () => window,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    onChange,
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range)
      const row = kept.current
      if (row === null || row >= range.count || shown.includes(row)) return shown
      return [...shown, row].sort((a, b) => a - b)
    },
  }
}
