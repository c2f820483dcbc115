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

const setLabel = (name: string, { label, version, etag }: MovedLabel & { etag: string }) =>
  call('PUT /api/prompts/{name}/labels/{label}', {
    params: { name, label },
    body: { version },
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
        : setLabel(name, { label, version: previous, etag }))
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
    mutationFn: (move: MovedLabel & { etag: string }) => setLabel(name, move),
    onMutate: show,
    onError: (error, move, takeBack) => {
      takeBack?.()
      const again = { ...move, etag: currentEtag(error) ?? move.etag }
      showToast({
        tone: 'failure',
        key: `label ${name}`,
        message: `${move.label} was not moved to version ${move.version}.`,
        detail: isStale(error) ? 'Somebody else changed this prompt meanwhile.' : failureText(error),
        // Whoever may not move it will not by trying again: the refusal names who may.
        action:
          problemOf(error)?.code === 'forbidden'
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
