'use client'

import { useEffect, useEffectEvent } from 'react'

const TYPED_INTO = 'input, textarea, select, [contenteditable="true"]'

/**
 * Runs something when a key is pressed anywhere on the page. A bare key is left alone while somebody
 * types or a dialog is open; `withCommand` means Ctrl, or ⌘ on a Mac, and works while typing.
 */
export function useShortcut(key: string, run: () => void, { withCommand = false } = {}): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== key || event.altKey || event.repeat || event.defaultPrevented) return
    if ((event.ctrlKey || event.metaKey) !== withCommand) return
    const target = event.target instanceof Element ? event.target : undefined
    if (!withCommand && target?.closest(TYPED_INTO)) return
    if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return
    event.preventDefault()
    run()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
