'use client'

import { GitCompareArrows, PanelLeft, Play, Square } from 'lucide-react'
import { type RefObject, useRef, useState } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import { AnswerViewChoice } from '#components/generations/answer/answer-view.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { AddConfiguration } from './add-configuration.tsx'
import { AnswerColumn } from './answer-column.tsx'
import { bestFigures } from './best-figures.ts'
import { ColumnStrip } from './column-strip.tsx'
import { inSightWords } from './columns-in-sight.ts'
import { NoConfiguration } from './no-configuration.tsx'
import { MOST_COLUMNS } from './playground-state.ts'
import type { RunRequest } from './run-request.ts'
import { isRunning } from './runs.ts'
import { type Configuration, useColumns } from './use-columns.ts'
import { useColumnsInSight } from './use-columns-in-sight.ts'
import { useRuns } from './use-runs.ts'

const AnswerComparison = dialogPart(
  async () => (await import('./answer-comparison.tsx')).AnswerComparison,
  ({ onClose }) => onClose(),
)

interface Props {
  prompt: string
  configurations: readonly Configuration[]
  hasEcho: boolean
  /** Makes the request of a run; undefined when something is missing for it. */
  prepare: () => RunRequest | undefined
  /** Variables that kept the last run from going off. */
  needed: readonly string[]
  onGoTo: (variable: string) => void
  isPaneHidden: boolean
  onHidePane: (isHidden: boolean) => void
}

/** A column for each configuration, with its answer; and the buttons that start and stop them all. */
export function Answers(props: Props) {
  const { prompt, configurations, hasEcho, prepare, needed, onGoTo } = props
  const region = useRef<HTMLElement>(null)
  const answers = useAnswers(prompt, configurations, prepare, region)
  const { columns, runs, best, run, stop, replace } = answers
  const [isComparing, setComparing] = useState(false)
  const { ref: strip, inSight } = useColumnsInSight()
  const reason = useReasonAgainst('generations:run')
  if (reason !== undefined) return <NotRun reason={reason} />
  if (configurations.length === 0) return <NoConfiguration hasEcho={hasEcho} />
  return (
    <section
      ref={region}
      id="answers"
      tabIndex={-1}
      aria-labelledby="answers-heading"
      className="flex min-w-0 scroll-mt-16 flex-col outline-none roomy:sticky roomy:top-18 roomy:h-[calc(100dvh-10.5rem)]"
    >
      <AnswersBar
        {...props}
        answers={answers}
        inSight={inSight && inSightWords(inSight, columns.length)}
        onCompare={() => setComparing(true)}
      />
      <output className="block">{needed.length > 0 && <Needed names={needed} onGoTo={onGoTo} />}</output>
      {columns.length === 0 && (
        <p className="rounded-xl border border-line border-dashed px-6 py-10 text-center text-ink-soft text-sm">
          Add a configuration, and its answer stands here.
        </p>
      )}
      <ColumnStrip ref={strip} inSight={inSight}>
        {columns.map((name) => {
          const configuration = configurations.find((each) => each.name === name)
          return (
            configuration && (
              <AnswerColumn
                key={name}
                configuration={configuration}
                others={configurations.filter((each) => !columns.includes(each.name))}
                run={runs[name]}
                best={best[name]}
                onRun={() => run([name])}
                onStop={() => stop([name])}
                onReplace={(next) => replace(name, next)}
              />
            )
          )
        })}
      </ColumnStrip>
      {isComparing && (
        <AnswerComparison
          answers={answers.answered.map((name) => ({ name, text: runs[name]?.live.text ?? '' }))}
          onClose={() => setComparing(false)}
        />
      )}
    </section>
  )
}

/** In the place of the answers, for whoever may not run prompts. */
function NotRun({ reason }: { reason: string }) {
  return (
    <p className="rounded-xl border border-line border-dashed px-6 py-10 text-center text-ink-soft text-sm">
      {reason} “As it is sent” shows how the prompt is rendered.
    </p>
  )
}

type Answered = ReturnType<typeof useAnswers>

/** The columns, their runs and their actions. */
function useAnswers(
  prompt: string,
  configurations: readonly Configuration[],
  prepare: () => RunRequest | undefined,
  region: RefObject<HTMLElement | null>,
) {
  const [columns, setColumns] = useColumns(configurations)
  const { runs, send, stop, forget } = useRuns(prompt)
  const running = columns.filter((name) => runs[name] !== undefined && isRunning(runs[name]))
  const answered = columns.filter((name) => runs[name]?.live.text)
  const ended = answered
    .filter((name) => !running.includes(name))
    .map((name) => runs[name]?.live.text ?? '')
    .join('\n\n')
  const best = bestFigures(runs, columns)

  const run = (names: readonly string[]) => {
    const request = prepare()
    if (request === undefined || names.length === 0) return
    send(request, names)
    region.current?.scrollIntoView({ block: 'nearest' })
  }
  const replace = (name: string, next: string | undefined) => {
    stop([name])
    forget(name)
    setColumns(columns.flatMap((each) => (each === name ? (next === undefined ? [] : [next]) : [each])))
  }
  useRunActions(
    () => run(columns),
    () => stop(columns),
  )
  return { columns, setColumns, runs, running, answered, ended, best, run, stop, replace }
}

function useRunActions(run: () => void, stop: () => void): void {
  useActions([
    {
      id: 'playground.run',
      name: 'Run the prompt, or go to the first missing value',
      group: 'This playground',
      keys: 'mod+Enter',
      words: 'generate ask model',
      run,
    },
    {
      id: 'playground.stop',
      name: 'Stop all answers',
      group: 'This playground',
      keys: 'mod+.',
      words: 'cancel abort',
      run: stop,
    },
  ])
}

function AnswersBar({
  configurations,
  isPaneHidden,
  onHidePane,
  answers,
  inSight,
  onCompare,
}: Props & {
  answers: Answered
  /** Which columns are in sight, in words. */
  inSight: string | undefined
  onCompare: () => void
}) {
  const { columns, setColumns, running, answered, ended } = answers
  return (
    <div className="mb-3 flex min-h-8 flex-wrap items-center gap-2">
      <h2 id="answers-heading" className="font-serif text-xl">
        Answers
      </h2>
      <span className="mr-auto text-ink-faint text-xs tabular-nums">{inSight}</span>
      <PaneButton isPaneHidden={isPaneHidden} onHidePane={onHidePane} />
      {answered.length > 0 && <AnswerViewChoice text={ended} />}
      {answered.length > 1 && (
        <Button look="quiet" isDisabled={running.length > 0} onPress={onCompare}>
          <GitCompareArrows aria-hidden="true" />
          Compare
        </Button>
      )}
      <AddConfiguration
        configurations={configurations}
        chosen={columns}
        isFull={columns.length >= MOST_COLUMNS}
        onAdd={(name) => setColumns([...columns, name])}
      />
      <RunAndStop answers={answers} />
    </div>
  )
}

function PaneButton({ isPaneHidden, onHidePane }: Pick<Props, 'isPaneHidden' | 'onHidePane'>) {
  return (
    <Button
      look="quiet"
      square
      aria-label={isPaneHidden ? 'Show the text and values' : 'Hide the text and values'}
      aria-pressed={isPaneHidden}
      className={classNames('max-lg:hidden', isPaneHidden && 'text-lapis')}
      onPress={() => onHidePane(!isPaneHidden)}
    >
      <PanelLeft aria-hidden="true" />
    </Button>
  )
}

function RunAndStop({ answers: { columns, running, run, stop } }: { answers: Answered }) {
  return (
    <>
      {running.length > 0 && (
        <Button look="outline" aria-keyshortcuts="Control+. Meta+." onPress={() => stop(columns)}>
          <Square aria-hidden="true" />
          {running.length > 1 ? 'Stop all' : 'Stop'}
        </Button>
      )}
      <Button
        look="primary"
        aria-keyshortcuts="Control+Enter Meta+Enter"
        isDisabled={columns.length === 0}
        onPress={() => run(columns)}
      >
        <Play aria-hidden="true" />
        Run
      </Button>
    </>
  )
}

function Needed({ names, onGoTo }: { names: readonly string[]; onGoTo: (variable: string) => void }) {
  return (
    <span className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md bg-rubric-wash px-3 py-1.5 text-sm">
      Not run yet. It needs
      {names.map((name) => (
        <button
          key={name}
          type="button"
          onClick={() => onGoTo(name)}
          className="min-h-6 break-all rounded text-left font-mono text-rubric text-xs underline underline-offset-2"
        >
          {name}
        </button>
      ))}
    </span>
  )
}
