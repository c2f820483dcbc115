'use client'

import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { showFailure } from '#components/ui/toast.ts'

/**
 * Does what is asked at a press, without a form: a toast tells why it was not done, and the list is read again either
 * way, since somebody else may have been faster.
 * @param list the key of what is read again
 */
export function useAttempt(list: QueryKey) {
  const queries = useQueryClient()
  return async (work: () => Promise<unknown>, failure: string): Promise<void> => {
    try {
      await work()
    } catch (error) {
      showFailure(failure, error)
    }
    await queries.invalidateQueries({ queryKey: list })
  }
}
