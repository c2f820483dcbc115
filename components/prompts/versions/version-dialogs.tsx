'use client'

import dynamic from 'next/dynamic'

/** What a version of the list can be asked to do; each opens a dialog, which is loaded then. */
export type VersionTask = { kind: 'promote' | 'restore' | 'label'; version: number }

const RestoreDialog = dynamic(async () => (await import('./restore-dialog.tsx')).RestoreDialog)
const LabelDialog = dynamic(async () => (await import('./label-dialog.tsx')).LabelDialog)
const PromoteDialog = dynamic(async () => (await import('./promote-dialog.tsx')).PromoteDialog)

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
