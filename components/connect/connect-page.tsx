'use client'

import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { type ReactNode, useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { lastingPart } from '#components/ui/part.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { ClientTabs } from './client-tabs.tsx'
import { ConnectionTest } from './connection-test.tsx'
import { EndpointOptions } from './endpoint-options.tsx'
import { clientsFor, endpointPath, type Narrowing, type Proof } from './snippets.ts'

const IN_URL = {
  label: parseAsString.withDefault(''),
  category: parseAsString.withDefault(''),
  proof: parseAsStringLiteral(['sign-in', 'key']),
}
/** With accounts alone. */
const ProofChoice = dynamic(
  lastingPart(async () => (await import('./proof-choice.tsx')).ProofChoice),
  { loading: () => <Skeleton className="mb-6 h-32" /> },
)

/** Stands where the key belongs that nobody made yet. */
const NO_KEY = 'inc_YOUR_KEY'

interface ConnectPageProps {
  address: string
  categories: readonly { slug: string; name: string }[]
  /** Whether clients can sign in. */
  hasSignIn: boolean
  /** What stands below the test. */
  children: ReactNode
}

/** The ways to the prompts for agents: the address, the snippets, and a test. */
export function ConnectPage({ address, categories, hasSignIn, children }: ConnectPageProps) {
  const { isLocal } = usePerson()
  const [{ proof: chosen, ...narrowing }, setUrl] = useQueryStates(IN_URL)
  const [apiKey, setKey] = useState<string>()
  const path = endpointPath(narrowing)
  const kind = chosen ?? (hasSignIn ? 'sign-in' : 'key')
  const proof: Proof | undefined = isLocal
    ? undefined
    : kind === 'key'
      ? { kind, key: apiKey ?? NO_KEY }
      : { kind }
  return (
    <div className="grid items-start gap-x-14 gap-y-12 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-12">
        <Address
          endpoint={`${address}${path}`}
          narrowing={narrowing}
          categories={categories}
          onChange={(change) => void setUrl(change, { history: 'replace' })}
        />
        <Clients
          endpoint={`${address}${path}`}
          proof={proof}
          label={narrowing.label}
          hasSignIn={hasSignIn}
          apiKey={apiKey}
          onProof={(next) => void setUrl({ proof: next }, { history: 'replace' })}
          onKey={setKey}
        />
      </div>
      <aside className="flex min-w-0 flex-col gap-10 lg:sticky lg:top-22">
        <ConnectionTest
          key={path}
          path={path}
          address={address}
          apiKey={apiKey}
          reason={
            isLocal || apiKey !== undefined
              ? undefined
              : 'Make a key first, under “Set up a client”: the test connects with it, as the client will.'
          }
        />
        {children}
      </aside>
    </div>
  )
}

function Address({
  endpoint,
  narrowing,
  categories,
  onChange,
}: {
  endpoint: string
  narrowing: Narrowing
  categories: ConnectPageProps['categories']
  onChange: (change: Partial<Narrowing>) => void
}) {
  return (
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
      <EndpointOptions narrowing={narrowing} categories={categories} onChange={onChange} />
    </section>
  )
}

function Clients({
  endpoint,
  proof,
  ...choice
}: {
  endpoint: string
  proof: Proof | undefined
  label: string
  hasSignIn: boolean
  apiKey: string | undefined
  onProof: (kind: Proof['kind']) => void
  onKey: (key: string) => void
}) {
  const clients = clientsFor(endpoint, proof)
  const [shown, setShown] = useState<string>()
  const client = clients.find(({ id }) => id === shown) ?? clients[0]
  return (
    <section aria-labelledby="clients">
      <h2 id="clients" className="mb-4 font-serif text-2xl">
        Set up a client
      </h2>
      {proof && <ProofChoice {...choice} kind={proof.kind} client={client?.name ?? ''} />}
      <ClientTabs clients={clients} onChoose={setShown} />
    </section>
  )
}
