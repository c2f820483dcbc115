'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { hasPasskeys } from '#components/sign-in/passkey.ts'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatDay, formatMoment } from '#components/ui/format.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { type OwnPasskey, passkeysQuery } from './queries.ts'
import { LINES_CLASS, Line, NoLines, Section } from './section.tsx'

const AddDialog = dialogPart(
  async () => (await import('./passkey-dialogs.tsx')).AddDialog,
  ({ onClose }) => onClose(),
)
const RenameDialog = dialogPart(
  async () => (await import('./passkey-dialogs.tsx')).RenameDialog,
  ({ onClose }) => onClose(),
)
const RemoveDialog = dialogPart(
  async () => (await import('./passkey-dialogs.tsx')).RemoveDialog,
  ({ onClose }) => onClose(),
)
const never = () => () => undefined

type Open = { kind: 'add' } | { kind: 'rename' | 'remove'; passkey: OwnPasskey } | undefined

/** One's passkeys: add, rename, remove. */
export function Passkeys({ isOffered, now }: { isOffered: boolean; now: number }) {
  const { data, error } = useQuery(passkeysQuery)
  const works = useSyncExternalStore(never, hasPasskeys, () => true)
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  if (!isOffered && data?.length === 0) return null
  return (
    <Section
      id="passkeys"
      title="Passkeys"
      about="A passkey signs you in by fingerprint, face or PIN, and works on no other site."
      action={
        isOffered &&
        works && (
          <Button onPress={() => setOpen({ kind: 'add' })}>
            <Plus aria-hidden="true" />
            Add a passkey
          </Button>
        )
      }
    >
      {data === undefined && <NoLines error={error} />}
      {data?.length === 0 && (
        <p className="text-ink-soft text-sm">
          {works ? 'You have none yet.' : 'This browser, or this address, has no passkeys.'}
        </p>
      )}
      <div className={LINES_CLASS}>
        {data?.map((passkey) => (
          <PasskeyLine key={passkey.id} passkey={passkey} now={now} onOpen={setOpen} />
        ))}
      </div>
      {open?.kind === 'add' && <AddDialog onClose={close} />}
      {open?.kind === 'rename' && <RenameDialog passkey={open.passkey} onClose={close} />}
      {open?.kind === 'remove' && <RemoveDialog passkey={open.passkey} onClose={close} />}
    </Section>
  )
}

function PasskeyLine({
  passkey,
  now,
  onOpen,
}: {
  passkey: OwnPasskey
  now: number
  onOpen: (open: Open) => void
}) {
  const { name, createdAt, lastUsedAt: used, backedUp } = passkey
  return (
    <Line
      title={name}
      actions={
        <>
          <Button aria-label={`Rename ${name}`} onPress={() => onOpen({ kind: 'rename', passkey })}>
            Rename
          </Button>
          <Button aria-label={`Remove ${name}`} onPress={() => onOpen({ kind: 'remove', passkey })}>
            Remove
          </Button>
        </>
      }
    >
      Added {formatDay(createdAt)},{' '}
      {used === null ? (
        'never used'
      ) : (
        <time dateTime={used} title={formatMoment(used)}>
          used {formatAgo(used, now)}
        </time>
      )}
      {backedUp && ', kept by your passkey provider'}
    </Line>
  )
}
