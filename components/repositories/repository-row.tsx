'use client'

import Link from 'next/link'
import { BoardRow } from '#components/board/board-row.tsx'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { countWords } from '#components/transfer/result/count-words.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
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
  const { id, etag, name, archive_url: url, ref, folder, enabled, waiting, last_sync: last } = repository
  const attempt = useAttempt(REPOSITORIES)
  const params = { id }
  const change = (isOn: boolean) =>
    call('PATCH /api/repositories/{id}', { params, ifMatch: etag, body: { enabled: isOn } })
  return (
    <BoardRow
      kind="repository"
      name={name}
      isOn={enabled}
      badges={
        <>
          {waiting && <Badge>looking</Badge>}
          {last !== null && last.error !== null && <Badge tone="rubric">failed</Badge>}
        </>
      }
      buttons={<LookAndCopy repository={repository} />}
      onSwitch={(isOn) => void attempt(() => change(isOn), `“${name}” was not changed.`)}
      asks={['edit', 'rotate', 'delete']}
      onAsk={(kind) => onOpen({ kind, repository })}
    >
      <p className="mt-0.5 font-mono text-ink-soft text-xs [overflow-wrap:anywhere]">{url}</p>
      <p className="mt-0.5 text-ink-soft text-sm [overflow-wrap:anywhere]">
        {ref}, {folder === '' ? 'the whole repository' : `folder ${folder}`}
      </p>
      {last === null ? (
        <p className="mt-0.5 text-ink-faint text-xs">Nothing was pushed yet</p>
      ) : (
        <LastSync last={last} now={now} />
      )}
    </BoardRow>
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

function LookAndCopy({ repository: { id, name, enabled, hook_url: hook } }: { repository: Repository }) {
  const attempt = useAttempt(REPOSITORIES)
  const look = () => call('POST /api/repositories/{id}/sync', { params: { id } })
  return (
    <>
      <Button
        aria-label={`Look now at ${name}`}
        reason={enabled ? undefined : 'Switch it on first.'}
        onPress={() => void attempt(look, `“${name}” is not looked at.`)}
      >
        Look now
      </Button>
      <CopyButton name={`Copy hook of ${name}`} label="Copy hook" text={hook} />
    </>
  )
}
