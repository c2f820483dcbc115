'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { focusRow, rowAt } from './focus-row.ts'

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
