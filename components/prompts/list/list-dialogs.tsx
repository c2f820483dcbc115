'use client'

import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import type { CategoryFacts, TagFacts } from '../facts.ts'
import type { ListActions } from './use-list-actions.ts'

const RowMenu = dialogPart(
  async () => (await import('./row-menu.tsx')).RowMenu,
  ({ actions }) => actions.close(),
)
const MoveDialog = dialogPart(
  async () => (await import('./move-dialog.tsx')).MoveDialog,
  ({ actions }) => actions.close(),
)
const TagsDialog = dialogPart(
  async () => (await import('./tags-dialog.tsx')).TagsDialog,
  ({ actions }) => actions.close(),
)
const RenameDialog = dialogPart(
  async () => (await import('./rename-dialog.tsx')).RenameDialog,
  ({ onClose }) => onClose(),
)

/** What opens over the list; none of it is loaded before. */
export function ListDialogs({
  actions,
  categories,
  tags,
}: {
  actions: ListActions
  categories: readonly CategoryFacts[]
  tags: readonly TagFacts[]
}) {
  const { dialog } = actions
  if (dialog?.kind === 'menu') return <RowMenu prompt={dialog.prompt} at={dialog.at} actions={actions} />
  if (dialog?.kind === 'move')
    return <MoveDialog prompts={dialog.prompts} categories={categories} actions={actions} />
  if (dialog?.kind === 'tags') return <TagsDialog prompts={dialog.prompts} known={tags} actions={actions} />
  if (dialog?.kind === 'rename') return <RenameDialog prompt={dialog.prompt} onClose={actions.close} />
  return null
}
