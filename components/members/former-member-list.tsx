'use client'

import { useQuery } from '@tanstack/react-query'
import { Download, Eraser, UserPlus } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { Rows } from '#components/rows/rows.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { SearchField } from '#components/ui/search-field.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { FormerMember } from '#lib/people/schema.ts'
import type { MemberDialogState } from './member-board.tsx'
import { matching } from './member-list.tsx'
import { formerMembersQuery } from './queries.ts'
import type { MemberEdits } from './use-member-edits.ts'

/** So many are found by looking. */
const FEW = 8

/** Who was removed or has left, the latest first. */
export function FormerMemberList({
  readAt,
  edits,
  onOpen,
}: {
  readAt: number
  edits: MemberEdits
  onOpen: (dialog: MemberDialogState) => void
}) {
  const now = useNow(readAt)
  const { data, error } = useQuery(formerMembersQuery)
  const [text, setText] = useState('')
  const [erased, setErased] = useState<FormerMember>()
  const wanted = useDeferredValue(text)
  const shown = useMemo(() => matching(data ?? [], wanted), [data, wanted])
  const ids = useMemo(() => shown.map(({ id }) => id), [shown])
  if (error) return <p className="py-4 text-rubric text-sm">{error.message}</p>
  if (data === undefined) return <Skeleton className="mt-4 h-40" />
  if (data.length === 0) return <p className="py-6 text-ink-soft">Nobody was removed.</p>
  return (
    <>
      {data.length > FEW && (
        <div className="mt-4 max-w-sm [&_input]:h-9">
          <SearchField label="Search who was removed" value={text} onChange={setText} />
        </div>
      )}
      <Rows
        ids={ids}
        total={ids.length}
        renderRow={(index) => {
          const former = shown[index]
          return former && <FormerRow former={former} now={now} onOpen={onOpen} onErase={setErased} />
        }}
      />
      {shown.length === 0 && <p className="py-6 text-ink-soft">Nobody fits “{wanted}”.</p>}
      {erased && (
        <QuestionDialog
          title={`Erase ${erased.name}`}
          action="Erase"
          onDo={() => edits.erase(erased)}
          onClose={() => setErased(undefined)}
        >
          <p>
            Name and e-mail are erased everywhere; prompts, versions and the audit log stay, by “Erased
            person”. It cannot be undone.
          </p>
        </QuestionDialog>
      )}
    </>
  )
}

function FormerRow({
  former,
  now,
  onOpen,
  onErase,
}: {
  former: FormerMember
  now: number
  onOpen: (dialog: MemberDialogState) => void
  onErase: (former: FormerMember) => void
}) {
  const isOwner = usePerson().role === 'owner'
  const { id, name, email, removed_at, is_member } = former
  return (
    <div className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h3 className="font-medium text-sm [overflow-wrap:anywhere]">{name}</h3>
        <p className="text-ink-faint text-xs [overflow-wrap:anywhere]">{email ?? 'E-mail forgotten'}</p>
        <p className="mt-1 text-ink-faint text-xs">
          <time dateTime={removed_at} title={formatMoment(removed_at)}>
            {howOf(former)} {formatAgo(removed_at, now)}
          </time>
          {byOf(former)}
          {is_member && ' · a member again'}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-1">
        {email !== null && !is_member && (
          <Button aria-label={`Invite again: ${name}`} onPress={() => onOpen({ kind: 'invite', email })}>
            <UserPlus aria-hidden="true" />
            Invite again
          </Button>
        )}
        {isOwner && (
          <>
            <Button
              look="quiet"
              square
              aria-label={`Export what is kept of ${name}`}
              onPress={() => window.location.assign(`/api/members/${id}/export`)}
            >
              <Download aria-hidden="true" />
            </Button>
            <Button look="quiet" square aria-label={`Erase ${name}`} onPress={() => onErase(former)}>
              <Eraser aria-hidden="true" />
            </Button>
          </>
        )}
      </div>
    </div>
  )
}

function howOf({ id, removed_by }: FormerMember): string {
  return removed_by?.id === id ? 'Left' : 'Removed'
}

function byOf({ id, removed_by }: FormerMember): string {
  return removed_by === null || removed_by.id === id ? '' : ` by ${removed_by.display}`
}
