import { ChevronLeft, ChevronRight, Undo2, ZoomOut } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { RANGE_NAMES } from '../names.ts'
import { customEnds, DEFAULT_RANGE } from '../span.ts'
import type { ChangeUsage, UsageState } from '../usage-state.ts'
import { moved, zoomedOut } from '../zoom.ts'

/** From the span that is shown to the one before and after it, to one twice as long, and back to the range. */
export function SpanSteps({
  state,
  zone,
  shown,
  now,
  onChange,
}: {
  state: UsageState
  zone: string
  /** First and last moment on the page. */
  shown: { from: string; to: string }
  /** When that was read, in milliseconds. */
  now: number
  onChange: ChangeUsage
}) {
  const around = { zone, choice: state, now }
  const earlier = moved(shown, around, -1)
  const later = moved(shown, around, 1)
  const wider = zoomedOut(shown, around)
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-1">
      <legend className="sr-only">Move the span</legend>
      <Button
        square
        look="quiet"
        aria-label="Earlier"
        isDisabled={earlier === undefined}
        onPress={() => earlier && onChange(earlier)}
      >
        <ChevronLeft aria-hidden="true" />
      </Button>
      <Button
        square
        look="quiet"
        aria-label="Later"
        isDisabled={later === undefined}
        onPress={() => later && onChange(later)}
      >
        <ChevronRight aria-hidden="true" />
      </Button>
      <Button look="quiet" isDisabled={wider === undefined} onPress={() => wider && onChange(wider)}>
        <ZoomOut aria-hidden="true" />
        Zoom out
      </Button>
      {customEnds(state) !== undefined && (
        <Button look="quiet" onPress={() => onChange({ from: null, to: null })}>
          <Undo2 aria-hidden="true" />
          Back to {RANGE_NAMES[state.range ?? DEFAULT_RANGE]}
        </Button>
      )}
    </fieldset>
  )
}
