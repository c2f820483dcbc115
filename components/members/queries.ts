import { queryOptions } from '@tanstack/react-query'
import { allItems } from '#components/rows/all-items.ts'
import type { FormerMember, FormerMemberPage, Invitation, Member, MemberPage } from '#lib/people/schema.ts'
import { call } from '#lib/rest/client.ts'

export const MEMBERS = ['members']
export const FORMER_MEMBERS = ['former-members']
export const INVITATIONS = ['invitations']

export const membersQuery = queryOptions({
  queryKey: MEMBERS,
  queryFn: ({ signal }): Promise<Member[]> =>
    allItems((query): Promise<MemberPage> => call('GET /api/members', { query, signal })),
})

export const formerMembersQuery = queryOptions({
  queryKey: FORMER_MEMBERS,
  queryFn: ({ signal }): Promise<FormerMember[]> =>
    allItems((query): Promise<FormerMemberPage> => call('GET /api/former-members', { query, signal })),
})

export const invitationsQuery = queryOptions({
  queryKey: INVITATIONS,
  queryFn: async ({ signal }): Promise<Invitation[]> =>
    (await call('GET /api/invitations', { signal })).items,
})
