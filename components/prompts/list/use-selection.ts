'use client'

import { useCallback, useMemo, useState } from 'react'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { extendTo, NONE_SELECTED, toggle } from './selection.ts'

export interface Selection {
  /** The selected prompts that the list shows, in its order: others cannot be acted on by accident. */
  prompts: PromptSummary[]
  has: (name: string) => boolean
  toggle: (name: string) => void
  extendTo: (name: string) => void
  all: () => void
  clear: () => void
}

/** The selection of a list; it keeps the rows that filters hide, and forgets them when it is cleared. */
export function useSelection(shown: readonly PromptSummary[]): Selection {
  const [selected, setSelected] = useState(NONE_SELECTED)
  const clear = useCallback(() => setSelected(NONE_SELECTED), [])
  const prompts = useMemo(
    () => (selected.names.size === 0 ? [] : shown.filter(({ name }) => selected.names.has(name))),
    [shown, selected],
  )
  const order = () => shown.map(({ name }) => name)
  return {
    prompts,
    has: (name) => selected.names.has(name),
    toggle: (name) => setSelected((before) => toggle(before, name)),
    extendTo: (name) => setSelected((before) => extendTo(before, name, order())),
    all: () => setSelected({ names: new Set(order()), anchor: shown[0]?.name ?? null }),
    clear,
  }
}
