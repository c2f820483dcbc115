import { queryOptions } from '@tanstack/react-query'
import type { Invitation, Member, MemberPage } from '#lib/people/schema.ts'
import { call } from '#lib/rest/client.ts'

export const MEMBERS = ['members']
export const INVITATIONS = ['invitations']
const PAGE = 200

/** All members, page after page: everybody is searched at once. */
export const membersQuery = queryOptions({
  queryKey: MEMBERS,
  queryFn: async ({ signal }): Promise<Member[]> => {
    const items: Member[] = []
    let cursor: string | undefined
    do {
      const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) }
      const page: MemberPage = await call('GET /api/members', { query, signal })
      items.push(...page.items)
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    return items
  },
})

export const invitationsQuery = queryOptions({
  queryKey: INVITATIONS,
  queryFn: async ({ signal }): Promise<Invitation[]> =>
    (await call('GET /api/invitations', { signal })).items,
})
