'use client'

import { useMutation } from '@tanstack/react-query'
import { useEffect, useReducer, useState } from 'react'
import { showToast } from '#components/ui/toast.ts'
import type { Generation, GenerationEvent } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'
import { call } from '#lib/rest/client.ts'
import { eachFrame, followGeneration } from './follow-generation.ts'
import { hearEvent, type LiveGeneration, liveOf } from './live-generation.ts'

const reduce = (live: LiveGeneration, events: readonly GenerationEvent[]) => events.reduce(hearEvent, live)

/**
 * A generation as it is, growing while it runs. Give the component the generation's id as its key: another
 * generation is another life.
 * @param first as it was read
 */
export function useLiveGeneration(first: Generation): LiveGeneration {
  const [live, dispatch] = useReducer(reduce, first, liveOf)
  const { id, status } = first
  useEffect(() => {
    if (isFinished(status)) return
    const frames = eachFrame<GenerationEvent>(dispatch)
    // A deleted generation was read a moment ago: its last state stays.
    const end = followGeneration(id, { hear: frames.add, onGone: () => undefined })
    return () => {
      end()
      frames.stop()
    }
  }, [id, status])
  return live
}

const STEP_MS = 1_000

/** Whole seconds since a moment, counted while it goes on; undefined on the server and when it is over. */
export function useElapsed(since: number | undefined): number | undefined {
  const [now, setNow] = useState<number>()
  useEffect(() => {
    if (since === undefined) return
    const tick = () => setNow(Date.now())
    const first = setTimeout(tick)
    const timer = setInterval(tick, STEP_MS)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [since])
  if (since === undefined || now === undefined) return undefined
  return Math.max(0, Math.floor((now - since) / 1_000))
}

/** Stops a generation: at once as far as one sees, and on the server as soon as it hears of it. */
export function useStop(id: string) {
  const { mutate, isPending, isSuccess } = useMutation({
    mutationFn: () => call('POST /api/generations/{id}/cancel', { params: { id } }),
    onError: (error) =>
      showToast({
        tone: 'failure',
        key: `stop ${id}`,
        message: 'It was not stopped.',
        detail: error.message,
        action: { label: 'Retry', run: () => mutate() },
      }),
  })
  return { stop: () => mutate(), isStopping: isPending || isSuccess }
}
