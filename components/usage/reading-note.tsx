import Link from 'next/link'
import { offsetAt, RANGE_NAMES } from '#components/spans/span.ts'
import { timeWords } from '#components/spans/time-words.ts'
import { canZoom } from '#components/spans/zoom.ts'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import type { Usage } from './queries.ts'
import { rangeOf, type UsageState } from './usage-state.ts'
import { usesHref } from './uses/uses-state.ts'

const HOUR_MS = 3_600_000

interface ReadingNoteProps {
  usage: Usage
  state: UsageState
  zone: string
  /** The prompt whose own page this is. */
  page: string | undefined
  error: Error | null
  onRetry: () => void
}

/** The span with its time zone, the failure of a read, and the limits of the figures. */
export function ReadingNote({ usage, state, zone, page, error, onRetry }: ReadingNoteProps) {
  const { stats } = usage
  const { moment, span } = timeWords(zone)
  const range = rangeOf(state)
  return (
    <div className="mb-6 flex flex-col gap-2 text-ink-faint text-xs">
      <p data-volatile data-span="">
        {moment(stats.from)} to {moment(stats.to)}, {zone} time
      </p>
      {/* Said when another span is chosen, not each time that the clock moves on. */}
      <output className="sr-only">
        {range === undefined ? `Shown: ${span(stats.from, stats.to)}` : `Shown: ${RANGE_NAMES[range]}`}
        {stats.totals.uses === 0 && ', nothing was used'}
      </output>
      <FloorNote usage={usage} state={state} zone={zone} page={page} />
      {error !== null && (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-3 rounded-lg bg-rubric-wash px-4 py-3 text-ink text-sm"
        >
          <p className="min-w-0 flex-1">
            <strong className="font-medium text-rubric">The usage could not be read. </strong>
            {error.message}
          </p>
          <Button onPress={onRetry}>Try again</Button>
        </div>
      )}
      {stats.page_reads > 0 && (
        <p data-volatile="">
          Pages of this workbench read prompts {counted(stats.page_reads, 'time')} since this instance
          started; that is not counted as use.
        </p>
      )}
      {stats.dropped > 0 && (
        <p className="text-rubric">
          These figures are too low: this instance could not keep {counted(stats.dropped, 'use')} since its
          start.
        </p>
      )}
    </div>
  )
}

/** What of an hour is not told here: its minutes are in the list of single uses. */
function FloorNote({
  usage: { stats, series },
  state,
  zone,
  page,
}: Omit<ReadingNoteProps, 'error' | 'onRetry'>) {
  if (series.interval !== 'hour') return null
  const { surface, client } = state
  const prompt = page ?? state.prompt
  const version = prompt === null ? null : state.version
  const isHalf = offsetAt(Date.parse(stats.from), zone) % HOUR_MS !== 0
  return (
    <>
      {isHalf && (
        <p>Uses are counted by whole hours of UTC, which begin between two hours of these clocks.</p>
      )}
      {!canZoom(series) && (
        <p>
          This is the shortest span: uses are counted by whole hours.{' '}
          <Link
            href={usesHref(state, { prompt, version, surface, client })}
            prefetch={false}
            className="inline-block min-h-6 content-center text-lapis underline-offset-4 hover:underline"
          >
            Its single uses, to the second
          </Link>
        </p>
      )}
    </>
  )
}
