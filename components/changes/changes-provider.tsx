'use client'

import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from 'react'
import { lastingPart } from '#components/ui/part.ts'
import { announce, UNREACHABLE } from '#components/ui/reach.ts'
import { hearOf, isOwn } from '#lib/rest/client.ts'
import type { Heard } from './change-stream.ts'

const loadChangeStream = lastingPart(() => import('./change-stream.ts'))
const loadStaleKeys = lastingPart(() => import('./stale-keys.ts'))

type Listener = (heard: Heard) => void

const Listeners = createContext<Set<Listener>>(new Set())

/** Changes that come together are looked at together. */
const GATHER_MS = 250

/**
 * Follows what other people and agents change while a page is open, and reads again what it shows of it.
 * Changes of this page itself are known by their request and left to whoever made them.
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
      const [{ followChanges }, { staleKeys }] = await Promise.all([loadChangeStream(), loadStaleKeys()])
      if (ended) return
      const hear = (heard: Heard) => {
        // What is read again must not come from a replica that has not heard of it.
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

/** Calls the listener for what somebody else changed, while the component is there. */
export function useChanges(listener: Listener): void {
  const listeners = useContext(Listeners)
  const hear = useEffectEvent(listener)
  useEffect(() => {
    const own: Listener = (heard) => hear(heard)
    listeners.add(own)
    return () => void listeners.delete(own)
  }, [listeners])
}
