'use client'

import { useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { countWords } from '#components/transfer/result/count-words.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { Switch } from '#components/ui/switch.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Repository } from '#lib/repositories/schema.ts'
import { call } from '#lib/rest/client.ts'
import { REPOSITORIES } from './queries.ts'
import type { RepositoryDialogState } from './repository-board.tsx'

interface RowProps {
  repository: Repository
  now: number
  onOpen: (dialog: RepositoryDialogState) => void
}

/** One repository: where its prompts come from, and what came of the last push. */
export function RepositoryRow({ repository, now, onOpen }: RowProps) {
  const { name, archive_url: url, ref, folder, enabled, waiting, last_sync: last } = repository
  return (
    <div
      data-repository={name}
      className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          {!enabled && <Badge>off</Badge>}
          {waiting && <Badge>looking</Badge>}
          {last !== null && last.error !== null && <Badge tone="rubric">failed</Badge>}
        </h3>
        <p className="mt-0.5 font-mono text-ink-soft text-xs [overflow-wrap:anywhere]">{url}</p>
        <p className="mt-0.5 text-ink-soft text-sm [overflow-wrap:anywhere]">
          {ref}, {folder === '' ? 'the whole repository' : `folder ${folder}`}
        </p>
        {last === null ? (
          <p className="mt-0.5 text-ink-faint text-xs">Nothing was pushed yet</p>
        ) : (
          <LastSync last={last} now={now} />
        )}
      </div>
      <Actions repository={repository} onOpen={onOpen} />
    </div>
  )
}

function LastSync({ last, now }: { last: NonNullable<Repository['last_sync']>; now: number }) {
  const { at, commit, counts, error, import: importId } = last
  return (
    <>
      {error !== null && <p className="mt-0.5 text-rubric text-sm [overflow-wrap:anywhere]">{error}</p>}
      <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-faint text-xs" data-volatile>
        <time dateTime={at} title={formatMoment(at)}>
          Looked at {formatAgo(at, now)}
        </time>
        {commit !== null && <span className="font-mono">{commit.slice(0, 12)}</span>}
        {counts !== null && <span>{countWords(counts)}</span>}
        {importId !== null && (
          <Link href={`/import/${importId}`} prefetch={false} className="rounded underline">
            See the import
          </Link>
        )}
      </p>
    </>
  )
}

function Actions({ repository, onOpen }: Pick<RowProps, 'repository' | 'onOpen'>) {
  const { name, enabled, hook_url: hook } = repository
  const { change, sync } = useRepositoryEdits(repository)
  const open = (kind: 'edit' | 'rotate' | 'delete') => () => onOpen({ kind, repository })
  return (
    <div className="flex flex-wrap items-center gap-2 sm:max-w-xs sm:justify-end xl:max-w-none">
      <Switch isOn={enabled} aria-label={`${name} is on`} onChange={(isOn) => void change(isOn)} />
      <Button
        aria-label={`Look now at ${name}`}
        reason={enabled ? undefined : 'Switch it on first.'}
        onPress={() => void sync()}
      >
        Look now
      </Button>
      <CopyButton name={`Copy hook of ${name}`} label="Copy hook" text={hook} />
      <Button aria-label={`Change ${name}`} onPress={open('edit')}>
        Change
      </Button>
      <Button aria-label={`New secret for ${name}`} onPress={open('rotate')}>
        New secret
      </Button>
      <Button aria-label={`Delete ${name}`} onPress={open('delete')}>
        Delete
      </Button>
    </div>
  )
}

function useRepositoryEdits({ id, name, etag }: Repository) {
  const queries = useQueryClient()
  const attempt = async (work: () => Promise<unknown>, failure: string) => {
    try {
      await work()
    } catch (error) {
      const detail = error instanceof Error ? error.message : undefined
      showToast({ tone: 'failure', message: failure, detail })
    }
    await queries.invalidateQueries({ queryKey: REPOSITORIES })
  }
  const params = { id }
  return {
    change: (enabled: boolean) =>
      attempt(
        () => call('PATCH /api/repositories/{id}', { params, ifMatch: etag, body: { enabled } }),
        `“${name}” was not changed.`,
      ),
    sync: () =>
      attempt(() => call('POST /api/repositories/{id}/sync', { params }), `“${name}” is not looked at.`),
  }
}
