'use client'

import dynamic from 'next/dynamic'
import { useMemo, useSyncExternalStore } from 'react'
import { lastingPart } from '#components/ui/part.ts'
import { Segments } from '#components/ui/segments.tsx'
import { looksLikeMarkdown } from './looks-like-markdown.ts'
import { StreamedText } from './streamed-text.tsx'

/** How answers are shown: as they are, or as the Markdown that models write. */
export type AnswerView = 'plain' | 'formatted'

/** Beyond so many characters reading a text as Markdown would hold the page up. */
const FORMATTED_LENGTH = 100_000

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

function chooseAnswerView(view: AnswerView): void {
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
function useAnswerView(text: string): AnswerView {
  const view = useSyncExternalStore(watch, choice, () => undefined)
  const guess = useMemo(() => {
    return text.length <= FORMATTED_LENGTH && looksLikeMarkdown(text) ? 'formatted' : 'plain'
  }, [text])
  return view ?? guess
}

const FormattedText = dynamic(lastingPart(async () => (await import('./formatted-text.tsx')).FormattedText))

/** The text of an answer in the chosen view. While it grows it is shown as it is. */
export function AnswerText({ text, isOpen }: { text: string; isOpen: boolean }) {
  const view = useAnswerView(isOpen ? '' : text)
  if (view === 'plain' || isOpen || text.length > FORMATTED_LENGTH)
    return <StreamedText text={text} isOpen={isOpen} />
  return <FormattedText text={text} />
}

const VIEWS = [
  { id: 'plain', label: 'Plain' },
  { id: 'formatted', label: 'Formatted' },
]

/**
 * Shows answers as they are or as Markdown; remembered for all of them.
 * @param text what has been answered to the end
 */
export function AnswerViewChoice({ text }: { text: string }) {
  const view = useAnswerView(text)
  return (
    <Segments
      name="Show answers"
      segments={VIEWS}
      value={view}
      onChange={(id) => chooseAnswerView(id === 'formatted' ? 'formatted' : 'plain')}
    />
  )
}
