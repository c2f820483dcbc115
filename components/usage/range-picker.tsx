'use client'

import { CalendarDays } from 'lucide-react'
import dynamic from 'next/dynamic'
import { Button } from '#components/ui/button.tsx'
import { lastingPart, part } from '#components/ui/part.ts'
import { Segments } from '#components/ui/segments.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { usePopup } from '#components/ui/use-popup.ts'
import { timeWords } from './format-usage.ts'
import { RANGE_NAMES } from './names.ts'
import { customDays, dayIn, RANGES, type Range } from './span.ts'
import { type ChangeUsage, rangeOf, type UsageState } from './usage-state.ts'

const CustomDays = dynamic(
  lastingPart(() => import('./custom-days.tsx').then((module) => module.CustomDays)),
  {
    ssr: false,
    loading: () => <Skeleton className="h-44" />,
  },
)

const loadPanel = part(() => import('#components/ui/popover-dialog.tsx'))

/** The span that is shown: up to now, or from one day to another. */
export function RangePicker({
  state,
  zone,
  shown,
  onChange,
}: {
  state: UsageState
  zone: string
  /** First and last moment of what is on the page. */
  shown: { from: string; to: string }
  onChange: ChangeUsage
}) {
  const { button, popup, panel } = usePopup('dialog', loadPanel)
  const custom = customDays(state)
  const { day } = timeWords('UTC')
  const days = custom ?? { from: dayIn(new Date(shown.from), zone), to: dayIn(new Date(shown.to), zone) }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segments
        name="Time range"
        segments={RANGES.map((range) => ({ id: range, label: RANGE_NAMES[range] }))}
        value={rangeOf(state) ?? null}
        onChange={(range) => onChange({ range: range as Range, from: null, to: null })}
      />
      <Button {...button} look={custom === undefined ? 'outline' : 'primary'} className="h-8.5">
        <CalendarDays aria-hidden="true" />
        {custom === undefined ? 'Other days' : `${day(custom.from)} – ${day(custom.to)}`}
      </Button>
      {panel && (
        <panel.PopoverDialog
          popup={popup}
          placement="bottom start"
          label="From one day to another"
          className="w-64 max-w-full p-3"
        >
          <CustomDays
            days={days}
            zone={zone}
            onChoose={(chosen) => {
              popup.onClose()
              onChange({ range: null, ...chosen })
            }}
          />
        </panel.PopoverDialog>
      )}
    </div>
  )
}
