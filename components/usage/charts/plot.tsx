'use client'

import { type PointerEvent, type ReactNode, useState } from 'react'
import { heightOn, namedPlaces, type Scale } from './scale.ts'
import type { Cursor, PlacedMark, TimeLine } from './series.ts'

const NAMES_MOST = 7

interface PlotProps {
  /** The subject of the chart, for screen readers. */
  name: string
  line: TimeLine
  scale: Scale
  format: (value: number) => string
  /** All there is to say of one point. */
  describe: (at: number) => string
  cursor: Cursor
  onZoom: ((from: number, to: number) => void) | undefined
  /** What stands beside the pointer. */
  values: (at: number) => ReactNode
  children: ReactNode
}

/**
 * Axes around a drawing. By keyboard and for screen readers it is a slider over the points of time: the
 * arrows go from one to the next, and each tells its figures.
 */
export function Plot({ name, line, scale, format, describe, cursor, onZoom, values, children }: PlotProps) {
  const count = line.names.length
  const last = count - 1
  const at = Math.min(cursor.at ?? last, last)
  const { isHere, brushed, handlers } = usePointer(count, cursor, onZoom)
  return (
    <div className="relative h-44 pb-6 pl-11 text-2xs text-ink-faint tabular-nums">
      <div className="relative h-full">
        <ValueAxis scale={scale} format={format} />
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${count} 100`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
        >
          <Looked at={cursor.at === null ? undefined : at} brushed={brushed} />
          {line.marks.map(({ at: place, kind }, index) => (
            <path
              key={`${index} ${place}`}
              d={`M${place * count},0V100`}
              stroke="var(--ink-faint)"
              strokeDasharray={kind === 'version' ? '1 3' : '4 3'}
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {children}
        </svg>
        {line.marks.map(({ at: place, kind }, index) => (
          <MarkSign key={`${index} ${place}`} at={place} kind={kind} />
        ))}
        <input
          type="range"
          aria-label={`${name}, point in time`}
          min={0}
          max={last}
          value={at}
          aria-valuetext={describe(at)}
          className="absolute inset-0 size-full cursor-crosshair touch-pan-y appearance-none rounded-sm bg-transparent [&::-moz-range-thumb]:opacity-0 [&::-webkit-slider-thumb]:opacity-0"
          onChange={(event) => cursor.move(event.currentTarget.valueAsNumber)}
          onFocus={(event) => {
            if (event.currentTarget.matches(':focus-visible')) cursor.move(at)
          }}
          onBlur={() => cursor.move(null)}
          {...handlers}
        />
        {isHere && cursor.at !== null && (
          <Beside at={at} count={count}>
            {values(at)}
          </Beside>
        )}
        <TimeAxis ticks={line.ticks} />
      </div>
    </div>
  )
}

/** The point that is looked at, or those that are dragged over. */
function Looked({
  at,
  brushed,
}: {
  at: number | undefined
  brushed: { from: number; to: number } | undefined
}) {
  if (brushed !== undefined)
    return (
      <rect
        x={brushed.from}
        y="0"
        width={brushed.to - brushed.from + 1}
        height="100"
        fill="var(--lapis-wash)"
      />
    )
  return at === undefined ? null : <rect x={at} y="0" width="1" height="100" fill="var(--hover)" />
}

/** What stands beside a point, on the side where there is room. */
function Beside({ at, count, children }: { at: number; count: number; children: ReactNode }) {
  const style =
    at < count / 2
      ? { left: `calc(${((at + 1) / count) * 100}% + 0.5rem)` }
      : { right: `calc(${(1 - at / count) * 100}% + 0.5rem)` }
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute top-1 z-10 min-w-36 rounded-md border border-line bg-surface px-2.5 py-2 text-xs shadow-float"
      style={style}
    >
      {children}
    </div>
  )
}

/**
 * The point under the pointer, and the points that it is dragged over. A drag of more than one point zooms.
 * @param count points
 */
function usePointer(count: number, cursor: Cursor, onZoom: PlotProps['onZoom']) {
  const [isHere, setHere] = useState(false)
  const [start, setStart] = useState<number>()
  const placeOf = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * count)))
  }
  const brushed =
    start === undefined || cursor.at === null || start === cursor.at
      ? undefined
      : { from: Math.min(start, cursor.at), to: Math.max(start, cursor.at) }
  return {
    isHere,
    brushed,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (onZoom === undefined || event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setStart(placeOf(event))
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        setHere(true)
        cursor.move(placeOf(event))
      },
      onPointerUp: () => {
        setStart(undefined)
        if (brushed !== undefined) onZoom?.(brushed.from, brushed.to)
      },
      onPointerCancel: () => setStart(undefined),
      onPointerLeave: () => {
        setHere(false)
        setStart(undefined)
        cursor.move(null)
      },
    },
  }
}

function ValueAxis({ scale, format }: { scale: Scale; format: (value: number) => string }) {
  return scale.ticks.map((tick) => (
    <div
      key={tick}
      aria-hidden="true"
      className="absolute inset-x-0 border-line border-t first:border-line-strong"
      style={{ bottom: `${heightOn(scale, tick) * 100}%` }}
    >
      <span className="absolute right-full -translate-y-1/2 whitespace-nowrap pr-2">{format(tick)}</span>
    </div>
  ))
}

function TimeAxis({ ticks }: { ticks: readonly string[] }) {
  const places = namedPlaces(ticks.length, NAMES_MOST)
  return places.map((place, index) => (
    <span
      key={place}
      aria-hidden="true"
      // Narrow screens have room for every second one; the last stays.
      className={`absolute top-full -translate-x-1/2 whitespace-nowrap pt-1.5 ${(places.length - index) % 2 === 0 ? 'max-md:hidden' : ''}`}
      style={{ left: `${((place + 0.5) / ticks.length) * 100}%` }}
    >
      {ticks[place]}
    </span>
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
