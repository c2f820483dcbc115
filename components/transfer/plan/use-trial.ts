'use client'

import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { REACHED } from '#components/ui/part.ts'
import { problemOf } from '#lib/rest/client.ts'
import type { ImportAnswer, ImportPlan } from '#lib/transfer/schema.ts'
import { type Brought, sendImport } from '../requests.ts'

/** How far a request is: bytes that are out. All are out: the server works. */
export interface Progress {
  sent: number
  total: number
}

/** Typing is over after this. */
const SETTLED_MS = 400
/** The longest wait for more edits: a check that takes long is not made after each. */
const LONGEST_WAIT_MS = 4_000

interface Asked {
  brought: Brought
  plan: ImportPlan
}

export interface Trial {
  /** The last answer, also when it is older than the plan. */
  answer: ImportAnswer | undefined
  /** Whether the answer is about what is brought and planned now. */
  isCurrent: boolean
  progress: Progress | undefined
  /** Why the last check failed; what was typed and brought stays. */
  error: Error | undefined
  retry: () => void
}

/**
 * Asks what an import would do, after each change of the plan. A newer question takes the place of an older one; a
 * failure leaves the last answer as it is, and goes by itself when the server is back.
 * @param isResting nothing is asked: the import itself is on its way
 */
export function useTrial(brought: Brought, plan: ImportPlan, isResting: boolean): Trial {
  const [answered, setAnswered] = useState<Asked & { answer: ImportAnswer }>()
  const [failed, setFailed] = useState<Asked & { error: Error }>()
  const [progress, setProgress] = useState<Progress>()
  const [attempt, setAttempt] = useState(0)
  const lasted = useRef(0)
  const isEmpty = brought.files.length === 0 && brought.source === undefined
  const isSame = (asked: Asked | undefined) => asked?.brought === brought && asked.plan === plan
  const isWanted = !isEmpty && !isResting && !isSame(answered)
  const isFirst = answered?.brought !== brought

  const ask = useEffectEvent(async (signal: AbortSignal) => {
    const began = performance.now()
    const onSent = (sent: number, total: number) => setProgress({ sent, total })
    onSent(0, 0)
    try {
      const answer = await sendImport(brought, plan, { isTrial: true, signal, onSent })
      if (signal.aborted) return
      lasted.current = performance.now() - began
      setAnswered({ brought, plan, answer })
      setFailed(undefined)
    } catch (error) {
      if (signal.aborted) return
      setFailed({ brought, plan, error: error instanceof Error ? error : new Error(String(error)) })
    } finally {
      if (!signal.aborted) setProgress(undefined)
    }
  })
  const waitFor = useEffectEvent(() =>
    isFirst ? 0 : Math.min(LONGEST_WAIT_MS, Math.max(SETTLED_MS, lasted.current)),
  )
  useEffect(() => {
    if (!isWanted) return
    const stop = new AbortController()
    const timer = setTimeout(() => void ask(stop.signal), waitFor())
    return () => {
      clearTimeout(timer)
      stop.abort()
      setProgress(undefined)
    }
    // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked for, and how often
  }, [isWanted, brought, plan, attempt])

  const error = isSame(failed) ? failed?.error : undefined
  useAgainWhenReached(error, () => setAttempt((now) => now + 1))
  return {
    answer: isFirst ? undefined : answered.answer,
    isCurrent: isSame(answered),
    progress,
    error,
    retry: () => {
      setFailed(undefined)
      setAttempt((now) => now + 1)
    },
  }
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
