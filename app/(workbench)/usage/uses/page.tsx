import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { PageTitle } from '#components/shell/page-title.tsx'
import { UsesList } from '#components/usage/uses/uses-list.tsx'
import { readUsesState, toUsesQuery, type UsesState } from '#components/usage/uses/uses-state.ts'
import { isAppError } from '#lib/errors.ts'
import { listUses } from '#lib/usage/operations/list-uses.ts'
import { readForPage, readTimeZone } from '../../read.ts'

export const metadata: Metadata = { title: 'Uses' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function UsesPage({ searchParams }: Props) {
  const first = await readUses(await readUsesState(searchParams))
  return (
    <>
      <PageTitle>Single uses</PageTitle>
      <UsesList first={first} />
    </>
  )
}

async function readUses(state: UsesState) {
  const zone = await readTimeZone()
  const readAt = Date.now()
  try {
    const query = toUsesQuery(state, zone)
    const page = await readForPage((actor) => listUses(actor, query))
    return { state, query, zone, page, readAt }
  } catch (error) {
    // The address names a prompt that is not there any more, or a span that is none: everything else is.
    if (isAppError(error) && (error.code === 'not_found' || error.code === 'invalid_input'))
      redirect('/usage/uses')
    throw error
  }
}
