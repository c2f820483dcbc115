'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { promptKey } from './queries.ts'

/** After a change to a prompt: reads again what was read of it, here and on the server. */
export function useVersionChanged(name: string): () => void {
  const queries = useQueryClient()
  const router = useRouter()
  return () => {
    void queries.invalidateQueries({ queryKey: promptKey(name) })
    void queries.invalidateQueries({ queryKey: ['prompts'] })
    router.refresh()
  }
}
