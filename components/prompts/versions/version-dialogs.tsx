'use client'

import { dialogPart } from '#components/ui/dialog-part.tsx'

/** What a version of the list can be asked to do; both open a dialog, which is loaded then. */
export type VersionTask = { kind: 'restore' | 'label'; version: number }

const RestoreDialog = dialogPart(
  async () => (await import('./restore-dialog.tsx')).RestoreDialog,
  ({ onClose }) => onClose(),
)
const LabelDialog = dialogPart(
  async () => (await import('./label-dialog.tsx')).LabelDialog,
  ({ onClose }) => onClose(),
)

export function VersionDialogs({
  name,
  task,
  onClose,
}: {
  name: string
  task: VersionTask | undefined
  onClose: () => void
}) {
  if (task === undefined) return null
  return task.kind === 'restore' ? (
    <RestoreDialog name={name} version={task.version} onClose={onClose} />
  ) : (
    <LabelDialog name={name} version={task.version} onClose={onClose} />
  )
}
