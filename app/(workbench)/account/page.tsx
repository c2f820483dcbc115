import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { AccountPage } from '#components/account/account-page.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { getMe } from '#lib/people/operations/get-me.ts'
import { readWays } from '../../(outside)/ways.ts'
import { readAddress, readForPage } from '../read.ts'

export const metadata: Metadata = { title: 'Account' }

type Query = Record<string, string | string[] | undefined>

export default async function Account({ searchParams }: { searchParams: Promise<Query> }) {
  const { error } = await searchParams
  const [me, ways, address] = await Promise.all([
    readForPage((actor) => getMe(actor)),
    readWays(),
    readAddress(),
  ])
  // Without accounts nobody has one: the first is made there.
  if (me.person === null) redirect('/set-up')
  return (
    <>
      <PageTitle>Account</PageTitle>
      <AccountPage
        first={me}
        ways={ways}
        address={address}
        readAt={Date.now()}
        refusal={typeof error === 'string' ? error : undefined}
      />
    </>
  )
}
