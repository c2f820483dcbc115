import Link from 'next/link'
import { formatMoment } from '#components/ui/format.ts'
import { NONE } from '#components/usage/format-usage.ts'
import type { Generation } from '#lib/generations/schema.ts'
import { finishWords } from './attempt-words.ts'
import { type Fact, FactList } from './fact-list.tsx'
import { formatCost, formatSpan, formatTokens } from './format-generation.ts'

const LINK = 'rounded text-lapis underline-offset-4 hover:underline'

/** What it took, and where it came from. */
export function GenerationFacts({ generation }: { generation: Generation }) {
  const { prompt, version, provider, model, latency_ms: latency, first_token_ms: first, cost } = generation
  const { input_tokens: input, output_tokens: output, author, created_at: at, checksum, queue } = generation
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
    { name: 'Latency', value: formatSpan(latency) },
    { name: 'First token', value: formatSpan(first) },
    { name: 'Tokens', value: formatTokens(input, output) },
    { name: 'Cost', value: formatCost(cost) },
    {
      name: 'Ended',
      value: generation.finish_reason === null ? NONE : finishWords(generation.finish_reason),
    },
    { name: 'Asked by', value: author.display },
    { name: 'Asked at', value: <time dateTime={at}>{formatMoment(at)}</time> },
    ...(queue === 'batch' && generation.batch_id !== null
      ? [
          {
            name: 'Batch',
            value: (
              <Link href={`/generations?batch=${generation.batch_id}`} className={LINK}>
                the others of its batch
              </Link>
            ),
          },
        ]
      : []),
    { name: 'Checksum', value: <code className="break-all font-mono text-xs">{checksum}</code> },
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
