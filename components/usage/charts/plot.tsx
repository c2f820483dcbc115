'use client'

import { type ReactNode, useId } from 'react'
import { MarkLines, MarkSign, TimeAxis, ValueAxis } from './axes.tsx'
import type { Scale } from './scale.ts'
import type { Cursor, TimeLine } from './series.ts'
import { type Brushed, type OnZoom, useBrush } from './use-brush.ts'

interface PlotProps {
  /** The subject of the chart, for screen readers. */
  name: string
  line: TimeLine
  scale: Scale
  format: (value: number) => string
  /** All there is to say of one point. */
  describe: (at: number) => string
  cursor: Cursor
  onZoom: OnZoom | undefined
  /** What stands beside the pointer. */
  values: (at: number) => ReactNode
  children: ReactNode
}

/**
 * Axes around a drawing. By keyboard and for screen readers it is a slider over the points of time: the
 * arrows go from one to the next, and each tells its figures; what is selected zooms as by the pointer.
 */
export function Plot({ name, line, scale, format, describe, cursor, onZoom, values, children }: PlotProps) {
  const id = useId()
  const count = line.names.length
  const last = count - 1
  const at = Math.min(cursor.at ?? last, last)
  const { isHere, brushed, handlers } = useBrush(count, cursor, onZoom)
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
          <MarkLines marks={line.marks} count={count} />
          {children}
        </svg>
        {line.marks.map(({ at: place, kind }, index) => (
          <MarkSign key={`${index} ${place}`} at={place} kind={kind} />
        ))}
        <input
          type="range"
          aria-label={`${name}, point in time`}
          aria-describedby={onZoom && `${id}-keys`}
          min={0}
          max={last}
          value={at}
          aria-valuetext={selectionWords(line, brushed) + describe(at)}
          className="peer absolute inset-0 size-full cursor-crosshair touch-pan-y appearance-none rounded-sm bg-transparent [&::-moz-range-thumb]:opacity-0 [&::-webkit-slider-thumb]:opacity-0"
          onChange={(event) => cursor.move(event.currentTarget.valueAsNumber)}
          onFocus={(event) => {
            if (event.currentTarget.matches(':focus-visible')) cursor.move(at)
          }}
          {...handlers}
        />
        {onZoom && <ZoomKeys id={`${id}-keys`} />}
        {(isHere || brushed !== undefined) && cursor.at !== null && (
          <Beside at={at} count={count}>
            {brushed === undefined ? values(at) : <Selection line={line} brushed={brushed} />}
          </Beside>
        )}
        <TimeAxis ticks={line.ticks} />
      </div>
    </div>
  )
}

/** How the keyboard zooms; seen while it is on the chart. */
function ZoomKeys({ id }: { id: string }) {
  return (
    <p
      id={id}
      className="sr-only sm:peer-focus-visible:not-sr-only sm:peer-focus-visible:absolute sm:peer-focus-visible:top-full sm:peer-focus-visible:right-0 sm:peer-focus-visible:mt-6 sm:peer-focus-visible:whitespace-normal"
    >
      Enter zooms into the point. Shift and an arrow, or Space, begin a selection; Enter zooms into it, Escape
      drops it.
    </p>
  )
}

function selectionWords({ names }: TimeLine, brushed: Brushed | undefined): string {
  if (brushed === undefined) return ''
  const { from, to } = brushed
  return `${to - from + 1} points selected, from ${names[from]} to ${names[to]}. `
}

/** What is going to be zoomed into. */
function Selection({ line: { names }, brushed: { from, to } }: { line: TimeLine; brushed: Brushed }) {
  return (
    <>
      <p className="font-medium text-ink">{names[from]}</p>
      {to > from && <p className="font-medium text-ink">to {names[to]}</p>}
      <p className="text-ink-soft">{to > from ? `${to - from + 1} points` : '1 point'}</p>
    </>
  )
}

/** The point that is looked at, or those that are selected. */
function Looked({ at, brushed }: { at: number | undefined; brushed: Brushed | undefined }) {
  if (brushed !== undefined)
    return (
      <rect
        x={brushed.from}
        y="0"
        width={brushed.to - brushed.from + 1}
        height="100"
        fill="var(--lapis-wash)"
        stroke="var(--lapis)"
        vectorEffect="non-scaling-stroke"
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
