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

/** Bars with one part for each series, the first at the bottom. */
export const StackedBars = memo(function StackedBars({ series, scale }: ShapesProps) {
  const count = series[0]?.values.length ?? 0
  return Array.from({ length: count }, (_, point) => {
    let below = 0
    return series.map(({ key, color, values }) => {
      const value = values[point] ?? 0
      if (value === 0) return null
      const bottom = heightOn(scale, below) * 100
      below += value
      const top = heightOn(scale, below) * 100
      return (
        <rect
          key={`${point} ${key}`}
          x={point + GAP / 2}
          y={100 - top}
          width={1 - GAP}
          height={top - bottom}
          fill={color}
          stroke="var(--paper)"
          strokeWidth="1"
          vectorEffect="non-scaling-stroke"
        />
      )
    })
  })
})

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
