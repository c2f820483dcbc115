'use client'

import { useQueryClient } from '@tanstack/react-query'
import { showToast } from '#components/ui/toast.ts'
import type { PatchRuleInput, Rule } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { ALERTS } from './queries.ts'

/** Small changes of a rule in its row. A change that another one overtook is told, and the list is read again. */
export function useRuleChange({ id, name, etag }: Rule): (body: PatchRuleInput) => Promise<void> {
  const queries = useQueryClient()
  return async (body) => {
    try {
      await call('PATCH /api/alerts/{id}', { params: { id }, ifMatch: etag, body })
    } catch (error) {
      const detail = error instanceof Error ? error.message : undefined
      showToast({ tone: 'failure', message: `“${name}” was not changed.`, detail })
    }
    await queries.invalidateQueries({ queryKey: ALERTS })
  }
}
