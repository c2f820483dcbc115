'use client'

import { useEffect, useEffectEvent } from 'react'
import type { Prompt } from '#lib/prompts/schema.ts'
import { draftOf } from './draft.ts'
import { baseOf } from './stored-draft.ts'
import type { DraftHandle } from './use-draft.ts'

/** While nothing is written the editor shows what is newest; a newer ETag of the same version is taken over. */
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
