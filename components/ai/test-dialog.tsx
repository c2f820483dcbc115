'use client'

import { useMutation } from '@tanstack/react-query'
import { CircleCheck, CircleX, FlaskConical } from 'lucide-react'
import { type SubmitEvent, useEffect, useId, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { formatNumber } from '#components/ui/format.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { TextArea } from '#components/ui/text-area.tsx'
import type { AIConfiguration, CatalogueProvider, ConfigurationTest } from '#lib/ai/schema.ts'
import { call } from '#lib/rest/client.ts'
import type { ConfigurationEdits } from './use-configuration-edits.ts'
import { formatDollars } from './words.ts'

const GREETING = 'Say hello in one short sentence.'

interface TestDialogProps {
  configuration: AIConfiguration
  provider: CatalogueProvider | undefined
  edits: ConfigurationEdits
  onClose: () => void
}

/** Asks the model of a configuration for real, and shows what it answers or why it does not. */
export function TestDialog({ configuration, provider, edits, onClose }: TestDialogProps) {
  const id = useId()
  const { name, model } = configuration
  const [text, setText] = useState(GREETING)
  const { test, cancel } = useTest(name, text, edits)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!test.isPending && text.trim() !== '') test.mutate()
  }
  return (
    <Dialog title={`Test ${name}`} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-ink-soft text-sm">
          A real call to <span className="break-all font-mono">{model}</span> of{' '}
          {provider?.title ?? configuration.provider}: it counts against the limits and is paid for like any
          other.
        </p>
        <Field id={`${id}-text`} label="Ask">
          <TextArea
            id={`${id}-text`}
            rows={2}
            maxLength={2000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <div className="flex gap-2">
          {/* Not disabled while it asks: the focus, and Escape with it, would be lost. */}
          <Button look="primary" type="submit" isDisabled={text.trim() === ''}>
            <FlaskConical aria-hidden="true" />
            {test.isPending ? 'Asking…' : 'Ask it'}
          </Button>
          {test.isPending && <Button onPress={cancel}>Cancel</Button>}
        </div>
        <output aria-live="polite" className="block">
          <Outcome found={test.data} error={test.error} note={provider?.note ?? null} />
        </output>
      </form>
    </Dialog>
  )
}

/** Sends the test; it ends with the dialog. */
function useTest(name: string, text: string, edits: ConfigurationEdits) {
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const test = useMutation({
    mutationFn: async () => {
      const stop = new AbortController()
      running.current = stop
      try {
        const test = { params: { name }, body: { text }, signal: stop.signal }
        return await call('POST /api/ai/configurations/{name}/test', test)
      } catch (error) {
        if (stop.signal.aborted) return undefined
        throw error
      }
    },
    onSettled: () => edits.refresh(),
  })
  return { test, cancel: () => running.current?.abort() }
}

function Outcome({
  found,
  error,
  note,
}: {
  found: ConfigurationTest | undefined
  error: Error | null
  note: string | null
}) {
  return (
    <>
      {found?.ok === true && <Answer found={found} note={note} />}
      {found?.ok === false && found.error && (
        <Failure title="It did not answer" message={found.error.message} hint={found.error.hint} />
      )}
      {error && <Failure title="It was not asked" message={error.message} hint={null} />}
    </>
  )
}

function Answer({ found, note }: { found: ConfigurationTest; note: string | null }) {
  const facts = [
    ['Took', `${formatNumber(found.latency_ms)} ms`],
    ['Tokens', `${formatNumber(found.input_tokens ?? 0)} in, ${formatNumber(found.output_tokens ?? 0)} out`],
    ['Cost', found.cost === null ? 'unknown without prices' : formatDollars(found.cost)],
  ] as const
  return (
    <div className="rounded-lg border border-line bg-surface p-4">
      <p className="flex items-center gap-2 font-medium text-sm">
        <CircleCheck aria-hidden="true" className="size-4 text-moss" />
        It answered
      </p>
      <p className="mt-3 whitespace-pre-wrap border-line border-l-2 pl-3 text-sm [overflow-wrap:anywhere]">
        {found.text === '' || found.text === null ? 'No text; it may have needed more tokens.' : found.text}
      </p>
      {note && <p className="mt-3 text-ink-soft text-xs">{note}</p>}
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-ink-faint">{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Failure({ title, message, hint }: { title: string; message: string; hint: string | null }) {
  return (
    <div className="rounded-lg bg-rubric-wash p-4 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <CircleX aria-hidden="true" className="size-4 shrink-0 text-rubric" />
        {title}
      </p>
      <p className="mt-2 [overflow-wrap:anywhere]">{message}</p>
      {hint && <p className="mt-2 text-ink-soft">{hint}</p>}
    </div>
  )
}
