'use client'

import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { problemOf } from '#lib/rest/client.ts'
import type { ImportSource } from '#lib/transfer/schema.ts'
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
import type { Brought } from '../requests.ts'
import {
  type Edits,
  type ItemEdit,
  planOf,
  type Wishes,
  withEdit,
  withoutLost,
  withWish,
} from './item-plan.ts'
import { useMaking } from './use-making.ts'
import { type Asked, type Trial, useTrial } from './use-trial.ts'

export type Import = ReturnType<typeof useImport>

const NOTHING: Brought = { files: [] }

/** An import that is not made yet. */
interface Unmade {
  /** Counts its changes. */
  serial: number
  brought: Brought
  leftOut: LeftOut
  edits: Edits
  wishes: Wishes
}
const BLANK = { brought: NOTHING, leftOut: NOTHING_LEFT_OUT, edits: new Map(), wishes: { labels: true } }

/** What the tab holds while another page is looked at: it is as it was when one comes back. */
let kept: Unmade = { ...BLANK, serial: 0 }

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
  const change = (next: (now: Unmade) => Partial<Unmade>) =>
    setUnmade((now) => ({ ...now, ...next(now), serial: now.serial + 1 }))
  return [unmade, change] as const
}
type ChangeUnmade = ReturnType<typeof useKept>[1]

/** An import from the first file to its end: what is brought, what is wanted of it, what would happen, the work. */
export function useImport(limits: Limits) {
  const [unmade, change] = useKept()
  const { brought, leftOut, edits, wishes } = unmade
  const bringing = useBringing(limits, brought, change)
  const plan = useMemo(() => planOf(edits, wishes), [edits, wishes])
  const { serial } = unmade
  const now = useMemo(() => ({ serial, brought, plan }), [serial, brought, plan])
  const making = useMaking(now, () => {
    kept = { ...BLANK, serial: serial + 1 }
  })
  const trial = useTrial(now, making.progress !== undefined)
  useWithoutLost(now, trial, change)
  return {
    ...bringing,
    brought,
    leftOut,
    edits,
    edit: (keys: readonly string[], edit: ItemEdit) =>
      change(({ edits: before }) => ({ edits: withEdit(before, keys, edit) })),
    wishes,
    wish: (wished: { [K in keyof Wishes]?: Wishes[K] | undefined }) =>
      change(({ wishes: before }) => ({ wishes: withWish(before, wished) })),
    trial,
    making,
    isEmpty: brought === NOTHING,
    startOver: () => {
      bringing.forgetFault()
      change(() => BLANK)
    },
  }
}

/** Forgets what was wanted of items that are there no more, and asks again. */
function useWithoutLost({ plan }: Asked, { error }: Trial, change: ChangeUnmade): void {
  const onError = useEffectEvent((failed: Error) => {
    const problem = problemOf(failed)
    change(({ edits }) => ({ edits: withoutLost(edits, plan, problem) ?? edits }))
  })
  const isLost = problemOf(error)?.errors?.some(({ code }) => code === 'unknown_source') === true
  useEffect(() => {
    if (isLost && error !== undefined) onError(error)
  }, [isLost, error])
}

/** What is brought, within the limits, which are told before anything is sent. */
function useBringing(limits: Limits, brought: Brought, change: ChangeUnmade) {
  const [fault, setFault] = useState<string>()
  const [isReading, setReading] = useState(false)
  const add = (files: readonly BroughtFile[], left: LeftOut) => {
    const there = brought.files
    const tooMuch = limitFault(there.length + files.length, bytesOf(there) + bytesOf(files), limits)
    setFault(tooMuch ?? (files.length === 0 ? nothingTaken(left) : undefined))
    if (tooMuch !== undefined || files.length === 0) return
    change((before) => ({
      brought: { files: addFiles(before.brought.files, files) },
      leftOut: sumOf(before.leftOut, left),
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
      change(() => ({ brought: { files: [], source } }))
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
