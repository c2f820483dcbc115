'use client'

import { useEffect, useState } from 'react'
import { lastingPart } from '#components/ui/part.ts'
import type { Checked } from './check.ts'
import type { Draft } from './draft.ts'

const loadCheck = lastingPart(() => import('./check.ts'))

/** After the last letter; with the check itself far below the half second in which a mark has to show. */
const QUIET_MS = 120

/** What is wrong with the draft, a moment after it changed; undefined until the first check. */
export function useCheck(draft: Draft): Checked | undefined {
  const [checked, setChecked] = useState<Checked>()
  useEffect(() => {
    let wanted = true
    const check = async () => {
      const { checkDraft } = await loadCheck()
      if (wanted) setChecked(checkDraft(draft))
    }
    const timer = setTimeout(() => void check(), QUIET_MS)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [draft])
  return checked
}
