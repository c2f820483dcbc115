import type { Metadata } from 'next'
import { OpenPage } from '#components/sign-in/open-page.tsx'
import { Reset } from '#components/sign-in/reset.tsx'
import { readWays } from '../ways.ts'

export const metadata: Metadata = { title: 'New password', robots: { index: false }, referrer: 'no-referrer' }

export default async function ResetPage() {
  const { reset } = await readWays()
  return (
    <OpenPage title="New password">
      <Reset hasMail={reset} />
    </OpenPage>
  )
}
