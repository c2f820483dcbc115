'use client'

import { useQueryStates } from 'nuqs'
import { parseAsString } from 'nuqs/server'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { ClientTabs } from './client-tabs.tsx'
import { ConnectionTest } from './connection-test.tsx'
import { EndpointOptions } from './endpoint-options.tsx'
import { clientsFor, endpointPath } from './snippets.ts'

const NARROWING = { label: parseAsString.withDefault(''), category: parseAsString.withDefault('') }

/** The ways to the prompts for agents: the address, the snippets, and a test. */
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

/** The access to this server while there are no accounts. */
function LocalMode({ listensOn, isLoopback }: { listensOn: string; isLoopback: boolean }) {
  return (
    <section aria-labelledby="access" className="text-ink-soft text-sm">
      <h2 id="access" className="mb-2 font-serif text-2xl text-ink">
        Who gets in
      </h2>
      {isLoopback ? (
        <p>
          No key is needed. The server listens on <code className="font-mono text-xs">{listensOn}</code>, so
          only programs on this machine reach it, and to them everything is open: reading, rendering,
          changing.
        </p>
      ) : (
        <p className="rounded-lg bg-rubric-wash p-4 text-ink">
          No key is needed, and the server listens on <code className="font-mono text-xs">{listensOn}</code>:
          whoever reaches it on the network can read and change every prompt.
        </p>
      )}
      <p className="mt-3">
        Requests under another host name and from pages of other sites are refused. Accounts, and a key for
        each agent, come later; label and category in the address are for clearness, not for protection.
      </p>
    </section>
  )
}
