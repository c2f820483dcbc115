'use client'

import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react'
import { rememberLastUsed } from '#components/ai/preferred-configuration.ts'
import { eachFrame, followGeneration } from '#components/generations/follow/follow-generation.ts'
import { showFailure } from '#components/ui/toast.ts'
import type { GenerationEvent } from '#lib/generations/schema.ts'
import { call } from '#lib/rest/client.ts'
import { keepRunIds, readRunIds } from './kept-runs.ts'
import type { RunRequest } from './run-request.ts'
import { changeRuns, isRunning, type Run, type RunsChange } from './runs.ts'

interface Heard {
  configuration: string
  key: string
  event: GenerationEvent
}

/**
 * Runs a prompt with several configurations and follows them all. A reload finds the runs of before it again,
 * also those that go on.
 * @param prompt its name; with another one the component has to be another
 */
export function useRuns(prompt: string) {
  const [runs, dispatch] = useReducer(changeRuns, {})
  const latest = useRef(runs)
  useEffect(() => {
    latest.current = runs
  }, [runs])
  // Not while the page is being hydrated: it has to agree with what the server rendered.
  const restore = useEffectEvent(() => {
    const ids = readRunIds(prompt)
    if (Object.keys(ids).length > 0) dispatch({ type: 'restore', ids, at: Date.now() })
  })
  useEffect(() => queueMicrotask(() => restore()), [])
  useEffect(() => keepRunIds(prompt, runs), [prompt, runs])
  useFollowers(runs, dispatch)

  const sendOne = async (request: RunRequest, configuration: string, key: string) => {
    try {
      const body = { ...request, configuration }
      const generation = await call('POST /api/generations', { body, idempotencyKey: key })
      dispatch({ type: 'accept', configuration, key, generation })
      const run = latest.current[configuration]
      if (run?.key !== key || run.isStopped) await cancel(generation.id)
    } catch (error) {
      const refusal = error instanceof Error ? error : new Error(String(error))
      dispatch({ type: 'refuse', configuration, key, error: refusal })
    }
  }
  return {
    runs,
    /** Runs with those configurations that are not at it. */
    send: (request: RunRequest, configurations: readonly string[]) => {
      const idle = configurations.filter((name) => !isAtIt(latest.current[name]))
      if (idle[0] !== undefined) rememberLastUsed(idle[0])
      const keys = idle.map(() => crypto.randomUUID())
      dispatch({ type: 'send', configurations: idle, keys, at: Date.now() })
      for (const [index, name] of idle.entries()) void sendOne(request, name, keys[index] ?? '')
    },
    /** The text that has arrived stays. */
    stop: (configurations: readonly string[]) => {
      const running = configurations.filter((name) => isAtIt(latest.current[name]))
      dispatch({ type: 'stop', configurations: running })
      for (const name of running) {
        const id = latest.current[name]?.id
        // Without an id it is stopped as soon as it gets one.
        if (id !== undefined) void cancel(id)
      }
    },
    forget: (configuration: string) => dispatch({ type: 'forget', configuration }),
  }
}

function isAtIt(run: Run | undefined): boolean {
  return run !== undefined && isRunning(run)
}

/** Asks the server to stop a generation. */
async function cancel(id: string): Promise<void> {
  try {
    await call('POST /api/generations/{id}/cancel', { params: { id } })
  } catch (error) {
    showFailure('It was not stopped.', error, { key: `stop ${id}`, retry: () => void cancel(id) })
  }
}

/** One follower for each run that has not ended. */
function useFollowers(runs: Readonly<Record<string, Run>>, dispatch: (change: RunsChange) => void): void {
  const [followers] = useState(() => new Map<string, () => void>())
  const frames = useRef<ReturnType<typeof eachFrame<Heard>>>(null)
  useEffect(() => {
    frames.current = eachFrame<Heard>((heard) => dispatch({ type: 'hear', heard }))
    return () => {
      frames.current?.stop()
      for (const end of followers.values()) end()
      followers.clear()
    }
  }, [dispatch, followers])
  useEffect(() => {
    const wanted = new Set<string>()
    for (const [configuration, { key, id, live, refused }] of Object.entries(runs)) {
      if (id === undefined || refused !== undefined || live.generation !== undefined) continue
      wanted.add(key)
      if (followers.has(key)) continue
      followers.set(
        key,
        followGeneration(id, {
          hear: (event) => frames.current?.add({ configuration, key, event }),
          onGone: (error) => dispatch({ type: 'refuse', configuration, key, error }),
        }),
      )
    }
    for (const [key, end] of followers) {
      if (wanted.has(key)) continue
      end()
      followers.delete(key)
    }
  }, [runs, dispatch, followers])
}
