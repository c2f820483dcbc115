import type { Metadata } from 'next'
import { Invitation } from '#components/sign-in/invitation.tsx'
import { OpenPage } from '#components/sign-in/open-page.tsx'
import { readWays } from '../ways.ts'

export const metadata: Metadata = { title: 'Invitation', robots: { index: false }, referrer: 'no-referrer' }

export default async function InvitationPage() {
  return (
    <OpenPage title="You are invited">
      <Invitation ways={await readWays()} />
    </OpenPage>
  )
}
