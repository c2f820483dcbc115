import { Badge } from '#components/ui/badge.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { formatMoment } from '#components/ui/format.ts'
import type { GenerationAttempt } from '#lib/generations/schema.ts'
import { attemptReason, finishWords, formatCost, formatSpan, formatTokens } from '../format-generation.ts'

const NAMES: Record<GenerationAttempt['status'], string> = {
  waiting: 'Waiting for its call',
  running: 'Running',
  succeeded: 'Answered',
  failed: 'Failed',
  cancelled: 'Stopped',
}
const DOTS: Record<GenerationAttempt['status'], string> = {
  waiting: 'border-line-strong bg-paper',
  running: 'border-lapis bg-paper',
  succeeded: 'border-moss bg-moss',
  failed: 'border-rubric bg-rubric',
  cancelled: 'border-line-strong bg-line-strong',
}

/** The attempts of a generation as a time line: configuration, duration, and the reason of the next. */
export function Attempts({
  attempts,
  askedAt,
}: {
  attempts: readonly GenerationAttempt[]
  /** When the generation was asked for: attempts are told by how long after that they began. */
  askedAt: string
}) {
  if (attempts.length === 0) return <p className="text-ink-soft text-sm">None yet: it waits for its turn.</p>
  return (
    <ol className="border-line border-t">
      {attempts.map((attempt, index) => (
        <Attempt
          key={attempt.attempt}
          attempt={attempt}
          askedAt={askedAt}
          reason={attemptReason(attempts, index)}
        />
      ))}
    </ol>
  )
}

function Attempt({
  attempt,
  askedAt,
  reason,
}: {
  attempt: GenerationAttempt
  askedAt: string
  reason: string | undefined
}) {
  const { status, configuration, provider, model, started_at: at, error, cost } = attempt
  const { latency_ms: latency, first_token_ms: first, provider_request_id: request } = attempt
  const { input_tokens: input, output_tokens: output, finish_reason: finish } = attempt
  return (
    <li className="relative border-line border-b py-3 pl-7 before:absolute before:top-0 before:bottom-0 before:left-[5px] before:w-px before:bg-line first:before:top-5 last:before:bottom-auto last:before:h-5">
      <span
        aria-hidden="true"
        className={classNames('absolute top-[1.1rem] left-0 size-[11px] rounded-full border-2', DOTS[status])}
      />
      {reason !== undefined && <p className="mb-1 text-ink-faint text-xs">{reason}</p>}
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="min-w-0 font-medium font-mono text-sm [overflow-wrap:anywhere]">{configuration}</h3>
        <p className="min-w-0 text-ink-soft text-sm [overflow-wrap:anywhere]">
          {provider} · {model}
        </p>
        <Badge tone={status === 'failed' ? 'rubric' : status === 'running' ? 'lapis' : 'plain'}>
          {NAMES[status]}
        </Badge>
        <time dateTime={at} className="text-ink-faint text-xs sm:ml-auto">
          {formatMoment(at)}, {formatSpan(Math.max(0, Date.parse(at) - Date.parse(askedAt)))} after it was
          asked
        </time>
      </div>
      {error !== null && (
        <p className="mt-1 text-rubric text-sm [overflow-wrap:anywhere]">
          {error.message} <code className="font-mono text-xs">{error.code}</code>
        </p>
      )}
      <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-ink-faint text-xs tabular-nums">
        {latency !== null && <li>{formatSpan(latency)}</li>}
        {first !== null && <li>first token {formatSpan(first)}</li>}
        {(input !== null || output !== null) && <li>{formatTokens(input, output)} tokens</li>}
        {cost !== null && <li>{formatCost(cost)}</li>}
        {finish !== null && <li>{finishWords(finish)}</li>}
        {request !== null && <li className="min-w-0 break-all font-mono">{request}</li>}
      </ul>
    </li>
  )
}
