'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { part } from '#components/ui/part.ts'
import type { RenderRequest } from './read-render.ts'
import type { Outcome } from './template-engine.ts'
import { useSettled } from './use-settled.ts'

const loadReadRender = part(() => import('./read-render.ts'))

/** Milliseconds without a change after which the server is asked. */
const PAUSE_MS = 350

export interface ServerRender {
  outcome: Outcome | undefined
  isWaiting: boolean
}

/**
 * Has the server render what is too much for the page, once typing pauses; an answer that a newer letter
 * overtakes is dropped.
 * @param request left out while the page renders itself
 */
export function useServerRender(request: RenderRequest | undefined): ServerRender {
  const settled = useSettled(request, PAUSE_MS)
  const key = useMemo(() => JSON.stringify(settled), [settled])
  const { data, error, isFetching } = useQuery({
    queryKey: ['prompts', 'render-draft', key],
    queryFn: async ({ signal }): Promise<Outcome | null> =>
      settled === undefined ? null : (await loadReadRender()).readRender(settled, signal),
    enabled: settled !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  })
  if (request === undefined) return { outcome: undefined, isWaiting: false }
  if (settled !== request || isFetching) return { outcome: undefined, isWaiting: true }
  if (error) return { outcome: { state: 'failed', message: error.message }, isWaiting: false }
  return { outcome: data ?? undefined, isWaiting: false }
}
