import type { Generation, UsualFigures } from '#lib/generations/schema.ts'
import { BesideUsual } from '../beside-usual.tsx'
import { formatSpan } from '../format-generation.ts'
import { totalMs } from '../spans.ts'
import type { ComparedFigure } from '../usual.ts'

const FIGURES: readonly (readonly [name: string, kind: ComparedFigure])[] = [
  ['First token', 'first_token_ms'],
  ['Tokens a second', 'tokens_per_second'],
  ['Queue', 'queue_ms'],
]

/** Why it was slow, in one line: each figure beside the usual of its configuration. */
export function HowFast({ generation, usual }: { generation: Generation; usual: UsualFigures | undefined }) {
  const total = totalMs(generation)
  if (total === null) return null
  const known = FIGURES.filter(([, kind]) => generation[kind] !== null)
  return (
    <section aria-label="How fast it was">
      <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-sm tabular-nums">
        <div className="flex gap-2">
          <dt className="text-ink-faint">Total</dt>
          <dd>{formatSpan(total)}</dd>
        </div>
        {known.map(([name, kind]) => (
          <div key={kind} className="flex gap-2">
            <dt className="text-ink-faint">{name}</dt>
            <dd>
              <BesideUsual kind={kind} value={generation[kind]} usual={usual} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
