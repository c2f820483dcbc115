import { Trophy } from 'lucide-react'
import Link from 'next/link'
import { useElapsed } from '#components/generations/follow/use-live-generation.ts'
import { formatTokens } from '#components/generations/format-generation.ts'
import { classNames } from '#components/ui/class-names.ts'
import type { Generation } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'
import { FIGURES, type Figure } from './best-figures.ts'
import { isRunning, type Run } from './runs.ts'

/** Latency, tokens, cost, model and version of a run; while it goes on, how long it does. */
export function AnswerFacts({
  run,
  best = [],
}: {
  run: Run
  /** Figures in which no answer beside it is better. */
  best?: readonly Figure[] | undefined
}) {
  const { generation } = run.live
  const elapsed = useElapsed(isRunning(run) ? run.startedAt : undefined)
  if (generation === undefined || !isFinished(generation.status))
    return (
      <p className="min-h-9 text-ink-faint text-xs tabular-nums">
        {elapsed === undefined ? '' : `${elapsed} s`}
      </p>
    )
  const { id, model, version, label } = generation
  const { input_tokens: input, output_tokens: output, configuration } = generation
  const answeredBy = generation.attempts.at(-1)?.configuration ?? configuration
  return (
    <dl className="grid grid-cols-2 gap-x-3 gap-y-1 @sm:grid-cols-3 text-ink-soft text-xs tabular-nums">
      <Fact name="Latency" isBest={best.includes('latency')}>
        {shown('latency', generation)}
      </Fact>
      <Fact name="First token" isBest={best.includes('first')}>
        {shown('first', generation)}
      </Fact>
      <Fact name="Tokens">{formatTokens(input, output)}</Fact>
      <Fact name="Cost" isBest={best.includes('cost')}>
        {shown('cost', generation)}
      </Fact>
      <Fact name="Prompt">
        <Link href={`/generations/${id}`} className="rounded underline-offset-4 hover:underline">
          v{version}
          {generation.is_draft ? ', edited' : label === null ? '' : ` ${label}`}
        </Link>
      </Fact>
      <Fact name="Model">{answeredBy === configuration ? model : `${model} by ${answeredBy}`}</Fact>
    </dl>
  )
}

function shown(figure: Figure, generation: Generation): string {
  const { of, format } = FIGURES[figure]
  return format(of(generation))
}

function Fact({
  name,
  isBest = false,
  children,
}: {
  name: string
  isBest?: boolean
  children: React.ReactNode
}) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-2xs text-ink-faint">{name}</dt>
      <dd
        className={classNames('truncate', isBest && 'font-medium text-ink')}
        title={typeof children === 'string' ? children : undefined}
      >
        {children}
        {isBest && (
          <span title="The best of those that answered">
            <Trophy aria-hidden="true" className="ml-1 inline size-3 text-moss" />
            <span className="sr-only">best</span>
          </span>
        )}
      </dd>
    </div>
  )
}
