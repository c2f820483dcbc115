import type { Metadata } from 'next'
import { ClientBoard } from '#components/keys/client-board.tsx'
import { KeyBoard } from '#components/keys/key-board.tsx'
import { listKeys } from '#lib/keys/operations/list-keys.ts'
import { readAddress, readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Keys · Settings' }

export default async function KeysPage() {
  const [keys, address] = await Promise.all([
    readForPage((actor) => listKeys(actor, { revoked: 'false' })),
    readAddress(),
  ])
  const readAt = Date.now()
  return (
    <div className="flex flex-col gap-12">
      <KeyBoard first={keys} readAt={readAt} address={address} />
      <ClientBoard first={undefined} readAt={readAt} />
    </div>
  )
}
