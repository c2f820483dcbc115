import { memo } from 'react'
import { heightOn, type Scale } from './scale.ts'
import type { Series } from './series.ts'

/**
 * The drawing in a plot. Its coordinates are points across and 0 to 100 up, stretched to whatever room
 * there is: nothing is measured, so the server draws it and it never jumps.
 */
interface ShapesProps {
  series: readonly Series[]
  scale: Scale
}

const GAP = 0.14
const DOT = 5

/**
 * Bars with one part for each series, the first at the bottom. The parts of a series are one path: the page is a
 * sixth smaller than with an element for each.
 */
export const StackedBars = memo(function StackedBars({ series, scale }: ShapesProps) {
  return series.map(({ key, color }, index) => (
    <path
      key={key}
      d={barsOf(series, index, scale)}
      fill={color}
      stroke="var(--paper)"
      strokeWidth="1"
      vectorEffect="non-scaling-stroke"
    />
  ))
})

/** What one of the series adds to each bar. */
function barsOf(series: readonly Series[], index: number, scale: Scale): string {
  let path = ''
  for (const [point, value] of (series[index]?.values ?? []).entries()) {
    if (value === null || value === 0) continue
    const below = series.slice(0, index).reduce((sum, { values }) => sum + (values[point] ?? 0), 0)
    const top = 100 - heightOn(scale, below + value) * 100
    const bottom = 100 - heightOn(scale, below) * 100
    const width = 1 - GAP
    path += `M${point + GAP / 2},${top.toFixed(2)}h${width}V${bottom.toFixed(2)}h-${width}z`
  }
  return path
}

/** A line for each series; where nothing was used it has a gap, and a lone point is a dot. */
export const Lines = memo(function Lines({ series, scale }: ShapesProps) {
  return series.map(({ key, color, dash, values }) => (
    <g key={key} stroke={color} fill="none" strokeLinejoin="round" strokeLinecap="round">
      <path
        d={pathOf(values, scale)}
        strokeWidth="2"
        strokeDasharray={dash}
        vectorEffect="non-scaling-stroke"
      />
      <path d={dotsOf(values, scale)} strokeWidth={DOT} vectorEffect="non-scaling-stroke" />
    </g>
  ))
})

function placeOf(point: number, value: number, scale: Scale): string {
  return `${point + 0.5},${(100 - heightOn(scale, value) * 100).toFixed(2)}`
}

function pathOf(values: Series['values'], scale: Scale): string {
  let path = ''
  for (const [point, value] of values.entries()) {
    if (value === null) continue
    const follows = point > 0 && values[point - 1] !== null
    path += `${follows ? 'L' : 'M'}${placeOf(point, value, scale)}`
  }
  return path
}

/** Points with no neighbour to draw a line to. */
function dotsOf(values: Series['values'], scale: Scale): string {
  let path = ''
  for (const [point, value] of values.entries()) {
    if (value === null || (values[point - 1] ?? null) !== null || (values[point + 1] ?? null) !== null)
      continue
    path += `M${placeOf(point, value, scale)}h0`
  }
  return path
}
