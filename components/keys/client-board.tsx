'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useMemo, useState } from 'react'
import { useMay, usePerson } from '#components/access/person.tsx'
import { Rows } from '#components/rows/rows.tsx'
import { SectionHead } from '#components/settings/section-head.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatDay, formatMoment } from '#components/ui/format.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { showToast } from '#components/ui/toast.ts'
import { useNow } from '#components/ui/use-now.ts'
import type { ConnectedClient } from '#lib/oauth/schema.ts'
import { call } from '#lib/rest/client.ts'
import { scopesText } from './key-words.ts'
import { CLIENTS, clientsQuery } from './queries.ts'

const QuestionDialog = dialogPart(
  async () => (await import('#components/forms/question-dialog.tsx')).QuestionDialog,
  ({ onClose }) => onClose(),
)

const NewClientDialog = dialogPart(
  async () => (await import('./new-client-dialog.tsx')).NewClientDialog,
  ({ onClose }) => onClose(),
)

/** Programs that somebody let in by signing in, and services with a name of their own. */
export function ClientBoard({ first, readAt }: { first: ConnectedClient[] | undefined; readAt: number }) {
  const { isLocal } = usePerson()
  const isManaging = useMay('members:write')
  const [isAdding, setAdding] = useState(false)
  const [cut, setCut] = useState<ConnectedClient>()
  const { data = [], error } = useQuery({
    ...clientsQuery,
    ...(first && { initialData: first, initialDataUpdatedAt: readAt }),
  })
  const ids = useMemo(() => data.map(({ id }) => id), [data])
  const now = useNow(readAt)
  if (isLocal) return null
  return (
    <section aria-labelledby="clients">
      <SectionHead
        id="clients"
        title="Connected clients"
        action={
          isManaging && (
            <Button onPress={() => setAdding(true)}>
              <Plus aria-hidden="true" />
              Add a client
            </Button>
          )
        }
      >
        Programs that you let in by signing in. Each may do what you allowed it, and never more than you.
      </SectionHead>
      {error && <p className="py-4 text-rubric text-sm">{error.message}</p>}
      <Rows
        ids={ids}
        total={ids.length}
        renderRow={(index) => {
          const client = data[index]
          return (
            client && (
              <ClientRow client={client} isManaging={isManaging} now={now} onCut={() => setCut(client)} />
            )
          )
        }}
      />
      {data.length === 0 && !error && (
        <p className="py-6 text-ink-soft">
          None is connected.{' '}
          <Link href="/connect" className="rounded text-lapis underline underline-offset-2">
            Connect
          </Link>{' '}
          shows how a client signs in.
        </p>
      )}
      {isAdding && <NewClientDialog onClose={() => setAdding(false)} />}
      {cut && <CutOff client={cut} onClose={() => setCut(undefined)} />}
    </section>
  )
}

const ORIGINS: Readonly<Record<ConnectedClient['origin'], string>> = {
  document: 'describes itself at its address',
  configured: 'set up here',
  registration: 'registered itself',
}

/** One connected client. */
export function ClientRow({
  client,
  isManaging,
  now,
  onCut,
}: {
  client: ConnectedClient
  isManaging: boolean
  now: number
  onCut: () => void
}) {
  const { name, scopes, origin, redirect_hosts: hosts, last_used_at: used } = client
  return (
    <div
      data-client={name}
      className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-2 font-medium text-sm [overflow-wrap:anywhere]">
          {name}
          {isManaging && <Badge>{ownerText(client)}</Badge>}
        </h3>
        <p className="mt-0.5 text-ink-soft text-sm">{scopesText(scopes)}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-faint text-xs">
          <span>{ORIGINS[origin]}</span>
          {hosts.length > 0 && <span>answers go to {hosts.join(', ')}</span>}
          <span>connected {formatDay(client.created_at)}</span>
          <span>
            {used === null ? (
              'never used'
            ) : (
              <time dateTime={used} title={formatMoment(used)}>
                used {formatAgo(used, now)}
              </time>
            )}
          </span>
          {client.expires_at && <span>until {formatDay(client.expires_at)}</span>}
        </p>
      </div>
      <Button aria-label={`Cut off ${name}`} onPress={onCut}>
        Cut off
      </Button>
    </div>
  )
}

/** For whom a client acts. One that waits has no connection of its own yet. */
function ownerText({ id, client_id: client, person }: ConnectedClient): string {
  return person?.display ?? (id === client ? 'waits to be connected' : 'service')
}

/** Asks before a client is cut off. */
export function CutOff({ client, onClose }: { client: ConnectedClient; onClose: () => void }) {
  const { id, name } = client
  const queries = useQueryClient()
  const cut = async () => {
    await call('DELETE /api/clients/{id}', { params: { id } })
    await queries.invalidateQueries({ queryKey: CLIENTS })
    showToast({ message: `${name} is cut off.` })
  }
  return (
    <QuestionDialog title={`Cut off ${name}`} action="Cut off" onDo={cut} onClose={onClose}>
      <p>
        It is refused everywhere within two seconds, open streams included. To come back it has to ask again.
      </p>
    </QuestionDialog>
  )
}
