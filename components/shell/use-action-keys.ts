'use client'

import { useEffect } from 'react'
import { type Action, type ActionStore, keysOf } from './action-store.ts'
import { isChord, isCommand, type Keys } from './keys.ts'

const TYPED_INTO = 'input, textarea, select, [contenteditable="true"], [role="menu"], [role="listbox"]'
/** Overlays of the whole page. A panel beside its button is none: the page stays in use below it. */
const OVER_THE_PAGE = ':is([role="dialog"], [role="alertdialog"]):not([data-beside], [data-beside] *)'
/** In a dialog they confirm its form. */
const CONFIRMING: readonly Keys[] = ['mod+s', 'mod+Enter']
/** How long the first of two keys is remembered. */
const FIRST_KEY_MS = 1_500

/**
 * Runs the action whose keys are pressed. Chords with Ctrl, ⌘ or Alt are taken before whatever has the focus
 * hears of them: a button would open its menu. Keys that could be typing come last, and are left alone while
 * somebody types or a menu is open. While a dialog is open the page's actions rest; save and run confirm it.
 * The later of two actions with the same keys wins, as it belongs to the page and not to the frame around it.
 */
export function useActionKeys(store: ActionStore): void {
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    window.addEventListener('keydown', (event) => onCommand(event, store), { capture: true, signal })
    document.addEventListener('keydown', createTypedKeys(store), { signal })
    return () => stop.abort()
  }, [store])
}

/** A chord that cannot be typing, wherever the focus is. */
function onCommand(event: KeyboardEvent, store: ActionStore): void {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) return
  const isMeant = (keys: Keys) => isCommand(keys) && isChord(keys, event)
  const action = findAction(store, isMeant)
  const dialog = [...document.querySelectorAll(OVER_THE_PAGE)].at(-1)
  const form = dialog?.querySelector('form')
  const confirms = dialog !== undefined && CONFIRMING.some(isMeant)
  if (action === undefined && !(confirms && form)) return
  // The browser's own meaning, such as to save the page as a file, never fits here.
  event.preventDefault()
  event.stopImmediatePropagation()
  if (event.repeat) return
  if (dialog === undefined) action?.run?.()
  else if (confirms) form?.requestSubmit()
}

/** Keys such as `n` or `g p`, which somebody may also be typing. */
function createTypedKeys(store: ActionStore): (event: KeyboardEvent) => void {
  let first: { key: string; at: number } | undefined
  return (event) => {
    if (event.repeat || event.defaultPrevented || document.querySelector(OVER_THE_PAGE)) return
    if (event.target instanceof Element && event.target.closest(TYPED_INTO)) return
    const before = first !== undefined && Date.now() - first.at < FIRST_KEY_MS ? first.key : undefined
    const action = findAction(store, (keys) => !isCommand(keys) && matches(keys, event, before))
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1
    first = isPlain && action === undefined ? { key: event.key, at: Date.now() } : undefined
    if (action === undefined) return
    event.preventDefault()
    action.run?.()
  }
}

function findAction(store: ActionStore, isMeant: (keys: Keys) => boolean): Action | undefined {
  return store.read().findLast((action) => action.run !== undefined && keysOf(action).some(isMeant))
}

function matches(keys: Keys, event: KeyboardEvent, before: string | undefined): boolean {
  const [one = '', two] = keys.split(' ')
  if (two === undefined) return isChord(one, event)
  return before?.toLowerCase() === one && isChord(two, event)
}
