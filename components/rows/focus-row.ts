'use client'

import { type RefObject, useEffect, useRef } from 'react'

/** Asks a virtual list, by an event on its element, to bring a row into sight; `detail` is the row's index. */
export const REVEAL_ROW = 'incipit:reveal-row'

/** Frames in which a row that was far away has to appear. */
const PATIENCE = 30

/** The row that an element is in: the index counts from 0. */
export function rowAt(target: EventTarget | null): { index: number; name: string } | undefined {
  const item = target instanceof Element ? target.closest('[data-index]') : null
  const name = item?.querySelector('[data-row-link]')?.getAttribute('data-row-link')
  return item && name ? { index: Number(item.getAttribute('data-index')), name } : undefined
}

/** Puts the focus on a row, which a virtual list brings into sight first. */
export function focusRow(list: HTMLElement | null, index: number): void {
  const find = () => list?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row-link]`)
  const there = find()
  if (there) return there.focus()
  list?.querySelector('[data-virtual]')?.dispatchEvent(new CustomEvent(REVEAL_ROW, { detail: index }))
  let frames = 0
  const wait = () => {
    const row = find()
    if (row) row.focus()
    else if (++frames < PATIENCE) requestAnimationFrame(wait)
  }
  requestAnimationFrame(wait)
}

/**
 * The way into a list from anywhere on its page: to the row where one was last, else to the first.
 * @param count rows of the list
 */
export function useEnterList(list: RefObject<HTMLElement | null>, count: number): () => void {
  const last = useRef(0)
  useEffect(() => {
    const element = list.current
    const onFocus = ({ target }: FocusEvent) => {
      last.current = rowAt(target)?.index ?? last.current
    }
    element?.addEventListener('focusin', onFocus)
    return () => element?.removeEventListener('focusin', onFocus)
  }, [list])
  return () => {
    if (count > 0) focusRow(list.current, Math.min(last.current, count - 1))
  }
}
