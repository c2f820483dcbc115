'use client'

import { ClientTabs } from '#components/connect/client-tabs.tsx'
import { clientsFor } from '#components/connect/snippets.ts'
import { ShownOnce } from '#components/ui/copying/shown-once.tsx'
import { formatDay } from '#components/ui/format.ts'
import { ShownOnceDialog } from '#components/ui/overlays/shown-once-dialog.tsx'
import type { NewApiKey } from '#lib/keys/schema.ts'

/** A key that was just made, with the lines that put it into a client. */
export function MadeKey({
  made,
  address,
  onClose,
}: {
  made: NewApiKey
  address: string
  onClose: () => void
}) {
  const { name, key, expires_at: ends, notes } = made
  return (
    <ShownOnceDialog title={`Key “${name}”`} isRoomy onClose={onClose}>
      <p className="mb-3 text-ink-soft text-sm">
        Copy it now: it is shown this once, and nobody can read it again.{' '}
        {ends !== null && `It ends on ${formatDay(ends)}.`}
      </p>
      <ShownOnce name="API key" text={key} />
      {notes.map(({ code, message }) => (
        <p key={code} className="mt-3 rounded-lg bg-lapis-wash px-4 py-2 text-sm">
          {message}
        </p>
      ))}
      <h3 className="mt-6 mb-3 font-serif text-xl">Put it in your client</h3>
      <ClientTabs clients={clientsFor(`${address}/api/mcp`, { kind: 'key', key })} isShort />
    </ShownOnceDialog>
  )
}
