'use client'

import dynamic from 'next/dynamic'

/** What a version of the list can be asked to do; both open a dialog, which is loaded then. */
export type VersionTask = { kind: 'restore' | 'label'; version: number }

const RestoreDialog = dynamic(async () => (await import('./restore-dialog.tsx')).RestoreDialog)
const LabelDialog = dynamic(async () => (await import('./label-dialog.tsx')).LabelDialog)

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
