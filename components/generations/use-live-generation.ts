'use client'

import { useEffect, useReducer } from 'react'
import type { Generation, GenerationEvent } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'
import { eachFrame } from './each-frame.ts'
import { followGeneration } from './follow-generation.ts'
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
    // One that is gone was read a moment ago: what is shown of it stays.
    const end = followGeneration(id, { hear: frames.add, onGone: () => undefined })
    return () => {
      end()
      frames.stop()
    }
  }, [id, status])
  return live
}
