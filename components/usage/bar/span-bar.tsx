import { RangePicker } from '#components/spans/range-picker.tsx'
import { COMPARISONS } from '#components/spans/span.ts'
import { SpanSteps } from '#components/spans/span-steps.tsx'
import { ZoneMenu } from '#components/spans/zone-menu.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { ViewMenu } from '#components/views/view-menu.tsx'
import type { ChangeUsage, UsageState } from '../usage-state.ts'

const NOTHING = 'nothing'
const CHOICES = [
  { id: NOTHING, label: 'Compare with nothing' },
  { id: 'before', label: 'With the span before' },
  { id: 'weekdays', label: 'With the same weekdays before' },
  { id: 'year', label: 'With the weekdays a year before' },
]

/** Which span is shown, what it is compared with, whose days are meant, and the saved views. */
export function SpanBar({
  state,
  zone,
  own,
  shown,
  now,
  onChange,
  page,
}: {
  state: UsageState
  zone: string
  /** The reader's own time zone. */
  own: string
  /** First and last moment on the page. */
  shown: { from: string; to: string }
  /** When that was read, in milliseconds. */
  now: number
  onChange: ChangeUsage
  page: string | undefined
}) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RangePicker state={state} zone={zone} shown={shown} grain="hour" onChange={onChange} />
      <SpanSteps state={state} zone={zone} shown={shown} now={now} onChange={onChange} />
      <Select
        aria-label="Compare"
        className="w-64"
        choices={CHOICES}
        value={state.compare ?? NOTHING}
        onChange={(id) => onChange({ compare: COMPARISONS.find((each) => each === id) ?? null })}
      />
      <ZoneMenu zone={zone} own={own} onChange={(tz) => onChange({ tz })} />
      {page === undefined && <ViewMenu page="usage" />}
    </div>
  )
}
