'use client'

import { useQueryClient } from '@tanstack/react-query'
import { showToast } from '#components/ui/toast.ts'
import type { Invitation, Member, PatchMemberInput } from '#lib/people/schema.ts'
import { call, currentEtag } from '#lib/rest/client.ts'
import { FORMER_MEMBERS, INVITATIONS, MEMBERS } from './queries.ts'

/** Changes of members and invitations. What they throw is for a form; `edit` tells it by a toast. */
export function useMemberEdits() {
  const queries = useQueryClient()
  const show = (change: (all: Member[]) => Member[]) =>
    queries.setQueryData<Member[]>(MEMBERS, (all) => all && change(all))
  const refresh = (queryKey = MEMBERS) => queries.invalidateQueries({ queryKey })
  const change = async ({ id, etag }: Member, body: PatchMemberInput): Promise<Member> => {
    try {
      const saved = await call('PATCH /api/members/{id}', { params: { id }, ifMatch: etag, body })
      show((all) => all.map((each) => (each.id === id ? saved : each)))
      return saved
    } catch (error) {
      // The row shows what somebody else made of it meanwhile.
      if (currentEtag(error) !== undefined) await refresh()
      throw error
    }
  }
  return {
    change,
    edit: (member: Member, body: PatchMemberInput, done: string) => edit(change, member, body, done),
    async remove({ id, name, etag }: Member) {
      await call('DELETE /api/members/{id}', { params: { id }, ifMatch: etag })
      show((all) => all.filter((each) => each.id !== id))
      void refresh(FORMER_MEMBERS)
      showToast({ message: `${name} is no member any more.` })
    },
    async erase({ id, name }: Pick<Member, 'id' | 'name'>) {
      await call('POST /api/members/{id}/erase', { params: { id } })
      await Promise.all([refresh(), refresh(FORMER_MEMBERS)])
      showToast({ message: `What was kept of ${name} is erased.` })
    },
    async revoke({ id, email }: Invitation) {
      await call('DELETE /api/invitations/{id}', { params: { id } })
      queries.setQueryData<Invitation[]>(INVITATIONS, (all) => all?.filter((each) => each.id !== id))
      showToast({ message: `The invitation of ${email} is revoked.` })
    },
  }
}

export type MemberEdits = ReturnType<typeof useMemberEdits>

/** Changes a member, and offers to take it back. */
async function edit(
  change: MemberEdits['change'],
  member: Member,
  body: PatchMemberInput,
  done: string,
): Promise<void> {
  try {
    const saved = await change(member, body)
    const before = Object.fromEntries(Object.keys(body).map((key) => [key, member[key as keyof Member]]))
    const back = () => void edit(change, saved, before, `${member.name} is as before.`)
    showToast({ message: done, action: { label: 'Undo', run: back } })
  } catch (error) {
    const isStale = currentEtag(error) !== undefined
    const reason = error instanceof Error ? error.message : undefined
    showToast({
      tone: 'failure',
      message: `${member.name} was not changed.`,
      detail: isStale ? 'Somebody else changed this member a moment ago.' : reason,
    })
  }
}
