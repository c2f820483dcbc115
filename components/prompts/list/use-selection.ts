'use client'

import { useCallback, useMemo, useRef, useState } from 'react'
import type { PromptSummary } from '#lib/prompts/schema.ts'

/** Which rows of a list are selected, by name. The anchor is where a range begins. */
export interface Selected {
  names: ReadonlySet<string>
  anchor: string | null
}

export const NONE_SELECTED: Selected = { names: new Set(), anchor: null }

/** Selects a row, or takes it out. */
export function toggle({ names }: Selected, name: string): Selected {
  const next = new Set(names)
  if (!next.delete(name)) next.add(name)
  return { names: next, anchor: name }
}

/**
 * Selects everything from the anchor to a row, both included; rows that were selected elsewhere stay.
 * @param order the names as they stand in the list
 */
export function extendTo({ names, anchor }: Selected, name: string, order: readonly string[]): Selected {
  const to = order.indexOf(name)
  const from = anchor === null ? to : order.indexOf(anchor)
  if (to < 0) return { names, anchor }
  if (from < 0) return { names: new Set([...names, name]), anchor: name }
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { names: new Set([...names, ...range]), anchor: anchor ?? name }
}

/** Whether a click takes everything up to there. */
export function isShiftClick(event: Event): boolean {
  return event instanceof MouseEvent && event.shiftKey
}

export interface Selection {
  /** The selected prompts that the list shows, in its order: others cannot be acted on by accident. */
  prompts: PromptSummary[]
  /** All were selected, and those that the list does not show yet are being read. */
  isReadingAll: boolean
  has: (name: string) => boolean
  toggle: (name: string) => void
  extendTo: (name: string) => void
  /** Everything that the filters find, also pages that were not read yet. */
  all: () => void
  clear: () => void
}

/**
 * The selection of a list; it keeps the rows that filters hide, and forgets them when it is cleared.
 * @param readAll reads the remaining pages, and answers all; undefined where another list is shown
 */
export function useSelection(
  shown: readonly PromptSummary[],
  readAll: () => Promise<readonly PromptSummary[] | undefined>,
): Selection {
  const [selected, setSelected] = useState(NONE_SELECTED)
  const [isReadingAll, setReadingAll] = useState(false)
  const turn = useRef(0)
  const change = useCallback((next: (before: Selected) => Selected) => {
    turn.current += 1
    setReadingAll(false)
    setSelected(next)
  }, [])
  const clear = useCallback(() => change(() => NONE_SELECTED), [change])
  const prompts = useMemo(
    () => (selected.names.size === 0 ? [] : shown.filter(({ name }) => selected.names.has(name))),
    [shown, selected],
  )
  const order = () => shown.map(({ name }) => name)
  const all = async () => {
    change(() => everyOne(shown))
    setReadingAll(true)
    const mine = turn.current
    const read = await readAll()
    // A newer selection wins.
    if (turn.current === mine) change((before) => (read === undefined ? before : everyOne(read)))
  }
  return {
    prompts,
    isReadingAll,
    has: (name) => selected.names.has(name),
    toggle: (name) => change((before) => toggle(before, name)),
    extendTo: (name) => change((before) => extendTo(before, name, order())),
    all: () => void all(),
    clear,
  }
}

function everyOne(prompts: readonly PromptSummary[]): Selected {
  return { names: new Set(prompts.map(({ name }) => name)), anchor: prompts[0]?.name ?? null }
}
