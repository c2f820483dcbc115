'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { addPasskey, hasPasskeys, passkeyFault } from '#components/sign-in/passkey.ts'
import { Button } from '#components/ui/button.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { formatAgo, formatDay, formatMoment } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import { send } from '#lib/rest/client.ts'
import { deviceWords } from './device-words.ts'
import { ME, type OwnPasskey, PASSKEYS, passkeysQuery } from './queries.ts'
import { LINES_CLASS, Line, NoLines, Section } from './section.tsx'

const NAME_LENGTH = 100
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

/** Both lists change with a passkey: that of passkeys, and what one can sign in with. */
function useRefresh() {
  const queries = useQueryClient()
  return () => Promise.all([PASSKEYS, ME].map((queryKey) => queries.invalidateQueries({ queryKey })))
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh()
  const form = useForm({
    values: () => ({ name: deviceWords(navigator.userAgent) }),
    send: async ({ name }) => {
      try {
        await addPasskey(name.trim())
      } catch (error) {
        throw error instanceof DOMException ? new Error(passkeyFault(error) ?? 'It was given up.') : error
      }
      await refresh()
      onClose()
      showToast({ message: 'The passkey is added.' })
    },
  })
  return (
    <FormDialog title="Add a passkey" form={form} action="Go on" onClose={onClose}>
      <TextField
        form={form}
        field="name"
        label="Name"
        hint="By which you tell it from others. Your browser asks for the rest."
        maxLength={NAME_LENGTH}
        ref={focusAtOnce}
      />
    </FormDialog>
  )
}

function RenameDialog({ passkey, onClose }: { passkey: OwnPasskey; onClose: () => void }) {
  const refresh = useRefresh()
  const form = useForm({
    values: { name: passkey.name },
    send: async ({ name }) => {
      await send('POST /api/auth/passkey/update-passkey', { body: { id: passkey.id, name: name.trim() } })
      await refresh()
      onClose()
    },
  })
  return (
    <FormDialog title="Rename the passkey" form={form} action="Save" onClose={onClose}>
      <TextField form={form} field="name" label="Name" maxLength={NAME_LENGTH} ref={focusAtOnce} />
    </FormDialog>
  )
}

function RemoveDialog({ passkey, onClose }: { passkey: OwnPasskey; onClose: () => void }) {
  const refresh = useRefresh()
  const remove = async () => {
    await send('POST /api/auth/passkey/delete-passkey', { body: { id: passkey.id } })
    await refresh()
    showToast({ message: `“${passkey.name}” is removed.` })
  }
  return (
    <QuestionDialog title={`Remove ${passkey.name}`} action="Remove" onDo={remove} onClose={onClose}>
      <p>It signs you in no more. Your device may still offer it: remove it there, too.</p>
    </QuestionDialog>
  )
}
