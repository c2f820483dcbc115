import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { ConnectPage as Connect } from '#components/connect/connect-page.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { getRuntime } from '#lib/runtime.ts'
import { readForPage } from '../read.ts'

export const metadata: Metadata = { title: 'Connect' }

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/** The address of this page: the configured one, else the one that the request names. */
async function readAddress(): Promise<string> {
  const { server } = getRuntime().config
  if (server.url !== undefined) return server.url.replace(/\/$/, '')
  const sent = await headers()
  const scheme = sent.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https' ? 'https' : 'http'
  return `${scheme}://${sent.get('host') ?? `localhost:${server.port}`}`
}

export default async function ConnectPage() {
  const { categories } = await readForPage((actor) => listCategories(actor))
  const { server } = getRuntime().config
  return (
    <>
      <PageTitle>Connect</PageTitle>
      <Connect
        address={await readAddress()}
        categories={categories.map(({ slug, name }) => ({ slug, name }))}
        listensOn={server.host}
        isLoopback={LOOPBACK.test(server.host)}
      />
    </>
  )
}
