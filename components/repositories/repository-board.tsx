'use client'

import { useQuery } from '@tanstack/react-query'
import { GitBranch } from 'lucide-react'
import { useState } from 'react'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
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
  const create = () => open({ kind: 'new' })
  const query = { ...repositoriesQuery, initialData: first, initialDataUpdatedAt: readAt }
  const repositories = useQuery(query).data
  useActions([
    { id: 'repositories.new', name: 'New repository', group: 'Repositories', run: create, words: 'git' },
  ])
  return (
    <section aria-labelledby="repositories">
      <SectionHead
        id="repositories"
        title="Repositories"
        action={
          <Button look="primary" onPress={create}>
            <GitBranch aria-hidden="true" />
            New repository
          </Button>
        }
      >
        A push to a branch brings the prompts of a folder, as an import that can be undone.
      </SectionHead>
      {repositories.length === 0 && (
        <EmptyState
          title="No repository brings prompts yet"
          action={
            <Button look="primary" onPress={create}>
              Add a repository
            </Button>
          }
        >
          <p>What is merged on GitHub, GitLab, Gitea or Forgejo can be here moments later.</p>
        </EmptyState>
      )}
      <ul className="divide-y divide-line border-line border-b">
        {repositories.map((repository) => (
          <li key={repository.id}>
            <RepositoryRow repository={repository} now={now} onOpen={open} />
          </li>
        ))}
      </ul>
      {dialog && <Dialogs dialog={dialog} open={open} />}
    </section>
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
  if (dialog.kind === 'new' || dialog.kind === 'edit')
    return (
      <RepositoryDialog
        repository={dialog.kind === 'edit' ? dialog.repository : undefined}
        onMade={show}
        onClose={close}
      />
    )
  return <SecretDialogs dialog={dialog} onMade={show} onClose={close} />
}
