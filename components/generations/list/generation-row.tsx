import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import type { GenerationSummary } from '#lib/generations/schema.ts'
import { formatCost, formatSpan, formatTokens } from '../format-generation.ts'
import { STATUS_NAMES, StatusMark } from '../status-mark.tsx'

/** One generation in the list; the whole row leads to it. */
export function GenerationRow({
  generation,
  now,
  isOfPrompt,
}: {
  generation: GenerationSummary
  now: number
  /** The list is that of one prompt, which need not be named in each row. */
  isOfPrompt: boolean
}) {
  const { status, prompt, configuration, excerpt, error } = generation
  return (
    <article className="group relative -mx-3 flex gap-3 rounded-lg px-3 py-4 hover:bg-sunken">
      <span className="grid h-7 w-5 shrink-0 place-items-center">
        <StatusMark status={status} isWordless />
      </span>
      <div className="min-w-0 flex-1">
        <RowHead generation={generation} title={isOfPrompt ? configuration : prompt} now={now} />
        {error !== null && status === 'failed' ? (
          <p className="line-clamp-2 text-rubric text-sm [overflow-wrap:anywhere]">{error.message}</p>
        ) : (
          <p className="line-clamp-2 min-h-5 max-w-[100ch] text-ink-soft text-sm [overflow-wrap:anywhere]">
            {excerpt || <span className="text-ink-faint">{emptyWords(status)}</span>}
          </p>
        )}
        <RowFacts generation={generation} isOfPrompt={isOfPrompt} />
      </div>
    </article>
  )
}

function RowHead({ generation, title, now }: { generation: GenerationSummary; title: string; now: number }) {
  const { id, status, version, label, created_at: at } = generation
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <h2 className="min-w-0 font-mono text-sm leading-7">
        <Link
          href={`/generations/${id}`}
          prefetch={false}
          data-row-link={id}
          className="stretched rounded outline-offset-4 [overflow-wrap:anywhere] group-hover:text-rubric"
        >
          {title}
          <span className="sr-only">, {STATUS_NAMES[status]}</span>
          <LinkPending />
        </Link>
      </h2>
      <span className="flex flex-wrap items-center gap-1">
        <Badge>
          v{version}
          {label !== null && <span className="font-normal">{label}</span>}
        </Badge>
        {generation.is_draft && <Badge tone="lapis">edited</Badge>}
      </span>
      <time
        dateTime={at}
        title={formatMoment(at)}
        className="whitespace-nowrap text-ink-faint text-xs sm:ml-auto"
      >
        {formatAgo(at, now)}
      </time>
    </div>
  )
}

function emptyWords(status: GenerationSummary['status']): string {
  if (status === 'queued') return 'Waiting for its turn'
  if (status === 'running') return 'Waiting for the first words'
  return 'No text'
}

function RowFacts({ generation, isOfPrompt }: { generation: GenerationSummary; isOfPrompt: boolean }) {
  const { configuration, model, latency_ms: latency, cost, author, batch_id: batch } = generation
  const { input_tokens: input, output_tokens: output } = generation
  return (
    <ul className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-faint text-xs tabular-nums">
      {!isOfPrompt && <li className="text-ink-soft">{configuration}</li>}
      {model !== configuration && <li className="[overflow-wrap:anywhere]">{model}</li>}
      {latency !== null && <li>{formatSpan(latency)}</li>}
      {(input !== null || output !== null) && <li>{formatTokens(input, output)} tokens</li>}
      {cost !== null && <li>{formatCost(cost)}</li>}
      {batch !== null && <li>in a batch</li>}
      <li className="sm:ml-auto">{author.display}</li>
    </ul>
  )
}
