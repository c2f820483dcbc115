import type { Metadata } from 'next'
import { ConnectPage as Connect } from '#components/connect/connect-page.tsx'
import { WhoGetsIn } from '#components/connect/who-gets-in.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { getRuntime } from '#lib/runtime.ts'
import { readAddress, readForPage, readVisitor } from '../read.ts'

export const metadata: Metadata = { title: 'Connect' }

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/** Whether clients may sign in there: tokens go over https, or do not leave the machine. */
function isSafe(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || LOOPBACK.test(hostname.replaceAll(/[[\]]/g, ''))
}

export default async function ConnectPage() {
  const { categories } = await readForPage((actor) => listCategories(actor))
  const { server } = getRuntime().config
  const [address, { person }] = await Promise.all([readAddress(), readVisitor()])
  return (
    <>
      <PageTitle>Connect</PageTitle>
      <Connect
        address={address}
        categories={categories.map(({ slug, name }) => ({ slug, name }))}
        hasSignIn={isSafe(address)}
      >
        <WhoGetsIn
          isLocal={person?.isLocal === true}
          listensOn={server.host}
          isLoopback={LOOPBACK.test(server.host)}
        />
      </Connect>
    </>
  )
}
