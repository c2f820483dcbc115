'use client'

import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import type { Prompt } from '#lib/prompts/schema.ts'
import type { VersionFields } from './version-fields.ts'

export interface ConflictProps {
  name: string
  /** The version that the draft began from, and its number. */
  base: VersionFields
  baseVersion: number
  /** The draft. */
  mine: VersionFields
  /** Somebody wants to go on writing; nothing was changed. */
  onClose: () => void
  /**
   * `merged` becomes the draft, and `theirs` what it began from: its ETag goes with the next save. Nothing
   * is saved yet.
   */
  onResolved: (merged: VersionFields, theirs: Prompt) => void
}

const ConflictDialog = dialogPart(
  async () => (await import('./conflict-dialog.tsx')).ConflictDialog,
  ({ onClose }) => onClose(),
)

/** Shows a version that somebody else saved beside a draft that began from an older one, and merges the two. */
export function ConflictView({ isOpen, ...props }: ConflictProps & { isOpen: boolean }) {
  return isOpen ? <ConflictDialog {...props} /> : null
}
