'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import Link from 'next/link'
import { KEYS } from '#components/keys/queries.ts'
import { Button } from '#components/ui/button.tsx'
import { ShownOnce } from '#components/ui/copying/shown-once.tsx'
import { Segments } from '#components/ui/segments.tsx'
import { isLabelSelector } from '#lib/prompts/rules.ts'
import { call } from '#lib/rest/client.ts'
import type { Proof } from './snippets.ts'

const KINDS = [
  { id: 'sign-in', label: 'By signing in' },
  { id: 'key', label: 'By a key' },
]

/** How the client says who it is, and a key for it, made on the spot. */
export function ProofChoice({
  kind,
  client,
  label,
  hasSignIn,
  apiKey,
  onProof,
  onKey,
}: {
  kind: Proof['kind']
  /** The name of the client that is shown. */
  client: string
  /** The label that the address asks for; empty: none. */
  label: string
  hasSignIn: boolean
  apiKey: string | undefined
  onProof: (kind: Proof['kind']) => void
  onKey: (key: string) => void
}) {
  return (
    <div className="mb-6 flex flex-col gap-4 rounded-lg border border-line p-4">
      {hasSignIn && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="font-medium text-sm">How does it say who it is?</p>
          <Segments
            name="How does it say who it is?"
            segments={KINDS}
            value={kind}
            onChange={(id) => onProof(id === 'key' ? 'key' : 'sign-in')}
          />
        </div>
      )}
      {kind === 'sign-in' ? (
        <p className="max-w-prose text-ink-soft text-sm">
          The client opens a page here. You sign in, see what it wants to do, and allow what you like. Cut it
          off at any time under{' '}
          <Link href="/settings/keys#clients" className="text-lapis underline underline-offset-2">
            Connected clients
          </Link>
          .
        </p>
      ) : (
        <KeyForClient client={client} label={label} apiKey={apiKey} onKey={onKey} />
      )}
    </div>
  )
}

function KeyForClient({
  client,
  label,
  apiKey,
  onKey,
}: {
  client: string
  label: string
  apiKey: string | undefined
  onKey: (key: string) => void
}) {
  const queries = useQueryClient()
  const make = useMutation({
    mutationFn: () => {
      const pin = isLabelSelector(label) ? { label } : {}
      return call('POST /api/keys', { body: { name: client, preset: 'agent', ...pin } })
    },
    onSuccess: async ({ key }) => {
      onKey(key)
      await queries.invalidateQueries({ queryKey: KEYS })
    },
  })
  if (apiKey !== undefined)
    return (
      <div>
        <p className="mb-3 max-w-prose text-ink-soft text-sm">
          This key stands in the lines below. It is shown this once: leave the page, and nobody can read it
          again.
        </p>
        <ShownOnce name="API key" text={apiKey} />
      </div>
    )
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <Button look="primary" onPress={() => !make.isPending && make.mutate()}>
        <KeyRound aria-hidden="true" />
        Make a key for this client
      </Button>
      <p className="min-w-0 flex-1 basis-56 text-ink-soft text-sm">
        It reads and renders what {isLabelSelector(label) ? label : 'production'} names, and nothing else.
        Keys that may do more are made in the{' '}
        <Link href="/settings/keys" className="text-lapis underline underline-offset-2">
          settings
        </Link>
        .
      </p>
      {make.error && (
        <p role="alert" className="w-full text-rubric text-sm">
          {make.error.message}
        </p>
      )}
    </div>
  )
}
