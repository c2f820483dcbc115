'use client'

import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'

/** What a version of the list can be asked to do; each opens a dialog, which is loaded then. */
export type VersionTask = { kind: 'promote' | 'restore' | 'label'; version: number }

const RestoreDialog = dialogPart(
  async () => (await import('./restore-dialog.tsx')).RestoreDialog,
  ({ onClose }) => onClose(),
)
const LabelDialog = dialogPart(
  async () => (await import('./label-dialog.tsx')).LabelDialog,
  ({ onClose }) => onClose(),
)
const PromoteDialog = dialogPart(
  async () => (await import('./promote-dialog.tsx')).PromoteDialog,
  ({ onClose }) => onClose(),
)

const DIALOGS = { promote: PromoteDialog, restore: RestoreDialog, label: LabelDialog }

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
  const Asked = DIALOGS[task.kind]
  return <Asked name={name} version={task.version} onClose={onClose} />
}
