import { queryOptions } from '@tanstack/react-query'
import type { FormerMember, FormerMemberPage, Invitation, Member, MemberPage } from '#lib/people/schema.ts'
import { call } from '#lib/rest/client.ts'

export const MEMBERS = ['members']
export const FORMER_MEMBERS = ['former-members']
export const INVITATIONS = ['invitations']
const PAGE = 200

interface Query {
  limit: number
  cursor?: string
}

/** All of a list, page after page: everybody is searched at once. */
async function allOf<T>(
  read: (query: Query) => Promise<{ items: T[]; next_cursor: string | null }>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page = await read({ limit: PAGE, ...(cursor !== null && { cursor }) })
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return items
}

export const membersQuery = queryOptions({
  queryKey: MEMBERS,
  queryFn: ({ signal }): Promise<Member[]> =>
    allOf((query): Promise<MemberPage> => call('GET /api/members', { query, signal })),
})

export const formerMembersQuery = queryOptions({
  queryKey: FORMER_MEMBERS,
  queryFn: ({ signal }): Promise<FormerMember[]> =>
    allOf((query): Promise<FormerMemberPage> => call('GET /api/former-members', { query, signal })),
})

export const invitationsQuery = queryOptions({
  queryKey: INVITATIONS,
  queryFn: async ({ signal }): Promise<Invitation[]> =>
    (await call('GET /api/invitations', { signal })).items,
})
