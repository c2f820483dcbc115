'use client'

import { useQuery } from '@tanstack/react-query'
import { GitBranch } from 'lucide-react'
import { useState } from 'react'
import { Board } from '#components/board/board.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { NewRepository, Repository } from '#lib/repositories/schema.ts'
import { repositoriesQuery } from './queries.ts'
import { RepositoryRow } from './repository-row.tsx'

const RepositoryDialog = dialogPart(
  async () => (await import('./repository-dialog.tsx')).RepositoryDialog,
  ({ onClose }) => onClose(),
)
const SecretDialogs = dialogPart(
  async () => (await import('./secret-dialogs.tsx')).SecretDialogs,
  ({ onClose }) => onClose(),
)

/** The open dialog. */
export type RepositoryDialogState =
  | { kind: 'new' }
  | { kind: 'made'; made: NewRepository }
  | { kind: 'edit' | 'rotate' | 'delete'; repository: Repository }

/** The repositories whose pushes bring prompts. */
export function RepositoryBoard({ first, readAt }: { first: Repository[]; readAt: number }) {
  const [dialog, open] = useState<RepositoryDialogState>()
  const now = useNow(readAt)
  const query = { ...repositoriesQuery, initialData: first, initialDataUpdatedAt: readAt }
  return (
    <Board
      id="repositories"
      title="Repositories"
      about="A push to a branch brings the prompts of a folder, as an import that can be undone."
      make={{ name: 'New repository', sign: GitBranch, words: 'git', run: () => open({ kind: 'new' }) }}
      nothing={{
        title: 'No repository brings prompts yet',
        text: 'What is merged on GitHub, GitLab, Gitea or Forgejo can be here moments later.',
        action: 'Add a repository',
      }}
      items={useQuery(query).data}
      renderRow={(repository) => <RepositoryRow repository={repository} now={now} onOpen={open} />}
    >
      {dialog && <Dialogs dialog={dialog} open={open} />}
    </Board>
  )
}

function Dialogs({
  dialog,
  open,
}: {
  dialog: RepositoryDialogState
  open: (dialog: RepositoryDialogState | undefined) => void
}) {
  const close = () => open(undefined)
  const show = (made: NewRepository) => open({ kind: 'made', made })
  if (dialog.kind === 'new') return <RepositoryDialog onMade={show} onClose={close} />
  if (dialog.kind === 'edit')
    return <RepositoryDialog repository={dialog.repository} onMade={show} onClose={close} />
  return <SecretDialogs dialog={dialog} onMade={show} onClose={close} />
}
