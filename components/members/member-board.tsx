'use client'

import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import Link from 'next/link'
import { useMemo, useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { Rows } from '#components/rows/rows.tsx'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Segments } from '#components/ui/segments.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Invitation, Member } from '#lib/people/schema.ts'
import { FormerMemberList } from './former-member-list.tsx'
import { InvitationList } from './invitation-list.tsx'
import { MemberList } from './member-list.tsx'
import { membersQuery } from './queries.ts'
import { RoleTable } from './role-table.tsx'
import { type MemberEdits, useMemberEdits } from './use-member-edits.ts'

const InviteDialog = dialogPart(
  async () => (await import('./invite-dialog.tsx')).InviteDialog,
  ({ onClose }) => onClose(),
)
const MemberDialog = dialogPart(
  async () => (await import('./member-dialog.tsx')).MemberDialog,
  ({ onClose }) => onClose(),
)
const ResetDialog = dialogPart(
  async () => (await import('./reset-dialog.tsx')).ResetDialog,
  ({ onClose }) => onClose(),
)
const RemoveDialog = dialogPart(
  async () => (await import('./remove-dialog.tsx')).RemoveDialog,
  ({ onClose }) => onClose(),
)

/** The open dialog. */
export type MemberDialogState =
  | { kind: 'invite'; email?: string }
  | { kind: 'edit' | 'reset' | 'deactivate' | 'remove' | 'erase'; member: Member }

interface FirstRead {
  /** undefined: there are more than came with the page. */
  members: Member[] | undefined
  invitations: Invitation[]
  readAt: number
}

const NO_IDS: readonly string[] = []

/** Who works here, with which role, and who is invited. */
export function MemberBoard({ first }: { first: FirstRead }) {
  const { isLocal } = usePerson()
  const [dialog, open] = useState<MemberDialogState>()
  const edits = useMemberEdits()
  const invite = () => open({ kind: 'invite' })
  useActions(
    isLocal
      ? []
      : [{ id: 'members.invite', name: 'Invite somebody', group: 'Members', run: invite, words: 'add user' }],
  )
  return (
    <div className="flex flex-col gap-12">
      <section aria-labelledby="members">
        <SectionHead
          id="members"
          title="Members"
          action={
            !isLocal && (
              <Button look="primary" onPress={invite}>
                <UserPlus aria-hidden="true" />
                Invite
              </Button>
            )
          }
        >
          People who sign in here, and what each may do.
        </SectionHead>
        {isLocal ? <NoAccounts /> : <Everybody first={first} edits={edits} onOpen={open} />}
      </section>
      {!isLocal && <InvitationList first={first.invitations} readAt={first.readAt} edits={edits} />}
      <RoleTable />
      {dialog && <OpenDialog dialog={dialog} edits={edits} onClose={() => open(undefined)} />}
    </div>
  )
}

const SHOWN = [
  { id: 'members', label: 'Members' },
  { id: 'deactivated', label: 'Deactivated' },
  { id: 'removed', label: 'Removed' },
]

/** Members, those of them who are deactivated, or who was one before. */
function Everybody({
  first,
  edits,
  onOpen,
}: {
  first: FirstRead
  edits: MemberEdits
  onOpen: (dialog: MemberDialogState) => void
}) {
  const [shown, show] = useState('members')
  return (
    <>
      <div className="mt-4">
        <Segments name="Who is shown" segments={SHOWN} value={shown} onChange={show} />
      </div>
      {shown === 'removed' ? (
        <FormerMemberList readAt={first.readAt} edits={edits} onOpen={onOpen} />
      ) : (
        <Members first={first} edits={edits} onOpen={onOpen} isDeactivated={shown === 'deactivated'} />
      )}
    </>
  )
}

function Members({
  first: { members, readAt },
  edits,
  onOpen,
  isDeactivated,
}: {
  first: FirstRead
  edits: MemberEdits
  onOpen: (dialog: MemberDialogState) => void
  /** Only those who are. */
  isDeactivated: boolean
}) {
  const { data, error } = useQuery({
    ...membersQuery,
    ...(members && { initialData: members, initialDataUpdatedAt: readAt }),
  })
  const shown = useMemo(
    () => (isDeactivated ? data?.filter(({ deactivated }) => deactivated) : data),
    [data, isDeactivated],
  )
  if (shown?.length === 0) return <p className="py-6 text-ink-soft">Nobody is deactivated.</p>
  if (shown) return <MemberList members={shown} readAt={readAt} edits={edits} onOpen={onOpen} />
  if (error) return <p className="py-4 text-rubric text-sm">{error.message}</p>
  return (
    <>
      <Skeleton className="mt-4 h-96" />
      {/* There are many: what draws those in sight alone is fetched beside them. */}
      <Rows ids={NO_IDS} total={-1} renderRow={() => null} />
    </>
  )
}

function NoAccounts() {
  return (
    <EmptyState
      title="Nobody signs in yet"
      action={
        <Link href="/set-up" className={buttonClass('primary')}>
          Create the owner account
        </Link>
      }
    >
      <p>
        Whoever uses this machine acts as owner. With the first account everybody signs in, agents bring keys,
        and you can invite others. What was made so far stays.
      </p>
    </EmptyState>
  )
}

function OpenDialog({
  dialog,
  edits,
  onClose,
}: {
  dialog: MemberDialogState
  edits: MemberEdits
  onClose: () => void
}) {
  switch (dialog.kind) {
    case 'invite':
      return <InviteDialog email={dialog.email} onClose={onClose} />
    case 'edit':
      return <MemberDialog member={dialog.member} edits={edits} onClose={onClose} />
    case 'reset':
      return <ResetDialog member={dialog.member} onClose={onClose} />
    default:
      return <RemoveDialog how={dialog.kind} member={dialog.member} edits={edits} onClose={onClose} />
  }
}
