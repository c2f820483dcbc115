import Link from 'next/link'
import { formatCost, formatSpan, formatTokens } from '#components/generations/format-generation.ts'
import { totalMs } from '#components/generations/spans.ts'
import { useElapsed } from '#components/generations/use-elapsed.ts'
import { isFinished } from '#lib/generations/status.ts'
import { isRunning, type Run } from './runs.ts'

/** Latency, tokens, cost, model and version of a run; while it goes on, how long it does. */
export function AnswerFacts({ run }: { run: Run }) {
  const { generation } = run.live
  const elapsed = useElapsed(isRunning(run) ? run.startedAt : undefined)
  if (generation === undefined || !isFinished(generation.status))
    return (
      <p className="min-h-9 text-ink-faint text-xs tabular-nums">
        {elapsed === undefined ? '' : `${elapsed} s`}
      </p>
    )
  const { id, latency_ms: latency, first_token_ms: first, cost, model, version, label } = generation
  const { input_tokens: input, output_tokens: output, configuration } = generation
  const answeredBy = generation.attempts.at(-1)?.configuration ?? configuration
  return (
    <dl className="grid grid-cols-2 gap-x-3 gap-y-1 @sm:grid-cols-3 text-ink-soft text-xs tabular-nums">
      <Fact name="Latency">{formatSpan(latency ?? totalMs(generation))}</Fact>
      <Fact name="First token">{formatSpan(first)}</Fact>
      <Fact name="Tokens">{formatTokens(input, output)}</Fact>
      <Fact name="Cost">{formatCost(cost)}</Fact>
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

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs text-ink-faint">{name}</dt>
      <dd className="truncate" title={typeof children === 'string' ? children : undefined}>
        {children}
      </dd>
    </div>
  )
}
