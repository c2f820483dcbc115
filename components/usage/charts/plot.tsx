'use client'

import type { PointerEvent, ReactNode } from 'react'
import { heightOn, namedPlaces, type Scale } from './scale.ts'
import type { Cursor, TimeLine } from './series.ts'

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
  children: ReactNode
}

/**
 * Axes around a drawing. By keyboard and for screen readers it is a slider over the points of time: the
 * arrows go from one to the next, and each tells its figures.
 */
export function Plot({ name, line, scale, format, describe, cursor, children }: PlotProps) {
  const count = line.names.length
  const last = count - 1
  const at = Math.min(cursor.at ?? last, last)
  const moveByPointer = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const place = Math.floor(((event.clientX - left) / width) * count)
    cursor.move(Math.min(last, Math.max(0, place)))
  }
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
          {cursor.at !== null && <rect x={at} y="0" width="1" height="100" fill="var(--hover)" />}
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
          onPointerMove={moveByPointer}
          onPointerLeave={() => cursor.move(null)}
        />
        <TimeAxis ticks={line.ticks} />
      </div>
    </div>
  )
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

/** A rhomb for a version, a flag for a label: told apart without colour. */
export function MarkSign({ at, kind }: { at?: number; kind: 'version' | 'label' }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 10 10"
      className={at === undefined ? 'size-2.5 shrink-0' : 'absolute -top-1.5 size-2.5 -translate-x-1/2'}
      style={at === undefined ? undefined : { left: `${at * 100}%` }}
    >
      {kind === 'version' ? (
        <path d="M5 0.5L9.5 5L5 9.5L0.5 5Z" fill="var(--rubric)" />
      ) : (
        <path d="M1.5 0.5H9L7 3.25L9 6H3V9.5H1.5Z" fill="var(--lapis)" />
      )}
    </svg>
  )
}
