import { ChevronLeft, ChevronRight, Undo2, ZoomOut } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { customEnds, DEFAULT_RANGE, RANGE_NAMES, type Range, type SpanChoice } from './span.ts'
import { moved, zoomedOut } from './zoom.ts'

/** From the span that is shown to the one before and after it, to one twice as long, and back to the range. */
export function SpanSteps({
  state,
  usual = DEFAULT_RANGE,
  zone,
  shown,
  now,
  onChange,
}: {
  state: SpanChoice
  /** The range while none is chosen; null: everything. */
  usual?: Range | null
  zone: string
  /** First and last moment on the page. */
  shown: { from: string; to: string }
  /** When that was read, in milliseconds. */
  now: number
  onChange: (change: Partial<SpanChoice> & { tz?: string }) => void
}) {
  const around = { zone, choice: state, now }
  const earlier = moved(shown, around, -1)
  const later = moved(shown, around, 1)
  const wider = zoomedOut(shown, around)
  const back = state.range ?? usual
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
          Back to {back === null ? 'all' : RANGE_NAMES[back]}
        </Button>
      )}
    </fieldset>
  )
}
