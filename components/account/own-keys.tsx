'use client'

import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { ClientRow, CutOff } from '#components/keys/client-board.tsx'
import { type KeyDialogState, KeyDialogs } from '#components/keys/key-board.tsx'
import { KeyRow } from '#components/keys/key-row.tsx'
import { clientsOfQuery, keysOfQuery } from '#components/keys/queries.ts'
import { Button } from '#components/ui/button.tsx'
import type { ConnectedClient } from '#lib/oauth/schema.ts'
import { LINES_CLASS, NoLines, Section } from './section.tsx'

/** The keys that act as oneself. */
export function OwnKeys({ now, address }: { now: number; address: string }) {
  const { id } = usePerson()
  const { data, error } = useQuery(keysOfQuery(id))
  const [dialog, open] = useState<KeyDialogState>()
  return (
    <Section
      id="keys"
      title="Keys"
      about="By a key of yours an agent or a program acts as you, within what the key allows."
      action={
        <Button onPress={() => open({ kind: 'new' })}>
          <KeyRound aria-hidden="true" />
          New key
        </Button>
      }
    >
      {data === undefined && <NoLines error={error} />}
      {data?.length === 0 && <p className="text-ink-soft text-sm">You have none.</p>}
      <div className={LINES_CLASS}>
        {data?.map((apiKey) => (
          <KeyRow key={apiKey.id} apiKey={apiKey} isOwn isManaging={false} now={now} onOpen={open} />
        ))}
      </div>
      {dialog && <KeyDialogs dialog={dialog} address={address} open={open} />}
    </Section>
  )
}

/** The programs that one has let in. */
export function OwnClients({ now }: { now: number }) {
  const { id } = usePerson()
  const { data, error } = useQuery(clientsOfQuery(id))
  const [cut, setCut] = useState<ConnectedClient>()
  return (
    <Section
      id="clients"
      title="Connected clients"
      about="Programs that you let in by signing in. Each may do what you allowed it, and never more than you."
    >
      {data === undefined && <NoLines error={error} />}
      {data?.length === 0 && <p className="text-ink-soft text-sm">None is connected.</p>}
      <div className={LINES_CLASS}>
        {data?.map((client) => (
          <ClientRow
            key={client.id}
            client={client}
            isManaging={false}
            now={now}
            onCut={() => setCut(client)}
          />
        ))}
      </div>
      {cut && <CutOff client={cut} onClose={() => setCut(undefined)} />}
    </Section>
  )
}
