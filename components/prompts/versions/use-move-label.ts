'use client'

import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query'
import { showToast } from '#components/ui/toast.ts'
import type { LabelChange } from '#lib/prompts/label-schema.ts'
import type { VersionPage } from '#lib/prompts/schema.ts'
import { call, currentEtag, problemOf } from '#lib/rest/client.ts'
import { moveInLists } from '../list-cache.ts'
import { type MovedLabel, moveKey } from '../use-followed-labels.ts'
import { failureText, isStale, showUndoFailure } from './change-failure.ts'
import { promptKey, useVersionChanged, versionPagesQuery } from './queries.ts'

/** A move to be sent. */
interface SentMove extends MovedLabel {
  etag: string
  /** Whoever moves it has seen what breaks, and wants it. */
  accepts?: boolean
}

const setLabel = (name: string, { label, version, etag, accepts }: SentMove) =>
  call('PUT /api/prompts/{name}/labels/{label}', {
    params: { name, label },
    body: { version, ...(accepts === true && { accept_breaking: true }) },
    ifMatch: etag,
  })

/**
 * Moves a label to a version, or sets a new one. The move shows at once in all cached queries; a refusal
 * reverts it and offers a retry. The toast undoes it.
 */
export function useMoveLabel(name: string) {
  const changed = useVersionChanged(name)
  const show = useShowMove(name)
  const undo = async ({ label, previous_version: previous, etag }: LabelChange) => {
    const params = { name, label }
    try {
      await (previous === null
        ? call('DELETE /api/prompts/{name}/labels/{label}', { params, ifMatch: etag })
        : setLabel(name, { label, version: previous, etag, accepts: true }))
      showToast({
        message: previous === null ? `${label} is gone again` : `${label} names version ${previous} again`,
      })
    } catch (error) {
      showUndoFailure(error)
    }
    changed()
  }
  const mutation = useMutation({
    mutationKey: moveKey(name),
    mutationFn: (move: SentMove) => setLabel(name, move),
    onMutate: show,
    onError: (error, move, takeBack) => {
      takeBack?.()
      const again = { ...move, etag: currentEtag(error) ?? move.etag }
      showToast({
        tone: 'failure',
        key: `label ${name}`,
        message: `${move.label} was not moved to version ${move.version}.`,
        detail: isStale(error) ? 'Somebody else changed this prompt meanwhile.' : failureText(error),
        // What is not allowed, or would break callers, is not helped by trying again: the refusal says what would.
        action: ['forbidden', 'conflict'].includes(problemOf(error)?.code ?? '')
          ? undefined
          : { label: 'Retry', run: () => mutation.mutate(again) },
      })
      changed()
    },
    onSuccess: (moved) => {
      const { label, version, previous_version: previous } = moved
      showToast({
        message:
          previous === null
            ? `${label} names version ${version}`
            : `${label} moved from version ${previous} to version ${version}`,
        action: { label: 'Undo', run: () => void undo(moved) },
      })
      changed()
    },
  })
  return mutation
}

/** Shows a move in the cached queries of the prompt; the returned function reverts it. */
function useShowMove(name: string) {
  const queries = useQueryClient()
  return async (move: MovedLabel): Promise<() => void> => {
    await queries.cancelQueries({ queryKey: promptKey(name) })
    const { queryKey: pagesKey } = versionPagesQuery(name)
    const before = queries.getQueryData(pagesKey)
    queries.setQueryData(pagesKey, (pages) => pages && movedInPages(pages, move))
    const revert = await moveInLists(queries, name, move)
    return () => {
      revert()
      queries.setQueryData(pagesKey, before)
    }
  }
}

function movedInPages<P>(
  data: InfiniteData<VersionPage, P>,
  { label, version }: MovedLabel,
): InfiniteData<VersionPage, P> {
  const moved = (item: VersionPage['items'][number]) => {
    const others = item.labels.filter((each) => each !== label)
    return { ...item, labels: item.version === version ? [...others, label].toSorted() : others }
  }
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(moved) })) }
}
