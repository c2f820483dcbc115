'use client'

import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from 'react'
import { announce, lastingPart, UNREACHABLE } from '#components/ui/part.ts'
import { hearOf, isOwn } from '#lib/rest/client.ts'
import type { Heard } from './change-stream.ts'

const loadChangeStream = lastingPart(() => import('./change-stream.ts'))

type Listener = (heard: Heard) => void

const Listeners = createContext<Set<Listener>>(new Set())

/** Changes that come together are looked at together. */
const GATHER_MS = 250

/**
 * Follows changes by other people and agents while a page is open, and invalidates the queries that they concern.
 * Changes of this page itself are known by the id of their request; their own code handles them.
 */
export function ChangesProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [listeners] = useState(() => new Set<Listener>())
  useEffect(() => {
    let end: (() => void) | undefined
    let ended = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const stale = new Map<string, string[]>()
    const refresh = () => {
      timer = undefined
      for (const queryKey of stale.values()) void queries.invalidateQueries({ queryKey })
      stale.clear()
    }
    const start = async () => {
      const { followChanges, staleKeys } = await loadChangeStream()
      if (ended) return
      const hear = (heard: Heard) => {
        // A replica that lags behind the change must not answer the next read.
        if (heard.type === 'change') hearOf(heard.change.revision)
        else if ('revision' in heard) hearOf(heard.revision)
        if (heard.type === 'change' && isOwn(heard.change.request_id)) return
        const keys = heard.type === 'change' ? staleKeys(heard.change) : heard.type === 'reset' ? [[]] : []
        for (const key of keys) stale.set(key.join(' '), key)
        if (stale.size > 0) timer ??= setTimeout(refresh, GATHER_MS)
        for (const listener of listeners) listener(heard)
      }
      end = followChanges({ hear, onLost: () => announce(UNREACHABLE) })
    }
    void start()
    return () => {
      ended = true
      clearTimeout(timer)
      end?.()
    }
  }, [queries, listeners])
  return <Listeners value={listeners}>{children}</Listeners>
}

/** Calls the listener for changes by others, while the component is mounted. */
export function useChanges(listener: Listener): void {
  const listeners = useContext(Listeners)
  const hear = useEffectEvent(listener)
  useEffect(() => {
    const own: Listener = (heard) => hear(heard)
    listeners.add(own)
    return () => void listeners.delete(own)
  }, [listeners])
}
