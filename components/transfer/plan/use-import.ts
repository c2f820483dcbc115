'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import { refreshLists } from '#components/prompts/list-cache.ts'
import { counted } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import type { ImportPlan, ImportSource } from '#lib/transfer/schema.ts'
import {
  addFiles,
  type BroughtFile,
  bytesOf,
  type FoundFile,
  type LeftOut,
  type Limits,
  limitFault,
  NOTHING_LEFT_OUT,
  sift,
  sumOf,
} from '../brought/brought.ts'
import { readAll } from '../brought/read-drop.ts'
import { type Brought, importQuery, sendImport } from '../requests.ts'
import { useUndoImport } from '../result/use-undo-import.ts'
import { type Edits, type ItemEdit, planOf, type Wishes, withEdit, withWish } from './item-plan.ts'
import { type Progress, useTrial } from './use-trial.ts'

export type Import = ReturnType<typeof useImport>

const NOTHING: Brought = { files: [] }

/** An import that is not made yet. */
interface Unmade {
  brought: Brought
  leftOut: LeftOut
  edits: Edits
  wishes: Wishes
}
const NEW: Unmade = {
  brought: NOTHING,
  leftOut: NOTHING_LEFT_OUT,
  edits: new Map(),
  wishes: { labels: true },
}

/** What the tab holds while another page is looked at: it is as it was when one comes back. */
let kept = NEW

function useKept() {
  const [unmade, setUnmade] = useState(kept)
  const isHeld = unmade.brought !== NOTHING
  useEffect(() => {
    kept = unmade
  }, [unmade])
  useEffect(() => {
    if (!isHeld) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isHeld])
  return [unmade, setUnmade] as const
}
type SetUnmade = ReturnType<typeof useKept>[1]

/** An import from the first file to its end: what is brought, what is wanted of it, what would happen, the work. */
export function useImport(limits: Limits) {
  const [unmade, setUnmade] = useKept()
  const { brought, leftOut, edits, wishes } = unmade
  const bringing = useBringing(limits, brought, setUnmade)
  const plan = useMemo(() => planOf(edits, wishes), [edits, wishes])
  const making = useMaking(brought, plan, () => {
    kept = NEW
  })
  const trial = useTrial(brought, plan, making.progress !== undefined)
  return {
    ...bringing,
    brought,
    leftOut,
    edits,
    edit: (keys: readonly string[], edit: ItemEdit) =>
      setUnmade((now) => ({ ...now, edits: withEdit(now.edits, keys, edit) })),
    wishes,
    wish: (change: { [K in keyof Wishes]?: Wishes[K] | undefined }) =>
      setUnmade((now) => ({ ...now, wishes: withWish(now.wishes, change) })),
    trial,
    making,
    isEmpty: brought === NOTHING,
    startOver: () => {
      bringing.forgetFault()
      setUnmade(NEW)
    },
  }
}

/** What is brought, within the limits, which are told before anything is sent. */
function useBringing(limits: Limits, brought: Brought, setUnmade: SetUnmade) {
  const [fault, setFault] = useState<string>()
  const [isReading, setReading] = useState(false)
  const add = (files: readonly BroughtFile[], left: LeftOut) => {
    const there = brought.files
    const tooMuch = limitFault(there.length + files.length, bytesOf(there) + bytesOf(files), limits)
    setFault(tooMuch ?? (files.length === 0 ? nothingTaken(left) : undefined))
    if (tooMuch !== undefined || files.length === 0) return
    setUnmade((now) => ({
      ...now,
      brought: { files: addFiles(now.brought.files, files) },
      leftOut: sumOf(now.leftOut, left),
    }))
  }
  return {
    /** Why the last of it was not taken. */
    fault,
    isReading,
    limits,
    /** Takes texts: they are in the memory already. */
    addTexts: (files: readonly BroughtFile[]) => add(files, NOTHING_LEFT_OUT),
    addFound: async (finding: Promise<FoundFile[]> | FoundFile[]) => {
      setReading(true)
      setFault(undefined)
      try {
        const { taken, leftOut: left } = sift(await finding)
        const size = taken.reduce((sum, { file }) => sum + file.size, 0)
        const tooMuch = limitFault(taken.length, size, limits)
        if (tooMuch !== undefined) return setFault(tooMuch)
        const { files, unreadable } = await readAll(taken)
        add(files, sumOf(left, { ...NOTHING_LEFT_OUT, unreadable }))
      } finally {
        setReading(false)
      }
    },
    fetchFrom: (source: ImportSource) => {
      setFault(undefined)
      setUnmade((now) => ({ ...now, brought: { files: [], source } }))
    },
    forgetFault: () => setFault(undefined),
  }
}

function nothingTaken({ hidden, packages, unreadable }: LeftOut): string {
  if (unreadable.length > 0) return `The browser could not read ${unreadable.slice(0, 3).join(', ')}.`
  if (hidden + packages > 0)
    return 'There are only hidden files and packages in there, which are left out. Choose the files themselves to bring them all the same.'
  return 'There is no file in there.'
}

/** The import itself: one request, which can be stopped; then its page. */
function useMaking(brought: Brought, plan: ImportPlan, onMade: () => void) {
  const router = useRouter()
  const queries = useQueryClient()
  const undo = useUndoImport()
  const [progress, setProgress] = useState<Progress>()
  const [failed, setFailed] = useState<{ plan: ImportPlan; error: Error }>()
  const stop = useRef<AbortController>(null)
  // The same import sent again, after an answer that was lost, is not made twice.
  const key = useRef<{ brought: Brought; plan: ImportPlan; id: string }>(null)
  const keyFor = () => {
    if (key.current?.brought !== brought || key.current.plan !== plan)
      key.current = { brought, plan, id: crypto.randomUUID() }
    return key.current.id
  }
  const run = async () => {
    const mine = new AbortController()
    stop.current = mine
    setFailed(undefined)
    setProgress({ sent: 0, total: 0 })
    try {
      const onSent = (sent: number, total: number) => setProgress({ sent, total })
      const sending = { isTrial: false, idempotencyKey: keyFor(), signal: mine.signal, onSent }
      const { id, counts } = await sendImport(brought, plan, sending)
      if (id === null) return
      onMade()
      const done = counts.create + counts.version
      const action = { label: 'Undo', run: () => void undo(id) }
      showToast({ key: id, message: `${counted(done, 'prompt')} imported.`, action })
      await Promise.all([refreshLists(queries), queries.invalidateQueries({ queryKey: ['imports'] })])
      router.push(`/import/${id}`)
      await queries.prefetchQuery(importQuery(id))
    } catch (error) {
      if (!mine.signal.aborted)
        setFailed({ plan, error: error instanceof Error ? error : new Error(String(error)) })
    } finally {
      setProgress(undefined)
    }
  }
  return {
    progress,
    /** Why the import failed, until something is changed. */
    error: failed?.plan === plan ? failed.error : undefined,
    run: () => void run(),
    cancel: () => {
      stop.current?.abort()
      const isOut = progress !== undefined && progress.total > 0 && progress.sent >= progress.total
      const detail = isOut
        ? 'Everything was sent already: if the server made the import all the same, it is among the imports, with its undo.'
        : 'Nothing is half done.'
      showToast({ message: 'The import was stopped.', detail })
      void queries.invalidateQueries({ queryKey: ['imports'] })
    },
  }
}
