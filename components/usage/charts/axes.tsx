import { heightOn, namedPlaces, type Scale } from './scale.ts'
import type { PlacedMark, TimeLine } from './series.ts'

const NAMES_MOST = 7
/** Half of a name is wider than the rest of a narrow chart. */
const NEAR_END = 0.96

export function ValueAxis({ scale, format }: { scale: Scale; format: (value: number) => string }) {
  const lines = scale.ticks.map((tick) => (
    <div
      key={tick}
      aria-hidden="true"
      className="absolute inset-x-0 border-line border-t first:border-line-strong"
      style={{ bottom: `${heightOn(scale, tick) * 100}%` }}
    >
      <span className="absolute right-full -translate-y-1/2 whitespace-nowrap pr-2">{format(tick)}</span>
    </div>
  ))
  return (
    <>
      {lines}
      {scale.low > 0 && scale.isLog !== true && <BrokenAxis from={format(scale.low)} />}
    </>
  )
}

/** An axis that does not begin at nothing: a small dip looks deep on it. */
function BrokenAxis({ from }: { from: string }) {
  return (
    <svg viewBox="0 0 8 12" className="absolute -bottom-1.5 -left-1 h-3 w-2" role="img">
      <title>{`The axis begins at ${from}`}</title>
      <path d="M0 0H8V12H0Z" fill="var(--paper)" />
      <path d="M4 0V2L1 4.5L7 7.5L4 10V12" fill="none" stroke="var(--ink-faint)" />
    </svg>
  )
}

export function TimeAxis({ ticks }: { ticks: readonly string[] }) {
  const places = namedPlaces(ticks.length, NAMES_MOST)
  return places.map((place, index) => (
    <span
      key={place}
      aria-hidden="true"
      // Narrow screens have room for every second one; the last stays.
      className={`absolute top-full whitespace-nowrap pt-1.5 ${(places.length - index) % 2 === 0 ? 'max-md:hidden' : ''}`}
      style={placeStyle((place + 0.5) / ticks.length)}
    >
      {ticks[place]}
    </span>
  ))
}

/** Below its point; near the end it stands within the chart. */
function placeStyle(share: number) {
  if (share > NEAR_END) return { right: 0 }
  return { left: `${share * 100}%`, transform: 'translateX(-50%)' }
}

/** The events as lines across the drawing. */
export function MarkLines({ marks, count }: { marks: TimeLine['marks']; count: number }) {
  return marks.map(({ at: place, kind }, index) => (
    <path
      key={`${index} ${place}`}
      d={`M${place * count},0V100`}
      stroke="var(--ink-faint)"
      strokeDasharray={kind === 'version' ? '1 3' : '4 3'}
      vectorEffect="non-scaling-stroke"
    />
  ))
}

/** A rhomb for a version, a flag for a label, a dot for a note: told apart without colour. */
export function MarkSign({ at, kind }: { at?: number; kind: PlacedMark['kind'] }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 10 10"
      className={at === undefined ? 'size-2.5 shrink-0' : 'absolute -top-1.5 size-2.5 -translate-x-1/2'}
      style={at === undefined ? undefined : { left: `${at * 100}%` }}
    >
      {kind === 'note' ? (
        <circle cx="5" cy="5" r="4" fill="var(--moss)" />
      ) : kind === 'version' ? (
        <path d="M5 0.5L9.5 5L5 9.5L0.5 5Z" fill="var(--rubric)" />
      ) : (
        <path d="M1.5 0.5H9L7 3.25L9 6H3V9.5H1.5Z" fill="var(--lapis)" />
      )}
    </svg>
  )
}
