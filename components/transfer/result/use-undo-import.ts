'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { refreshLists } from '#components/prompts/list-cache.ts'
import { showToast } from '#components/ui/toast.ts'
import { call, problemOf } from '#lib/rest/client.ts'
import type { UndoneImport } from '#lib/transfer/schema.ts'

/** What of an import was changed since, at most so many. */
const NAMED = 8

/**
 * Takes an import back, and says what came of it: also what stands against it, by name.
 * @returns answers whether it is taken back
 */
export function useUndoImport(): (id: string) => Promise<boolean> {
  const queries = useQueryClient()
  return useCallback((id) => takeBack(queries, id, false), [queries])
}

async function takeBack(queries: QueryClient, id: string, acceptsBreaking: boolean): Promise<boolean> {
  try {
    const undone = await call('POST /api/import/{id}/undo', {
      params: { id },
      body: acceptsBreaking ? { accept_breaking: true } : {},
      idempotencyKey: crypto.randomUUID(),
    })
    showToast({ key: id, message: 'The import is taken back.', detail: whatWentBack(undone) })
    await Promise.all([refreshLists(queries), queries.invalidateQueries({ queryKey: ['imports'] })])
    return true
  } catch (error) {
    showToast({
      key: id,
      tone: 'failure',
      message: 'The import was not taken back.',
      detail: whyNot(error),
      ...(wouldBreak(error) && {
        action: { label: 'Undo all the same', run: () => void takeBack(queries, id, true) },
      }),
    })
    return false
  }
}

/** Whether a label keeps its contract, and would refuse callers. */
function wouldBreak(error: unknown): boolean {
  return problemOf(error)?.errors?.some(({ code }) => code === 'would_break') ?? false
}

function whatWentBack({ archived, reverted, labels }: UndoneImport): string | undefined {
  const parts = [
    archived > 0 && `${archived} archived`,
    reverted > 0 && `${reverted} as before in a new version`,
    labels > 0 && `${labels} ${labels === 1 ? 'label' : 'labels'} moved back`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? undefined : `${parts.join(', ')}.`
}

/** The words of the refusal, and below them what it names. */
export function whyNot(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const named = (problemOf(error)?.errors ?? []).map((each) => each.message)
  const more = named.length > NAMED ? [`and ${named.length - NAMED} more`] : []
  return [message, ...named.slice(0, NAMED), ...more].join('\n')
}
