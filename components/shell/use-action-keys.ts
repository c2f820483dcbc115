'use client'

import { useEffect } from 'react'
import { type ActionStore, keysOf } from './action-store.ts'
import { isChord, isCommand, type Keys } from './keys.ts'

const TYPED_INTO = 'input, textarea, select, [contenteditable="true"], [role="menu"], [role="listbox"]'
const OVER_THE_PAGE = '[role="dialog"], [role="alertdialog"]'
/** How long the first of two keys is remembered. */
const FIRST_KEY_MS = 1_500

/**
 * Runs the action whose keys are pressed. Keys that could be typing are left alone while somebody types
 * or a menu is open, and all are while a dialog is; the later of two actions with the same keys wins, as
 * it belongs to the page and not to the frame around it.
 */
export function useActionKeys(store: ActionStore): void {
  useEffect(() => {
    let first: { key: string; at: number } | undefined
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.repeat || event.defaultPrevented || document.querySelector(OVER_THE_PAGE)) return
      const target = event.target instanceof Element ? event.target : undefined
      const isTyping = Boolean(target?.closest(TYPED_INTO))
      const before = first !== undefined && Date.now() - first.at < FIRST_KEY_MS ? first.key : undefined
      const action = store
        .read()
        .findLast(
          (candidate) =>
            candidate.run !== undefined &&
            keysOf(candidate).some((keys) => (isCommand(keys) || !isTyping) && matches(keys, event, before)),
        )
      const isPlain = !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1
      first = isPlain && action === undefined ? { key: event.key, at: Date.now() } : undefined
      if (action === undefined) return
      event.preventDefault()
      action.run?.()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [store])
}

function matches(keys: Keys, event: KeyboardEvent, before: string | undefined): boolean {
  const [one = '', two] = keys.split(' ')
  if (two === undefined) return isChord(one, event)
  return before?.toLowerCase() === one && isChord(two, event)
}
