'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { categoriesText } from '#components/access/categories-text.ts'
import { usePerson } from '#components/access/person.tsx'
import { ROLE_NAMES } from '#components/access/rights-words.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { Button } from '#components/ui/button.tsx'
import { formatDay } from '#components/ui/format.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import type { Invitation } from '#lib/people/schema.ts'
import { invitationsQuery } from './queries.ts'
import { mayChange } from './role-choices.ts'
import type { MemberEdits } from './use-member-edits.ts'

const QuestionDialog = dialogPart(
  async () => (await import('#components/forms/question-dialog.tsx')).QuestionDialog,
  ({ onClose }) => onClose(),
)

/** Those who were invited and have not come yet. */
export function InvitationList({
  first,
  readAt,
  edits,
}: {
  first: Invitation[]
  readAt: number
  edits: MemberEdits
}) {
  const { role } = usePerson()
  const invitations = useQuery({ ...invitationsQuery, initialData: first, initialDataUpdatedAt: readAt }).data
  const categories = useQuery(categoriesQuery).data
  const [revoked, setRevoked] = useState<Invitation>()
  if (invitations.length === 0) return null
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations" className="border-line border-b pb-3 font-serif text-2xl">
        Invitations
      </h2>
      <ul className="divide-y divide-line">
        {invitations.map((invitation) => (
          <li
            key={invitation.id}
            className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3"
          >
            <div className="min-w-0">
              <h3 className="font-medium text-sm [overflow-wrap:anywhere]">{invitation.email}</h3>
              <p className="mt-1 text-ink-faint text-xs">
                {ROLE_NAMES[invitation.role]}
                {invitation.categories !== null &&
                  `, writes in ${categoriesText(invitation.categories, categories)}`}{' '}
                · invited by {invitation.invited_by.display} · until{' '}
                <time dateTime={invitation.expires_at}>{formatDay(invitation.expires_at)}</time>
              </p>
            </div>
            <Button
              aria-label={`Revoke the invitation of ${invitation.email}`}
              reason={
                mayChange(role, invitation.role) ? undefined : 'Only an owner changes admins and owners.'
              }
              onPress={() => setRevoked(invitation)}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      {revoked && (
        <QuestionDialog
          title="Revoke the invitation"
          action="Revoke"
          onDo={() => edits.revoke(revoked)}
          onClose={() => setRevoked(undefined)}
        >
          <p>The link that {revoked.email} got leads nowhere from then on.</p>
        </QuestionDialog>
      )}
    </section>
  )
}
