'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useId, useState } from 'react'
import { encode } from 'uqr'
import { usePerson } from '#components/access/person.tsx'
import { CodeEntry, plainCode } from '#components/sign-in/code-step.tsx'
import { useProofEntry } from '#components/sign-in/use-proof-entry.ts'
import { WRONG_CODE } from '#components/sign-in/words.ts'
import { Button } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { saveText } from '#components/ui/copying/save-text.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { ShownOnceDialog } from '#components/ui/overlays/shown-once-dialog.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { send } from '#lib/rest/client.ts'
import { ME } from './queries.ts'

interface Begun {
  totpURI: string
  backupCodes: string[]
}

/** Sets an authenticator app up: what it has to know, its first code, and the recovery codes. */
export function SecondFactorDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const { must } = usePerson()
  const [isOn, setOn] = useState(false)
  const id = useId()
  const begun = useQuery({
    queryKey: ['second-factor', id],
    queryFn: () => send<Begun>('POST /api/auth/two-factor/enable', { body: {} }),
    // Each call makes another secret: one for this dialog.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const end = () => {
    void queries.invalidateQueries({ queryKey: ME })
    onClose()
    // Every page was closed until now.
    if (isOn && must.length > 0) window.location.assign('/prompts')
  }
  if (isOn && begun.data) return <Codes codes={begun.data.backupCodes} onDone={end} />
  return (
    <Dialog title="Set up an authenticator app" isOpen onOpenChange={(open) => !open && onClose()}>
      {begun.isPending && <Skeleton className="h-96" />}
      {begun.error && (
        <p role="alert" className="text-rubric text-sm">
          {begun.error.message}
        </p>
      )}
      {begun.data && <Scan uri={begun.data.totpURI} onOn={() => setOn(true)} onClose={onClose} />}
    </Dialog>
  )
}

function Scan({ uri, onOn, onClose }: { uri: string; onOn: () => void; onClose: () => void }) {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const entry = useProofEntry(
    { code: '' },
    async ({ code }) => {
      await send('POST /api/auth/two-factor/verify-totp', { body: { code: plainCode(code) } })
      onOn()
    },
    { refused: WRONG_CODE, isFocused: true },
  )
  return (
    <div className="flex flex-col gap-5">
      <p className="text-ink-soft text-sm">
        Scan this with an authenticator app, or type the key there. Then give the code that it shows.
      </p>
      <QrCode text={uri} name="The key for the authenticator app, as a QR code" />
      <div className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-4">
        <code className="min-w-0 flex-1 font-mono text-sm [overflow-wrap:anywhere]">{grouped(secret)}</code>
        <CopyButton name="Copy the key" text={secret} />
      </div>
      <CodeEntry entry={entry} action="/api/auth/two-factor/verify-totp" onCancel={onClose} />
    </div>
  )
}

/** In groups of four, as it is read out and typed. */
function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? ''
}

/** Dark on light in both themes: many apps read nothing else. */
function QrCode({ text, name }: { text: string; name: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 3 })
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      role="img"
      aria-label={name}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="mx-auto w-52 rounded-lg border border-line"
    >
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" />
    </svg>
  )
}

/** Makes new recovery codes, after a question, and shows them. */
export function RecoveryCodesDialog({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<string[]>()
  const [fault, setFault] = useState<string>()
  const make = async () => {
    setFault(undefined)
    try {
      const path = 'POST /api/auth/two-factor/generate-backup-codes'
      setCodes((await send<{ backupCodes: string[] }>(path, { body: {} })).backupCodes)
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
  }
  if (codes) return <Codes codes={codes} onDone={onClose} />
  return (
    <Dialog title="New recovery codes" isOpen onOpenChange={(open) => !open && onClose()}>
      <p className="text-ink-soft">The old ones stop working as soon as the new ones are made.</p>
      {fault && (
        <p role="alert" className="mt-3 text-rubric text-sm">
          {fault}
        </p>
      )}
      <div className="mt-6 flex justify-end gap-2">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="primary" onPress={() => void make()}>
          Make new codes
        </Button>
      </div>
    </Dialog>
  )
}

/** The recovery codes, this once. */
function Codes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = `${codes.join('\n')}\n`
  return (
    <ShownOnceDialog title="Recovery codes" done="I have kept them" onClose={onDone}>
      <p className="text-ink-soft text-sm">
        Each lets you in once without the authenticator app. Keep them where you find them without it: they
        are shown this once.
      </p>
      <ul className="mt-4 grid gap-x-6 gap-y-1.5 rounded-lg border border-line bg-sunken px-4 py-3 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-2">
        <CopyButton name="Copy the recovery codes" label="Copy" look="outline" text={text} />
        <Button onPress={() => saveText(text, 'incipit-recovery-codes.txt', 'text/plain')}>
          <Download aria-hidden="true" />
          Download
        </Button>
      </div>
    </ShownOnceDialog>
  )
}
