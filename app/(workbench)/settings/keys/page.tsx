import type { Metadata } from 'next'
import { ClientBoard } from '#components/keys/client-board.tsx'
import { KeyBoard } from '#components/keys/key-board.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { listKeys } from '#lib/keys/operations/list-keys.ts'
import { listClients } from '#lib/oauth/operations/list-clients.ts'
import { readAddress, readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Keys · Settings' }

export default async function KeysPage() {
  const [{ keys, clients }, address] = await Promise.all([readForPage(readAccess), readAddress()])
  const readAt = Date.now()
  return (
    <div className="flex flex-col gap-12">
      <KeyBoard first={keys} readAt={readAt} address={address} />
      <ClientBoard first={clients} readAt={readAt} />
    </div>
  )
}

/** The first keys and connected clients; clients are left out where there are more. */
async function readAccess(actor: Actor) {
  const [keys, clients] = await Promise.all([listKeys(actor, { revoked: 'false' }), listClients(actor, {})])
  return { keys, clients: clients.next_cursor === null ? clients.items : undefined }
}
