'use client'

import { useMemo, useSyncExternalStore } from 'react'
import { looksLikeMarkdown } from './looks-like-markdown.ts'

/** How answers are shown: as they are, or as the Markdown that models write. */
export type AnswerView = 'plain' | 'formatted'

/** Beyond so many characters reading a text as Markdown would hold the page up. */
export const FORMATTED_LENGTH = 100_000

const KEY = 'incipit-answer-view'
const watchers = new Set<() => void>()
/** Where storage is forbidden the choice lasts as long as the page. */
let chosen: AnswerView | undefined

function choice(): AnswerView | undefined {
  if (chosen !== undefined) return chosen
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'formatted' || kept === 'plain' ? kept : undefined
  } catch {
    return undefined
  }
}

export function chooseAnswerView(view: AnswerView): void {
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

/**
 * How an answer is shown: as this browser's reader chose for all of them, and before the first choice by what is
 * in it.
 */
export function useAnswerView(text: string): AnswerView {
  const view = useSyncExternalStore(watch, choice, () => undefined)
  const guess = useMemo(() => {
    return text.length <= FORMATTED_LENGTH && looksLikeMarkdown(text) ? 'formatted' : 'plain'
  }, [text])
  return view ?? guess
}
