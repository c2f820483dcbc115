'use client'

import { Play, Square } from 'lucide-react'
import Link from 'next/link'
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { useGuard, useMay, useReasonAgainst } from '#components/access/person.tsx'
import { usePreferredConfiguration } from '#components/ai/use-preferred-configuration.tsx'
import type { VersionFields } from '#components/changes/version-fields.ts'
import { AnswerViewChoice } from '#components/generations/answer/answer-view.tsx'
import { AnswerBody, AnswerStatus, spokenOf } from '#components/playground/answer-column.tsx'
import { AnswerFacts } from '#components/playground/answer-facts.tsx'
import { editorRuns } from '#components/playground/kept-runs.ts'
import { requestFor } from '#components/playground/run-request.ts'
import { isRunning, type Run } from '#components/playground/runs.ts'
import { useRuns } from '#components/playground/use-runs.ts'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { type FormValues, typedValues } from './form-values.ts'
import type { Outcome } from './template-engine.ts'
import type { Draft, Live } from './use-live-render.ts'

/** No prompt can have this name. */
const UNSAVED = 'new'

export interface DraftRunHandle {
  run: () => void
}

/** The input of the first run, for a prompt that does not exist yet. */
export interface FirstRun {
  configuration: string
  variables: Record<string, unknown>
}

interface Props {
  handle: Ref<DraftRunHandle>
  /** The version that the draft began from; undefined for a prompt that does not exist yet. */
  saved: { name: string; version: number; label?: string | null | undefined } | undefined
  /** Makes the prompt, for only then it can be run, and runs it. */
  onFirstRun?: ((run: FirstRun) => void) | undefined
  draft: Draft
  /** How a model is to be asked, as the draft says it. */
  config: VersionFields['config'] | undefined
  isChanged: boolean
  live: Live
  values: FormValues
  /** Leads to the field of a variable. */
  onGoTo: (variable: string) => void
  /** Whether there is an answer, or one is coming. */
  onAnswer: (hasAnswer: boolean) => void
}

/** Runs the draft, as it stands, with one AI configuration, and shows the answer as it arrives. */
export function DraftRun(props: Props) {
  const { saved, live, onAnswer, handle } = props
  const choice = usePreferredConfiguration()
  const { shown, run, stop, wasAsked, lacks } = useDraftRun(props, choice.name)
  const box = useRef<HTMLElement>(null)
  const hasAnswer = shown !== undefined
  useEffect(() => onAnswer(hasAnswer), [hasAnswer, onAnswer])
  useImperativeHandle(handle, () => ({ run }))
  // A value that was missing may have been given meanwhile.
  const stillLacks = lacks === undefined ? undefined : lacking(live.outcome)
  const isAtIt = shown !== undefined && isRunning(shown)
  // An answer to this panel scrolls into view when it begins, and with its figures when it ends.
  const stage = shown && `${shown.key} ${isAtIt}`
  useEffect(() => {
    if (wasAsked.current && stage !== undefined) box.current?.scrollIntoView({ block: 'nearest' })
  }, [stage, wasAsked])
  return (
    <section
      ref={box}
      aria-labelledby="run-heading"
      className="flex min-w-0 scroll-mt-16 scroll-mb-4 flex-col"
    >
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <h2 id="run-heading" className="mr-auto font-serif text-xl">
          Answer
        </h2>
        {shown?.live.text && <AnswerViewChoice text={isAtIt ? '' : shown.live.text} />}
        <ConfigurationChoice {...choice} />
        <RunButton
          isAtIt={isAtIt}
          isDisabled={choice.configurations?.length === 0}
          onRun={run}
          onStop={stop}
        />
      </div>
      <output className="mt-1 block text-rubric text-xs empty:hidden">{stillLacks}</output>
      {saved === undefined && (
        <p className="mt-1 text-ink-faint text-xs">
          An answer is kept with its prompt: Run saves it first, without a label, so that agents do not get it
          yet.
        </p>
      )}
      {shown && <Shown run={shown} />}
    </section>
  )
}

/** The newest run of a prompt's draft, and the way to start another. */
function useDraftRun(props: Props, configuration: string | undefined) {
  const { saved, onFirstRun, draft, config, isChanged, live, values, onGoTo } = props
  const { runs, send, stop } = useRuns(editorRuns(saved?.name ?? UNSAVED))
  const shown = Object.values(runs).reduce<Run | undefined>(
    (last, each) => (last === undefined || each.startedAt >= last.startedAt ? each : last),
    undefined,
  )
  const [lacks, setLacks] = useState<string>()
  const wasAsked = useRef(false)
  const guard = useGuard()
  const begin = () => {
    const outcome = live.runNow()
    setLacks(lacking(outcome))
    if (outcome?.state === 'incomplete') {
      const wanted = new Set(namesIn(outcome))
      const first = live.variables.find((variable) => wanted.has(variable.name))
      return first && onGoTo(first.name)
    }
    if (outcome?.state === 'invalid' || configuration === undefined) return
    if (saved === undefined)
      return onFirstRun?.({ configuration, variables: typedValues(live.variables, values) })
    send(
      requestFor(saved, isChanged ? { content: draft.content, config } : undefined, live.variables, values),
      [configuration],
    )
    wasAsked.current = true
  }
  const run = () => guard('generations:run', begin)()
  return { shown, run, stop: () => stop(Object.keys(runs)), wasAsked, lacks }
}

function ConfigurationChoice({
  configurations,
  name,
  choose,
}: Pick<ReturnType<typeof usePreferredConfiguration>, 'configurations' | 'name' | 'choose'>) {
  if (!useMay('ai:read')) return null
  return configurations?.length === 0 ? (
    <Link href="/settings/ai" className={buttonClass('outline')}>
      Set up a model
    </Link>
  ) : (
    <Select
      aria-label="AI configuration"
      className="w-32 min-w-0 sm:w-40 [&_button]:h-8"
      choices={(configurations ?? []).map((each) => ({ id: each.name, label: each.name }))}
      value={name ?? null}
      placeholder="…"
      onChange={choose}
    />
  )
}

function RunButton({
  isAtIt,
  isDisabled,
  onRun,
  onStop,
}: {
  isAtIt: boolean
  isDisabled: boolean
  onRun: () => void
  onStop: () => void
}) {
  const reason = useReasonAgainst('generations:run')
  return isAtIt ? (
    <Button look="outline" aria-keyshortcuts="Control+. Meta+." onPress={onStop}>
      <Square aria-hidden="true" />
      Stop
    </Button>
  ) : (
    <Button
      look="primary"
      aria-keyshortcuts="Control+Enter Meta+Enter"
      reason={reason}
      isDisabled={isDisabled && reason === undefined}
      onPress={onRun}
    >
      <Play aria-hidden="true" />
      Run
    </Button>
  )
}

function Shown({ run }: { run: Run }) {
  const { configuration } = run.live
  return (
    <div className="mt-3 flex min-w-0 flex-col rounded-xl border border-line bg-surface">
      <AnswerBody name={configuration} note={null} run={run} className="max-h-[50dvh] min-h-24" />
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-t px-4 py-3">
        <div className="min-w-0 flex-1 basis-60">
          <AnswerFacts run={run} />
        </div>
        <span className="flex items-center gap-2 text-xs">
          <AnswerStatus run={run} />
          {run.live.text !== '' && <CopyButton name="Copy the answer" text={run.live.text} />}
        </span>
      </div>
      <output className="sr-only">{spokenOf(run, configuration)}</output>
    </div>
  )
}

function namesIn({ missing, wrong }: Extract<Outcome, { state: 'incomplete' }>): string[] {
  return [...missing, ...wrong.map(({ path }) => String(path[1]))]
}

/** The reason why the draft cannot be run; undefined when it can. */
function lacking(outcome: Outcome | undefined): string | undefined {
  if (outcome?.state === 'incomplete') return `It needs ${namesIn(outcome).join(', ')} first.`
  return outcome?.state === 'invalid' ? 'The text is not right yet.' : undefined
}
