'use client'

import { CalendarDays } from 'lucide-react'
import dynamic from 'next/dynamic'
import { Button } from '#components/ui/button.tsx'
import { usePopup } from '#components/ui/overlays/use-popup.ts'
import { lastingPart, part } from '#components/ui/part.ts'
import { Segments } from '#components/ui/segments.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Grain } from './custom-days.tsx'
import {
  customEnds,
  DEFAULT_RANGE,
  dayIn,
  isDay,
  RANGE_NAMES,
  RANGES,
  type Range,
  type SpanChoice,
} from './span.ts'
import { timeWords } from './time-words.ts'

const CustomDays = dynamic(
  lastingPart(() => import('./custom-days.tsx').then((module) => module.CustomDays)),
  {
    ssr: false,
    loading: () => <Skeleton className="h-44" />,
  },
)

const loadPanel = part(() => import('#components/ui/overlays/popover-dialog.tsx'))

const EVERYTHING = { id: 'all', label: 'All' }

/** The span that is shown: up to now, or from one day or time to another. */
export function RangePicker({
  state,
  usual = DEFAULT_RANGE,
  zone,
  shown,
  grain,
  onChange,
}: {
  state: SpanChoice
  /** The range while none is chosen; null: everything, which can be chosen then. */
  usual?: Range | null
  zone: string
  /** First and last moment on the page. */
  shown: { from: string; to: string }
  /** How exactly times can be chosen. */
  grain: Grain
  onChange: (choice: SpanChoice & { tz?: string }) => void
}) {
  const { button, popup, panel } = usePopup('dialog', loadPanel)
  const custom = customEnds(state)
  const ends = custom ?? {
    from: dayIn(new Date(shown.from), zone),
    to: dayIn(new Date(Date.parse(shown.to) - 1), zone),
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segments
        name="Time range"
        segments={[
          ...RANGES.map((range) => ({ id: range, label: RANGE_NAMES[range] })),
          ...(usual === null ? [EVERYTHING] : []),
        ]}
        value={custom === undefined ? (state.range ?? usual ?? EVERYTHING.id) : null}
        onChange={(id) =>
          onChange({ range: RANGES.find((range) => range === id) ?? null, from: null, to: null })
        }
      />
      <Button {...button} look={custom === undefined ? 'outline' : 'primary'} className="h-8.5">
        <CalendarDays aria-hidden="true" />
        {custom === undefined ? 'Other days' : nameOf(custom, zone)}
      </Button>
      {panel && (
        <panel.PopoverDialog
          popup={popup}
          placement="bottom start"
          label="From one day to another"
          className="w-64 max-w-full p-3"
        >
          <CustomDays
            ends={ends}
            zone={zone}
            grain={grain}
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

/** `1 Nov – 3 Nov`, `24 Nov, 14:00 – 17:00` */
function nameOf({ from, to }: { from: string; to: string }, zone: string): string {
  if (!isDay(from)) return timeWords(zone).span(from, to)
  const { day } = timeWords('UTC')
  return from === to ? day(from) : `${day(from)} – ${day(to)}`
}
