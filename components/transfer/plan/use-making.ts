'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { refreshLists } from '#components/prompts/list-cache.ts'
import { counted } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import { importQuery, sendImport } from '../requests.ts'
import { useUndoImport } from '../result/use-undo-import.ts'
import type { Asked, Progress } from './use-trial.ts'

/**
 * The import itself: one request, which can be stopped; then its page.
 * @param onMade forgets what was brought
 */
export function useMaking(now: Asked, onMade: () => void) {
  const queries = useQueryClient()
  const tell = useTelling()
  const [progress, setProgress] = useState<Progress>()
  const [failed, setFailed] = useState<{ serial: number; error: Error }>()
  const stop = useRef<AbortController>(null)
  const run = async () => {
    const mine = new AbortController()
    stop.current = mine
    setFailed(undefined)
    setProgress({ sent: 0, total: 0 })
    const onSent = (sent: number, total: number) => setProgress({ sent, total })
    const sending = { isTrial: false, idempotencyKey: keyOf(now), signal: mine.signal, onSent }
    try {
      const { id, counts, items } = await sendImport(now.brought, now.plan, sending)
      onMade()
      if (id !== null)
        await tell(id, counts.create + counts.version + items.filter(({ moved }) => moved).length)
    } catch (error) {
      const told = error instanceof Error ? error : new Error(String(error))
      if (!mine.signal.aborted) setFailed({ serial: now.serial, error: told })
    } finally {
      setProgress(undefined)
    }
  }
  const cancel = () => {
    stop.current?.abort()
    showToast({ message: 'The import was stopped.', detail: whatIsLeft(progress) })
    void queries.invalidateQueries({ queryKey: ['imports'] })
  }
  return {
    progress,
    /** Why the import failed, until something is changed. */
    error: failed?.serial === now.serial ? failed.error : undefined,
    run: () => void run(),
    cancel,
  }
}

/** The last key of this tab, which outlives the page as what is brought does. */
let last = { serial: -1, key: '' }

/** The key of a request: the same import sent again, after an answer that was lost, is not made twice. */
function keyOf({ serial }: Asked): string {
  if (last.serial !== serial) last = { serial, key: crypto.randomUUID() }
  return last.key
}

/** Says that an import is made, with its undo, and leads to its page, unless somebody went on to another one. */
function useTelling(): (id: string, count: number) => Promise<void> {
  const router = useRouter()
  const queries = useQueryClient()
  const undo = useUndoImport()
  const isHere = useRef(false)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  return async (id, count) => {
    const action = { label: 'Undo', run: () => void undo(id) }
    showToast({ key: id, message: `${counted(count, 'prompt')} imported.`, action })
    if (isHere.current) router.push(`/import/${id}`)
    await Promise.all([
      refreshLists(queries),
      queries.invalidateQueries({ queryKey: ['imports'] }),
      queries.prefetchQuery(importQuery(id)),
    ])
  }
}

function whatIsLeft(progress: Progress | undefined): string {
  const isOut = progress !== undefined && progress.total > 0 && progress.sent >= progress.total
  return isOut
    ? 'Everything was sent already: if the server made the import all the same, it is among the imports, with its undo.'
    : 'Nothing is half done.'
}
