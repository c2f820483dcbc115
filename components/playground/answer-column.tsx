'use client'

import { Ellipsis, ExternalLink, Play, RotateCcw, Square, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { memo, useEffect, useRef } from 'react'
import { AnswerText } from '#components/generations/answer/answer-view.tsx'
import { heardAtEnd } from '#components/generations/follow/live-generation.ts'
import { StatusMark } from '#components/generations/status-mark.tsx'
import { RateAnswer } from '#components/outcomes/rate-answer.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { Menu, MenuItem, MenuSection, MenuSeparator } from '#components/ui/overlays/menu.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { AnswerFacts } from './answer-facts.tsx'
import type { Figure } from './best-figures.ts'
import { isRunning, type Run } from './runs.ts'
import type { Configuration } from './use-columns.ts'

interface Props {
  configuration: Configuration
  /** Those that no column asks. */
  others: readonly Configuration[]
  run: Run | undefined
  /** Figures in which no other column is better. */
  best: readonly Figure[] | undefined
  onRun: () => void
  onStop: () => void
  /** Another configuration in its place, or none. */
  onReplace: (name: string | undefined) => void
}

/** The answer of one configuration, with its figures. */
export function AnswerColumn(props: Props) {
  const { configuration, run, best, onRun, onStop } = props
  const { name } = configuration
  const isAtIt = run !== undefined && isRunning(run)
  return (
    <li
      aria-label={name}
      className="flex min-h-72 min-w-0 flex-col rounded-xl border border-line bg-surface md:min-w-50 md:flex-1 roomy:min-h-0"
    >
      <Head {...props} />
      <AnswerBody
        name={name}
        note={configuration.note}
        run={run}
        className="min-h-0 flex-1 max-md:max-h-[70dvh]"
      />
      <div className="flex flex-col gap-2 border-line border-t px-4 py-3">
        {run && <AnswerFacts run={run} best={best} />}
        <div className="-mx-2 flex flex-wrap items-center gap-1">
          {isAtIt ? (
            <Button look="quiet" aria-label={`Stop ${name}`} onPress={onStop} className="h-7 px-2 text-xs">
              <Square aria-hidden="true" />
              Stop
            </Button>
          ) : (
            <Button
              look="quiet"
              aria-label={`${verbOf(run)} ${name}`}
              onPress={onRun}
              className="h-7 px-2 text-xs"
            >
              {run === undefined ? <Play aria-hidden="true" /> : <RotateCcw aria-hidden="true" />}
              {verbOf(run)}
            </Button>
          )}
          {run?.live.generation !== undefined && run.live.text !== '' && !isAtIt && (
            <RateAnswer generation={run.live.generation} of={`the answer of ${name}`} />
          )}
          {run !== undefined && run.live.text !== '' && !isAtIt && (
            <span className="ml-auto">
              <CopyButton name={`Copy the answer of ${name}`} text={run.live.text} />
            </span>
          )}
        </div>
      </div>
      <output className="sr-only">{run && spokenOf(run, name)}</output>
    </li>
  )
}

function verbOf(run: Run | undefined): string {
  if (run === undefined) return 'Run'
  return run.refused !== undefined || run.live.status === 'failed' ? 'Retry' : 'Run again'
}

/** The announcement of a run, for screen readers. */
export function spokenOf(run: Run, name: string): string {
  if (run.refused) return `${name} was not asked. ${run.refused.message}`
  if (run.isStopped && run.live.generation === undefined) return `${name} was stopped`
  return heardAtEnd(run.live, name)
}

function Head({ configuration, others, run, onReplace }: Props) {
  const { name, model, note } = configuration
  return (
    <div className="flex items-start gap-2 border-line border-b py-2 pr-2 pl-4">
      <div className="min-w-0 flex-1 py-1">
        <h3 className="truncate font-medium font-mono text-sm">{name}</h3>
        <p className="mt-0.5 flex min-h-5 min-w-0 items-center gap-2 text-ink-faint text-xs">
          <span className="min-w-8 truncate">{model}</span>
          {note !== null && <Badge tone="lapis">not a model</Badge>}
        </p>
      </div>
      <span className="py-1 text-xs">{run && <AnswerStatus run={run} />}</span>
      <ColumnMenu name={name} id={run?.id} others={others} onReplace={onReplace} />
    </div>
  )
}

function ColumnMenu({
  name,
  id,
  others,
  onReplace,
}: {
  name: string
  /** Of the generation; undefined until there is one. */
  id: string | undefined
} & Pick<Props, 'others' | 'onReplace'>) {
  const router = useRouter()
  return (
    <Menu
      aria-label={`More for ${name}`}
      onAction={(key) => {
        if (key === ' remove') onReplace(undefined)
        else if (key === ' open' && id !== undefined) router.push(`/generations/${id}`)
        else onReplace(String(key))
      }}
      disabledKeys={id === undefined ? [' open'] : []}
      trigger={
        <Button look="quiet" square aria-label={`More for ${name}`}>
          <Ellipsis aria-hidden="true" />
        </Button>
      }
    >
      <MenuItem id=" open" textValue="Everything about this generation">
        <ExternalLink aria-hidden="true" />
        Everything about this generation
      </MenuItem>
      <MenuItem id=" remove" textValue="Remove the column">
        <Trash2 aria-hidden="true" />
        Remove the column
      </MenuItem>
      {others.length > 0 && (
        <>
          <MenuSeparator />
          <MenuSection aria-label="Ask another in its place">
            {others.map((other) => (
              <MenuItem key={other.name} id={other.name} textValue={other.name}>
                <span className="text-ink-faint">instead</span>
                <span className="truncate font-mono text-[0.8125rem]">{other.name}</span>
              </MenuItem>
            ))}
          </MenuSection>
        </>
      )}
    </Menu>
  )
}

/** How a run stands, a refusal and a stop included. */
export function AnswerStatus({ run }: { run: Run }) {
  if (run.refused) return <StatusMark status="failed" />
  if (run.isStopped) return <StatusMark status="cancelled" />
  return <StatusMark status={run.live.status} />
}

/** How near the end of a text counts as being there. */
const NEAR_PX = 48

/** The text of a run as it grows, with its failure. */
export const AnswerBody = memo(function AnswerBody({
  name,
  note,
  run,
  className,
}: {
  /** Of the configuration. */
  name: string
  note: string | null
  run: Run | undefined
  className: string
}) {
  const end = useRef<HTMLDivElement>(null)
  const text = run?.live.text ?? ''
  const isAtIt = run !== undefined && isRunning(run)
  // A reader at the end stays at the end while it grows; a reader further up stays there.
  useEffect(() => {
    const box = end.current?.closest('section')
    if (!box || text === '') return
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX + 200) box.scrollTop = box.scrollHeight
  }, [text])
  // At the end it is read from the beginning, unless its reader has gone elsewhere.
  const wasAtIt = useRef(isAtIt)
  useEffect(() => {
    const hasEnded = wasAtIt.current && !isAtIt
    wasAtIt.current = isAtIt
    const box = end.current?.closest('section')
    if (!hasEnded || !box) return
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX + 200) box.scrollTop = 0
  }, [isAtIt])
  return (
    <ScrollRegion
      name={`Answer of ${name}`}
      className={classNames('overflow-y-auto px-4 py-4 print:max-h-none', className)}
    >
      {note !== null && run === undefined && <p className="mb-3 text-ink-soft text-sm">{note}</p>}
      {run && <Trouble run={run} />}
      {text !== '' ? (
        <AnswerText text={text} isOpen={isAtIt} />
      ) : (
        <p className="text-ink-faint text-sm">{run === undefined ? 'Not run yet.' : waitingWords(run)}</p>
      )}
      <div ref={end} />
    </ScrollRegion>
  )
})

function waitingWords(run: Run): string {
  if (run.refused || run.live.status === 'failed') return ''
  if (run.isStopped) return 'Stopped before the first words.'
  if (run.live.status === 'succeeded') return 'The answer is empty.'
  return run.live.status === 'queued' ? 'Waiting for its turn …' : 'Waiting for the first words …'
}

/** The failure: a refusal, a failed generation, or a failed attempt before another one. */
function Trouble({ run: { refused, live } }: { run: Run }) {
  const error = refused?.message ?? (live.status === 'failed' ? live.generation?.error?.message : undefined)
  if (error !== undefined)
    return (
      <p className="mb-3 rounded-md bg-rubric-wash px-3 py-2 text-sm [overflow-wrap:anywhere]">
        <strong className="font-medium text-rubric">
          {refused === undefined ? 'It failed. ' : 'It was not run. '}
        </strong>
        {error}
      </p>
    )
  if (live.lastError === null || live.generation !== undefined) return null
  return (
    <p className="mb-3 rounded-md bg-sunken px-3 py-2 text-ink-soft text-xs [overflow-wrap:anywhere]">
      {live.lastError.message} Attempt {live.attempt} is made with {live.configuration}.
    </p>
  )
}
