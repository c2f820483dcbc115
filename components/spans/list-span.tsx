'use client'

import { useNow } from '#components/ui/use-now.ts'
import { RangePicker } from './range-picker.tsx'
import { customEnds, type SpanChoice, spanOf } from './span.ts'
import { SpanSteps } from './span-steps.tsx'
import { ZoneMenu } from './zone-menu.tsx'

/** The days that are offered to be changed. */
const WEEK_MS = 6 * 86_400_000

/** A choice with the zone of its days and clocks. */
type Chosen = SpanChoice & { tz: string | null }

/** Which span a list shows, to the minute; everything while none is chosen. */
export function ListSpan({
  state,
  own,
  firstNow,
  onChange,
}: {
  state: Chosen
  /** The reader's own time zone. */
  own: string
  /** When the page was read, in milliseconds. */
  firstNow: number
  onChange: (change: Partial<Chosen>) => void
}) {
  const now = useNow(firstNow)
  const zone = state.tz ?? own
  const isChosen = state.range !== null || customEnds(state) !== undefined
  const shown = isChosen
    ? spanOf(state, zone, new Date(now))
    : { from: new Date(now - WEEK_MS).toISOString(), to: new Date(now).toISOString() }
  return (
    <>
      <RangePicker
        state={state}
        usual={null}
        zone={zone}
        shown={shown}
        grain="minute"
        // What is not of a time has no time zone.
        onChange={(span) =>
          onChange(span.range === null && span.from === null ? { ...span, tz: null } : span)
        }
      />
      {isChosen && (
        <>
          <SpanSteps state={state} usual={null} zone={zone} shown={shown} now={now} onChange={onChange} />
          <ZoneMenu zone={zone} own={own} onChange={(tz) => onChange({ tz })} />
        </>
      )}
    </>
  )
}
