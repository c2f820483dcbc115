'use client'

import { Save } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'

/** Whether anything is unsaved, and what to do about it. */
export function SaveBar({
  isDirty,
  version,
  onDiscard,
  onSave,
}: {
  isDirty: boolean
  /** What the draft began from; undefined for a new prompt. */
  version: number | undefined
  onDiscard: () => void
  onSave: () => void
}) {
  return (
    <>
      <output className="min-w-0 truncate px-1 text-ink-faint text-xs">
        {isDirty ? 'Unsaved changes' : version === undefined ? 'Not saved yet' : `Version ${version}`}
      </output>
      <div className="ml-auto flex gap-2">
        {isDirty && (
          <Button look="quiet" onPress={onDiscard}>
            Discard
          </Button>
        )}
        <Button look="primary" aria-keyshortcuts="Control+S Meta+S" onPress={onSave}>
          <Save aria-hidden="true" />
          Save
        </Button>
      </div>
    </>
  )
}
