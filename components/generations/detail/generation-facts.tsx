import Link from 'next/link'
import type { ReactNode } from 'react'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { NONE } from '#components/usage/format-usage.ts'
import type { Generation, UsualFigures } from '#lib/generations/schema.ts'
import { BesideUsual } from '../beside-usual.tsx'
import { finishWords, formatSpan, formatTokens } from '../format-generation.ts'
import { totalMs } from '../spans.ts'
import type { ComparedFigure } from '../usual.ts'

const LINK = 'rounded text-lapis underline-offset-4 hover:underline'

/** Enough to tell one from another by eye. */
const SHORT_CHECKSUM = 12

/** The time that a generation took, its tokens and its cost. */
function figuresOf(generation: Generation, usual: UsualFigures | undefined): Fact[] {
  const { input_tokens: input, output_tokens: output, finish_reason: reason } = generation
  const figure = (name: string, kind: ComparedFigure): Fact => ({
    name,
    value: <BesideUsual kind={kind} value={generation[kind]} usual={usual} />,
  })
  return [
    { name: 'Total', value: formatSpan(totalMs(generation)) },
    figure('Queue', 'queue_ms'),
    figure('Latency', 'latency_ms'),
    figure('First token', 'first_token_ms'),
    figure('Tokens a second', 'tokens_per_second'),
    { name: 'Tokens', value: formatTokens(input, output) },
    figure('Cost', 'cost'),
    { name: 'Ended', value: reason === null ? NONE : finishWords(reason) },
  ]
}

function batchFact({ queue, batch_id: batch }: Generation): Fact[] {
  if (queue !== 'batch' || batch === null) return []
  const link = (
    <Link href={`/generations?batch=${batch}`} className={LINK}>
      the others of its batch
    </Link>
  )
  return [{ name: 'Batch', value: link }]
}

function Checksum({ checksum }: { checksum: string }) {
  return (
    <span className="flex items-center gap-1">
      <code title={checksum} className="font-mono text-xs">
        {checksum.slice(0, SHORT_CHECKSUM)}…
      </code>
      <CopyButton name="Copy the checksum" text={checksum} />
    </span>
  )
}

/** The figures of a generation, and its origin. */
export function GenerationFacts({
  generation,
  usual,
}: {
  generation: Generation
  /** The usual figures of its configuration. */
  usual: UsualFigures | undefined
}) {
  const { prompt, version, provider, model, author, created_at: at, checksum } = generation
  const facts: Fact[] = [
    {
      name: 'Prompt',
      value: (
        <Link href={`/prompts/${prompt}`} className={`${LINK} font-mono text-[0.8125rem]`}>
          {prompt}
        </Link>
      ),
    },
    { name: 'Version', value: generation.is_draft ? `edited from ${version}` : version },
    { name: 'Model', value: `${model}, ${provider}` },
    ...figuresOf(generation, usual),
    { name: 'Asked by', value: author.display },
    { name: 'Asked at', value: <time dateTime={at}>{formatMoment(at)}</time> },
    ...batchFact(generation),
    { name: 'Checksum', value: <Checksum checksum={checksum} /> },
  ]
  return (
    <section aria-labelledby="facts-heading">
      <h2 id="facts-heading" className="mb-3 flex min-h-8 items-center font-serif text-xl">
        Facts
      </h2>
      <FactList facts={facts} />
    </section>
  )
}

export interface Fact {
  name: string
  value: ReactNode
}

/** Names with their values, one a line. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="divide-y divide-line border-line border-y text-sm">
      {facts.map(({ name, value }) => (
        <div key={name} className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-3 py-2">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="min-w-0 tabular-nums [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
