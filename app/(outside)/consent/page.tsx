import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Consent } from '#components/consent/consent.tsx'
import { Lead, OpenPage } from '#components/sign-in/open-page.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { isAppError } from '#lib/errors.ts'
import { lookAtConsent } from '#lib/oauth/operations/look-at-consent.ts'
import { readForPage } from '../../(workbench)/read.ts'

export const metadata: Metadata = {
  title: 'Connect a client',
  robots: { index: false },
  referrer: 'no-referrer',
}

type Query = Record<string, string | string[] | undefined>

/** The page to which the authorization endpoint leads, with the same query. */
export default async function ConsentPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = written(await searchParams)
  const read = await readForPage((actor) => look(actor, query))
  if ('location' in read) redirect(read.location)
  if ('fault' in read)
    return (
      <OpenPage title="This client cannot be connected">
        <Lead>{read.fault}</Lead>
        <p className="mt-4 text-sm">
          Nothing was allowed. Begin again in the program itself; if it says the same, its maker has to know.
        </p>
      </OpenPage>
    )
  return (
    <OpenPage title="Connect a client">
      <Consent question={read} query={query} />
    </OpenPage>
  )
}

async function look(actor: Actor, query: string) {
  try {
    return await lookAtConsent(actor, { query })
  } catch (error) {
    if (isAppError(error) && error.code === 'unprocessable') return { fault: error.message }
    throw error
  }
}

/** The query as it came; a parameter that stands twice does so again, and is refused. */
function written(query: Query): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const each of [value ?? []].flat()) parameters.append(name, each)
  return parameters.toString()
}
