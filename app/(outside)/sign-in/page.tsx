import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { OpenPage } from '#components/sign-in/open-page.tsx'
import { ownPath } from '#components/sign-in/own-path.ts'
import { SignedInBeside, SignInHere } from '#components/sign-in/sign-in-here.tsx'
import { readVisitor } from '../../(workbench)/read.ts'
import { readWays } from '../ways.ts'

export const metadata: Metadata = { title: 'Sign in', robots: { index: false } }

type Query = Record<string, string | string[] | undefined>

export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { next, done, error } = await searchParams
  const target = ownPath(typeof next === 'string' ? next : undefined)
  const { state, person } = await readVisitor()
  if (done !== undefined)
    return (
      <OpenPage title="Signed in">
        <SignedInBeside />
      </OpenPage>
    )
  if (state === 'set_up') redirect('/set-up')
  if (person !== undefined) redirect(target)
  return (
    <OpenPage title="Sign in">
      <SignInHere
        ways={await readWays()}
        next={target}
        refusal={typeof error === 'string' ? error : undefined}
      />
    </OpenPage>
  )
}
