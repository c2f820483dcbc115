'use client'

import { useQuery } from '@tanstack/react-query'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { clientsOfQuery, keysOfQuery } from '#components/keys/queries.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Member } from '#lib/people/schema.ts'
import type { MemberEdits } from './use-member-edits.ts'

type How = 'deactivate' | 'remove' | 'erase'

const WORDS: Readonly<Record<How, { title: string; action: string; ends: string; stays: string }>> = {
  deactivate: {
    title: 'Deactivate',
    action: 'Deactivate',
    ends: 'At once, and until it is taken back:',
    stays: 'Everything is kept. You can activate the account again at any time.',
  },
  remove: {
    title: 'Remove',
    action: 'Remove',
    ends: 'At once, and for good:',
    stays:
      'Prompts, versions and the audit log keep the name. Service keys stay. Nothing is handed on to somebody else.',
  },
  erase: {
    title: 'Remove and erase',
    action: 'Erase',
    ends: 'At once, and for good:',
    stays:
      'Name and e-mail are erased everywhere; prompts, versions and the audit log stay, by “Erased person”. It cannot be undone.',
  },
}

/** Asks before a membership ends, and names what ends with it. */
export function RemoveDialog({
  how,
  member,
  edits,
  onClose,
}: {
  how: How
  member: Member
  edits: MemberEdits
  onClose: () => void
}) {
  const { name } = member
  const { title, action, ends, stays } = WORDS[how]
  const run = async () => {
    if (how === 'remove') return edits.remove(member)
    if (how === 'erase') return edits.erase(member)
    await edits.change(member, { deactivated: true })
    showToast({ message: `${name} is deactivated.` })
  }
  return (
    <QuestionDialog title={`${title} ${name}`} action={action} onDo={run} onClose={onClose}>
      <p>{ends}</p>
      <WhatEnds member={member} />
      <p>{stays}</p>
    </QuestionDialog>
  )
}

const NAMED = 5

function WhatEnds({ member }: { member: Member }) {
  const keys = useQuery(keysOfQuery(member.id)).data
  const clients = useQuery(clientsOfQuery(member.id)).data
  return (
    <ul className="list-disc pl-5 text-ink">
      <li>All sessions of {member.email}, open pages included</li>
      <li>{listed('Personal keys', keys)}</li>
      <li>{listed('Connected clients', clients)}</li>
    </ul>
  )
}

function listed(what: string, all: readonly { name: string }[] | undefined): string {
  if (all === undefined) return what
  if (all.length === 0) return `${what}: none`
  const names = all.slice(0, NAMED).map(({ name }) => name)
  const others = all.length - names.length
  return `${what}: ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}
