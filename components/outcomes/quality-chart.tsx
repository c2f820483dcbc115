import { Badge } from '#components/ui/badge.tsx'
import { counted } from '#components/ui/format.ts'
import type { VersionQuality } from '#lib/outcomes/schema.ts'
import { differenceWords, fewWords, shareWords, verdictOf } from './words.ts'

/** The share of successes of each version as a bar with its interval, beside what it says in words. */
export function QualityChart({
  versions,
  labelsOf,
}: {
  /** The newest first. */
  versions: readonly VersionQuality[]
  /** Labels that a version has now. */
  labelsOf: (version: number) => readonly string[]
}) {
  return (
    <ol className="flex flex-col gap-5">
      {versions.map((own, at) => (
        <li key={own.version}>
          <div className="mb-1 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
            <span className="font-medium">v{own.version}</span>
            {labelsOf(own.version).map((label) => (
              <Badge key={label} tone={label === 'production' ? 'rubric' : 'lapis'}>
                {label}
              </Badge>
            ))}
            <span className="ml-auto text-ink-soft tabular-nums">
              {shareWords(own.success_rate)} of {counted(own.reported, 'report')}
            </span>
          </div>
          <Bar quality={own} />
          <Said own={own} before={versions[at + 1]} />
        </li>
      ))}
    </ol>
  )
}

/** What it shows is said in the words above it. */
function Bar({ quality: { success_rate: rate, too_few: isFew } }: { quality: VersionQuality }) {
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`
  return (
    <div aria-hidden="true" className="relative h-5 overflow-hidden rounded bg-sunken">
      <div
        className={isFew ? 'h-full bg-line-strong opacity-60' : 'h-full bg-moss opacity-70'}
        style={{ width: percent(rate.value) }}
      />
      <div
        className="absolute top-1/2 h-0.5 -translate-y-1/2 bg-ink"
        style={{ left: percent(rate.low), width: percent(rate.high - rate.low) }}
      />
      <End at={percent(rate.low)} />
      <End at={percent(rate.high)} />
    </div>
  )
}

function End({ at }: { at: string }) {
  return <div className="absolute top-1/4 h-1/2 w-0.5 -translate-x-1/2 bg-ink" style={{ left: at }} />
}

const TONES = { better: 'text-moss', worse: 'text-rubric', open: 'text-ink-soft' } as const

function Said({ own, before }: { own: VersionQuality; before: VersionQuality | undefined }) {
  const few = fewWords(own)
  if (few !== undefined) return <p className="mt-1 text-ink-soft text-xs">{few}</p>
  if (own.difference === null) return null
  return (
    <p className={`mt-1 text-xs tabular-nums ${TONES[verdictOf(own, before)]}`}>
      {differenceWords(own, before)}
    </p>
  )
}
