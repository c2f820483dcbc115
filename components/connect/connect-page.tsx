'use client'

import { useQueryStates } from 'nuqs'
import { parseAsString } from 'nuqs/server'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { ClientTabs } from './client-tabs.tsx'
import { ConnectionTest } from './connection-test.tsx'
import { endpointPath } from './endpoint.ts'
import { EndpointOptions } from './endpoint-options.tsx'
import { LocalMode } from './local-mode.tsx'
import { clientsFor } from './snippets.ts'

const NARROWING = { label: parseAsString.withDefault(''), category: parseAsString.withDefault('') }

/** How agents reach the prompts: the address, what to paste where, and a try. */
export function ConnectPage({
  address,
  categories,
  listensOn,
  isLoopback,
}: {
  address: string
  categories: readonly { slug: string; name: string }[]
  listensOn: string
  isLoopback: boolean
}) {
  const [narrowing, setNarrowing] = useQueryStates(NARROWING)
  const path = endpointPath(narrowing)
  const endpoint = `${address}${path}`
  return (
    <div className="grid items-start gap-x-14 gap-y-12 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-12">
        <section aria-labelledby="address">
          <h2 id="address" className="font-serif text-2xl">
            The address
          </h2>
          <p className="mt-2 max-w-prose text-ink-soft">
            Agents get prompts over the Model Context Protocol at one address. A change here reaches connected
            clients within a second.
          </p>
          <div className="mt-4 flex min-h-12 items-center justify-between gap-2 rounded-lg border border-line bg-surface py-1.5 pr-2 pl-4">
            <code className="min-w-0 break-all font-mono text-sm">{endpoint}</code>
            <CopyButton name="Copy the address" text={endpoint} />
          </div>
          <EndpointOptions
            narrowing={narrowing}
            categories={categories}
            onChange={(change) => void setNarrowing(change, { history: 'replace' })}
          />
        </section>
        <section aria-labelledby="clients">
          <h2 id="clients" className="mb-4 font-serif text-2xl">
            Set up a client
          </h2>
          <ClientTabs clients={clientsFor(endpoint)} />
        </section>
      </div>
      <aside className="flex min-w-0 flex-col gap-10 lg:sticky lg:top-22">
        <ConnectionTest key={path} path={path} address={address} />
        <LocalMode listensOn={listensOn} isLoopback={isLoopback} />
      </aside>
    </div>
  )
}
