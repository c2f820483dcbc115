import type { Metadata } from 'next'
import Link from 'next/link'
import { Lead, OpenPage } from '#components/sign-in/open-page.tsx'
import { SetUp } from '#components/sign-in/set-up.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { readVisitor } from '../../(workbench)/read.ts'

export const metadata: Metadata = { title: 'Set up', robots: { index: false }, referrer: 'no-referrer' }

export default async function SetUpPage() {
  const { state } = await readVisitor()
  if (state === 'accounts')
    return (
      <OpenPage title="Set up already">
        <Lead>This server has its owner. Whoever has an account signs in; others need an invitation.</Lead>
        <p className="mt-8">
          <Link href="/sign-in" className={buttonClass('primary')}>
            Sign in
          </Link>
        </p>
      </OpenPage>
    )
  return (
    <OpenPage title={state === 'set_up' ? 'Set up Incipit' : 'Create the owner account'}>
      <SetUp needsLink={state !== 'local'} />
    </OpenPage>
  )
}
