'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { REACHED } from '#components/ui/part.ts'
import { problemOf } from '#lib/rest/client.ts'
import type { ImportAnswer, ImportPlan } from '#lib/transfer/schema.ts'
import { type Brought, sendImport } from '../requests.ts'

/** How far a request is: bytes that are out. All are out: the server works. */
export interface Progress {
  sent: number
  total: number
}

/** What a look is about. `serial` tells it from all others. */
export interface Asked {
  serial: number
  brought: Brought
  plan: ImportPlan
}

export interface Trial {
  /** The last answer, also when it is older than the plan. */
  answer: ImportAnswer | undefined
  /** Whether the answer is about what is brought and planned now. */
  isCurrent: boolean
  progress: Progress | undefined
  /** Why the last look failed; what was typed and brought stays. */
  error: Error | undefined
  retry: () => void
}

/** Typing is over after this. */
const SETTLED_MS = 400
/** The longest wait for more edits: a look that takes long is not made after each. */
const LONGEST_WAIT_MS = 4_000

/**
 * Asks what an import would do, after each change of the plan. A newer question takes the place of an older one; a
 * failure leaves the last answer as it is, and is asked again when the server is back.
 * @param isResting nothing is asked: the import itself is on its way
 */
export function useTrial(now: Asked, isResting: boolean): Trial {
  const [progress, setProgress] = useState<Progress>()
  const [last, setLast] = useState<{ brought: Brought; answer: ImportAnswer; tookMs: number }>()
  const known = last?.brought === now.brought ? last : undefined
  const wait = Math.min(LONGEST_WAIT_MS, Math.max(SETTLED_MS, known?.tookMs ?? 0))
  const asked = useSettled(now, wait)
  const { brought, plan, serial } = asked
  const look = useQuery({
    queryKey: ['import-trial', serial],
    queryFn: async ({ signal }) => {
      const began = performance.now()
      const onSent = (sent: number, total: number) => setProgress({ sent, total })
      onSent(0, 0)
      try {
        const answer = await sendImport(brought, plan, { isTrial: true, signal, onSent })
        setLast({ brought, answer, tookMs: performance.now() - began })
        return answer
      } finally {
        if (!signal.aborted) setProgress(undefined)
      }
    },
    enabled: !isResting && (brought.files.length > 0 || brought.source !== undefined),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  const isAsked = serial === now.serial
  const error = isAsked ? (look.error ?? undefined) : undefined
  const again = () => void look.refetch()
  useAgainWhenReached(error, again)
  return {
    answer: known?.answer,
    isCurrent: isAsked && look.data !== undefined,
    progress,
    error: look.isFetching ? undefined : error,
    retry: again,
  }
}

/** The newest that did not change for a while; what is brought counts at once. */
function useSettled(now: Asked, wait: number): Asked {
  const [settled, setSettled] = useState(now)
  const isNew = settled.brought !== now.brought
  useEffect(() => {
    const timer = setTimeout(() => setSettled(now), isNew ? 0 : wait)
    return () => clearTimeout(timer)
  }, [now, isNew, wait])
  return isNew ? now : settled
}

/** Asks again when the server is back, after it was not reached. */
function useAgainWhenReached(error: Error | undefined, again: () => void): void {
  const onReached = useEffectEvent(again)
  const isAway = problemOf(error)?.status === 0
  useEffect(() => {
    if (!isAway) return
    const listener = () => onReached()
    window.addEventListener(REACHED, listener)
    return () => window.removeEventListener(REACHED, listener)
  }, [isAway])
}
