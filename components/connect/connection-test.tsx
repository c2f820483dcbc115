'use client'

import { useMutation } from '@tanstack/react-query'
import { CircleX, Plug } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { part } from '#components/ui/part.ts'

/** What connects, and what tells of it. Failures are told without them: they may not be reached themselves. */
const loadProbe = part(() => import('./probe.ts'))
const loadConnected = part(() => import('./connected.tsx'))

const PATIENCE_MS = 15_000

/** Connects as an agent would, and tells the findings or the fault. */
export function ConnectionTest({
  path,
  address,
  apiKey,
  reason,
}: {
  path: string
  address: string
  /** The key to send; left out where nobody asks for one. */
  apiKey: string | undefined
  /** Why it cannot be tried; left out: it can. */
  reason: string | undefined
}) {
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const test = useMutation({
    mutationFn: async () => {
      const stop = new AbortController()
      running.current = stop
      const [{ probe }, { Connected }] = await Promise.all([loadProbe(), loadConnected()])
      try {
        const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)])
        return { Connected, found: await probe(path, { signal, key: apiKey }) }
      } catch (error) {
        if (stop.signal.aborted) return undefined
        throw error
      }
    },
  })
  return (
    <section aria-labelledby="test">
      <h2 id="test" className="font-serif text-2xl">
        Try it
      </h2>
      <p className="mt-2 text-ink-soft text-sm">
        {reason ?? 'Connects from this browser as a client does: handshake, then the list of prompts.'}
      </p>
      <div className="mt-4 flex gap-2">
        <Button look="primary" reason={reason} isDisabled={test.isPending} onPress={() => test.mutate()}>
          <Plug aria-hidden="true" />
          {test.isPending ? 'Connecting…' : 'Test connection'}
        </Button>
        {test.isPending && <Button onPress={() => running.current?.abort()}>Cancel</Button>}
      </div>
      <output aria-live="polite" className="mt-4 block">
        {test.data && <test.data.Connected found={test.data.found} />}
        {test.error && <Failure message={test.error.message} address={address} />}
      </output>
    </section>
  )
}

function Failure({ message, address }: { message: string; address: string }) {
  return (
    <div className="rounded-lg bg-rubric-wash p-4 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <CircleX aria-hidden="true" className="size-4 shrink-0 text-rubric" />
        Not connected
      </p>
      <p className="mt-2 break-words">{message}</p>
      {globalThis.location.origin !== address && (
        <p className="mt-2 text-ink-soft">
          Tried at {globalThis.location.origin}, where this page comes from; clients are told {address}.
        </p>
      )}
    </div>
  )
}
