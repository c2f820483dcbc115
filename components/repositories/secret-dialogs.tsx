'use client'

import { useQueryClient } from '@tanstack/react-query'
import { DeleteDialog } from '#components/board/delete-dialog.tsx'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { ShownOnce } from '#components/ui/copying/shown-once.tsx'
import { ShownOnceDialog } from '#components/ui/overlays/shown-once-dialog.tsx'
import type { NewRepository, Repository } from '#lib/repositories/schema.ts'
import { call } from '#lib/rest/client.ts'
import { REPOSITORIES } from './queries.ts'
import type { RepositoryDialogState } from './repository-board.tsx'

/** What is about the secret of a repository, or its end. */
export function SecretDialogs({
  dialog,
  onMade,
  onClose,
}: {
  dialog: RepositoryDialogState
  onMade: (made: NewRepository) => void
  onClose: () => void
}) {
  if (dialog.kind === 'made') return <Made made={dialog.made} onClose={onClose} />
  if (dialog.kind === 'rotate')
    return <Rotate repository={dialog.repository} onMade={onMade} onClose={onClose} />
  return dialog.kind === 'delete' ? <Delete repository={dialog.repository} onClose={onClose} /> : null
}

function Made({
  made: { name, hook_url: hook, secret },
  onClose,
}: {
  made: NewRepository
  onClose: () => void
}) {
  return (
    <ShownOnceDialog title={`Hook of “${name}”`} onClose={onClose}>
      <p className="mb-3 text-ink-soft text-sm">
        Give both to a webhook of the git host, for push events as JSON. Copy the secret now: it is shown this
        once.
      </p>
      <p className="mb-1 font-medium text-sm">Address</p>
      <ShownOnce name="Address of the hook" text={hook} />
      <p className="mt-3 mb-1 font-medium text-sm">Secret</p>
      <ShownOnce name="Secret of the hook" text={secret} />
    </ShownOnceDialog>
  )
}

function Rotate({
  repository: { id, name },
  onMade,
  onClose,
}: {
  repository: Repository
  onMade: (made: NewRepository) => void
  onClose: () => void
}) {
  const queries = useQueryClient()
  const rotate = async () => {
    const made = await call('POST /api/repositories/{id}/rotate', { params: { id } })
    await queries.invalidateQueries({ queryKey: REPOSITORIES })
    onMade(made)
    // Its place is taken by the dialog that shows the secret.
    return false
  }
  return (
    <QuestionDialog title={`New secret for ${name}`} action="Make the secret" onDo={rotate} onClose={onClose}>
      <p>The one before is refused at once: give the new one to the git host right after.</p>
    </QuestionDialog>
  )
}

function Delete({
  repository: { id, name, etag },
  onClose,
}: {
  repository: Repository
  onClose: () => void
}) {
  return (
    <DeleteDialog
      name={name}
      list={REPOSITORIES}
      onDelete={() => call('DELETE /api/repositories/{id}', { params: { id }, ifMatch: etag })}
      onClose={onClose}
    >
      Its pushes bring nothing any more. The prompts that came from it stay.
    </DeleteDialog>
  )
}
