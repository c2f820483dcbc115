'use client'

import { useMutation } from '@tanstack/react-query'
import { showToast } from '#components/ui/toast.ts'
import type { LabelChange } from '#lib/prompts/label-schema.ts'
import { showUndoFailure } from './change-failure.ts'
import { useVersionChanged } from './use-version-changed.ts'

/** Moves a label to a version, or sets a new one. The toast moves it back. */
export function useMoveLabel(name: string) {
  const changed = useVersionChanged(name)
  const undo = async ({ label, previous_version: previous, etag }: LabelChange) => {
    const { deleteLabel, setLabel } = await import('./read.ts')
    try {
      await (previous === null
        ? deleteLabel({ name, etag }, label)
        : setLabel({ name, etag }, label, previous))
      showToast({
        message: previous === null ? `${label} is gone again` : `${label} names version ${previous} again`,
      })
    } catch (error) {
      showUndoFailure(error)
    }
    changed()
  }
  return useMutation({
    mutationFn: async ({ label, version, etag }: { label: string; version: number; etag: string }) => {
      const { setLabel } = await import('./read.ts')
      return setLabel({ name, etag }, label, version)
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
}
