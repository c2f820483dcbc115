'use client'

import { useCallback, useEffect, useEffectEvent, useReducer, useState } from 'react'
import type { Prompt } from '#lib/prompts/schema.ts'
import { type Draft, differs, draftOf, fieldsOfDraft } from './draft.ts'
import { changeDraft, type DraftChange } from './draft-change.ts'
import { useOtherTabs } from './draft-tabs.ts'
import {
  type Base,
  baseOf,
  dropStoredDraft,
  FORM,
  isOwnDraftGone,
  readStoredDraft,
  writeStoredDraft,
} from './stored-draft.ts'

const KEEP_AFTER_MS = 250

export interface DraftState {
  draft: Draft
  /** The version that it began from; undefined for a prompt that does not exist yet. */
  base: Base | undefined
  /** When the draft that was found after a reload was kept; undefined when there was none. */
  restoredAt: number | undefined
}

type Action =
  | { type: 'change'; change: DraftChange }
  /** A saved version takes the draft's place, or stands under it from now on. */
  | { type: 'rebase'; base: Base | undefined; draft?: Draft }
  | { type: 'discard'; base: Base | undefined; draft: Draft }
  | { type: 'restore'; base: Base | undefined; draft: Draft; at: number }

function reduce(state: DraftState, action: Action): DraftState {
  switch (action.type) {
    case 'change': {
      const draft = changeDraft(state.draft, action.change)
      return draft === state.draft ? state : { ...state, draft }
    }
    case 'rebase':
      return {
        draft: action.draft ?? state.draft,
        base: action.base,
        restoredAt: action.base?.version === state.base?.version ? state.restoredAt : undefined,
      }
    case 'discard':
      return { draft: action.draft, base: action.base, restoredAt: undefined }
    case 'restore':
      return { draft: action.draft, base: action.base, restoredAt: action.at }
  }
}

export interface DraftHandle extends DraftState {
  isDirty: boolean
  /** Whether the browser's storage was looked at: until then nothing is known of an older draft. */
  isReady: boolean
  /** Another tab of this browser writes on the same prompt. */
  isElsewhere: boolean
  change: (change: DraftChange) => void
  rebase: (base: Base | undefined, draft?: Draft) => void
  /** Goes back to the saved version. */
  discard: () => void
}

/**
 * The draft of a prompt. Only its author changes it: a version that the server sends later never does. It is
 * kept in this browser until it is saved or discarded, and comes back after a reload.
 * @param key the prompt's name, or `new`
 * @param first the version that is saved now
 */
export function useDraft(key: string, first: Base | undefined, blank: Draft): DraftHandle {
  const [state, dispatch] = useReducer(reduce, undefined, () => ({
    draft: first === undefined ? blank : draftOf(first.fields),
    base: first,
    restoredAt: undefined,
  }))
  const [isReady, setReady] = useState(false)
  const isElsewhere = useOtherTabs(key)
  const { draft, base } = state
  const isDirty = base === undefined ? differs(draft, fieldsOfDraft(blank)) : differs(draft, base.fields)

  const restore = useEffectEvent(() => {
    const stored = readStoredDraft(key)
    if (stored !== undefined) {
      // For the same base version the newest ETag is the right one.
      const isSame = stored.base?.version === first?.version
      const began = isSame ? first : stored.base
      dispatch({ type: 'restore', base: began, draft: stored.draft, at: stored.at })
    }
    setReady(true)
  })
  // Not during hydration: the first render has to match the server's.
  useEffect(() => queueMicrotask(() => restore()), [])

  useStorage(key, state, { isReady, isDirty })
  const change = useCallback((change: DraftChange) => dispatch({ type: 'change', change }), [])
  const rebase = useCallback(
    (next: Base | undefined, replaced?: Draft) =>
      dispatch({ type: 'rebase', base: next, ...(replaced && { draft: replaced }) }),
    [],
  )
  const discard = useCallback(() => {
    dropStoredDraft(key)
    dispatch({ type: 'discard', base: first, draft: first === undefined ? blank : draftOf(first.fields) })
  }, [key, first, blank])
  return { ...state, isDirty, isReady, isElsewhere, change, rebase, discard }
}

/** Stores the draft in this browser, as long as it is not saved. */
function useStorage(
  key: string,
  { draft, base }: DraftState,
  { isReady, isDirty }: Pick<DraftHandle, 'isReady' | 'isDirty'>,
): void {
  const keep = useEffectEvent((draft: Draft, base: Base | undefined) => {
    if (!isReady) return
    if (isDirty) writeStoredDraft(key, { form: FORM, base, draft, at: Date.now() })
    else dropStoredDraft(key)
  })
  const keepNow = useEffectEvent(() => keep(draft, base))
  useEffect(() => {
    if (!isReady) return
    const timer = setTimeout(() => keep(draft, base), KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [draft, base, isReady])
  useEffect(() => {
    const onHide = () => keepNow()
    // Another tab took the draft over, as if this tab were closed.
    const onStorage = (event: StorageEvent) => {
      if (isOwnDraftGone(key, event)) keepNow()
    }
    addEventListener('storage', onStorage)
    addEventListener('pagehide', onHide)
    document.addEventListener('visibilitychange', onHide)
    return () => {
      removeEventListener('storage', onStorage)
      removeEventListener('pagehide', onHide)
      document.removeEventListener('visibilitychange', onHide)
      onHide()
    }
  }, [key])
}

/** An untouched draft follows the newest version; a newer ETag of the same version is always taken over. */
export function useFollowing(prompt: Prompt, handle: DraftHandle): void {
  const follow = useEffectEvent((prompt: Prompt) => {
    const { base, isDirty, isReady } = handle
    if (base === undefined || !isReady) return
    if (prompt.version > base.version && !isDirty) {
      const next = baseOf(prompt)
      handle.rebase(next, draftOf(next.fields))
    } else if (prompt.version === base.version && prompt.etag !== base.etag) {
      handle.rebase({ ...base, etag: prompt.etag })
    }
  })
  useEffect(() => follow(prompt), [prompt])
}
