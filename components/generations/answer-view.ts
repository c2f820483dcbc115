'use client'

import { useSyncExternalStore } from 'react'

/** How answers are shown: as they are, or as the Markdown that models write. */
export type AnswerView = 'plain' | 'formatted'

const KEY = 'incipit-answer-view'
const watchers = new Set<() => void>()
/** Where storage is forbidden the choice lasts as long as the page. */
let chosen: AnswerView | undefined

function shown(): AnswerView {
  if (chosen !== undefined) return chosen
  try {
    return localStorage.getItem(KEY) === 'formatted' ? 'formatted' : 'plain'
  } catch {
    return 'plain'
  }
}

function choose(view: AnswerView): void {
  chosen = view
  try {
    localStorage.setItem(KEY, view)
  } catch {
    // Storage is full or forbidden: then it is not remembered.
  }
  for (const call of watchers) call()
}

function watch(call: () => void): () => void {
  watchers.add(call)
  return () => void watchers.delete(call)
}

/** The choice of this browser, for all answers alike, and what changes it. */
export function useAnswerView(): [AnswerView, (view: AnswerView) => void] {
  return [useSyncExternalStore(watch, shown, () => 'plain'), choose]
}
