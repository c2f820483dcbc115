import type { Metadata } from 'next'
import { MemberBoard } from '#components/members/member-board.tsx'
import { listInvitations } from '#lib/people/operations/list-invitations.ts'
import { listMembers } from '#lib/people/operations/list-members.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Members · Settings' }

/** Members that come with the page; the browser reads all of them where there are more. */
const FIRST = 100

export default async function MembersPage() {
  const first = await readForPage(async (actor) => {
    const [members, invitations] = await Promise.all([
      listMembers(actor, { limit: FIRST }),
      listInvitations(actor),
    ])
    return {
      members: members.next_cursor === null ? members.items : undefined,
      invitations: invitations.items,
      readAt: Date.now(),
    }
  })
  return <MemberBoard first={first} />
}
