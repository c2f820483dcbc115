'use client'

import { ChartColumn, Table2 } from 'lucide-react'
import { Fragment, type ReactNode, useId, useMemo, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { DataTable, type ShownColumn, TableFiles } from '../data-table.tsx'
import { Legend } from './legend.tsx'
import { Plot } from './plot.tsx'
import type { Scale } from './scale.ts'
import type { Cursor, Series, TimeLine } from './series.ts'
import { Lines, StackedBars } from './shapes.tsx'

export interface TimeChartProps<Row> {
  title: string
  kind: 'bars' | 'lines'
  series: readonly Series[]
  scale: Scale
  line: TimeLine
  format: (value: number | null) => string
  /** Of the numbers at the axis, where they are written in another way. */
  formatTick?: (value: number) => string
  cursor: Cursor
  /** The same as a table. */
  columns: readonly ShownColumn<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  fileName: string
  /** Lines over the bars, on the same scale. */
  over?: readonly Series[]
  /** Points that were dragged over, the first and the last. */
  onZoom?: ((from: number, to: number) => void) | undefined
  /** Stands beside the title. */
  children?: ReactNode
}

const NO_SERIES: readonly Series[] = []

/** Figures over time: drawn, or as a table in the same room, and as a file. */
export function TimeChart<Row>({ title, line, cursor, children, ...chart }: TimeChartProps<Row>) {
  const id = useId()
  const [isTable, setTable] = useState(false)
  const { format, columns, rows, rowKey, over = NO_SERIES } = chart
  const series = useMemo(() => [...chart.series, ...over], [chart.series, over])
  const at = cursor.at === null ? null : Math.min(cursor.at, line.names.length - 1)
  return (
    <figure aria-labelledby={`${id}-title`} className="min-w-0">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 id={`${id}-title`} className="font-serif text-xl">
          {title}
        </h3>
        {children}
        <div className="-mr-2 ml-auto flex print:hidden">
          <Button
            look="quiet"
            aria-label={isTable ? `Chart of ${title}` : `Table of ${title}`}
            onPress={() => setTable(!isTable)}
          >
            {isTable ? <ChartColumn aria-hidden="true" /> : <Table2 aria-hidden="true" />}
            {isTable ? 'Chart' : 'Table'}
          </Button>
          <TableFiles name={title} fileName={chart.fileName} columns={columns} rows={rows} />
        </div>
      </div>
      <Legend
        series={series}
        at={at}
        format={format}
        moments={at === null ? ['the whole span'] : momentsAt(at, line, series)}
      />
      {isTable ? (
        <ScrollRegion name={`${title}, table`} className="h-44 overflow-auto">
          <DataTable name={title} columns={columns} rows={rows} rowKey={rowKey} />
        </ScrollRegion>
      ) : (
        <Drawing {...chart} title={title} line={line} cursor={cursor} series={series} over={over} />
      )}
    </figure>
  )
}

/** When a point was, and when that was which it is compared with. */
function momentsAt(at: number, { names }: TimeLine, series: readonly Series[]): string[] {
  const before = series.find(({ times }) => times !== undefined)?.times?.[at]
  return [names[at] ?? '', ...(before === undefined ? [] : [`before: ${before}`])]
}

interface DrawingProps<Row> extends Omit<TimeChartProps<Row>, 'series' | 'children'> {
  /** All that is told of a point, `over` included. */
  series: readonly Series[]
  over: readonly Series[]
}

/** The chart itself. */
function Drawing<Row>(props: DrawingProps<Row>) {
  const { title, kind, line, cursor, series, over, scale, format, formatTick = format, onZoom } = props
  const describe = (point: number) =>
    [
      line.names[point],
      ...series.map(
        ({ name, values, times }) =>
          `${name} ${times?.[point] === undefined ? '' : `(${times[point]}) `}${format(values[point] ?? null)}`,
      ),
      line.happened[point],
    ]
      .filter(Boolean)
      .join(', ')
  const own = series.slice(0, series.length - over.length)
  const values = (point: number) => pointValues({ name: line.names[point], series, format, point })
  return (
    <Plot
      name={title}
      line={line}
      scale={scale}
      format={formatTick}
      describe={describe}
      cursor={cursor}
      onZoom={onZoom}
      values={(point) => withEvents(values(point), line.happened[point])}
    >
      {kind === 'bars' ? <StackedBars series={own} scale={scale} /> : <Lines series={own} scale={scale} />}
      <Lines series={over} scale={scale} />
    </Plot>
  )
}

/** Figures of a point with what happened there: the signs on the drawing say no more than that something did. */
function withEvents(figures: ReactNode, text: string | undefined) {
  return (
    <>
      {figures}
      {text !== undefined && (
        <p className="mt-1 line-clamp-4 max-w-56 border-line border-t pt-1 text-ink-soft [overflow-wrap:anywhere]">
          {text}
        </p>
      )}
    </>
  )
}

/** The figures of one point, beside the pointer. */
function pointValues({
  point,
  name,
  series,
  format,
}: {
  point: number
  name: string | undefined
  series: readonly Series[]
  format: (value: number | null) => string
}) {
  return (
    <>
      <p className="mb-1 font-medium text-ink">{name}</p>
      {series.map(({ key, name: of, color, values, times }) => (
        <Fragment key={key}>
          {times && (
            <p className="mt-2 mb-1 font-medium text-ink">{times[point] ?? 'nothing to compare with'}</p>
          )}
          <p className="flex items-center gap-2">
            <span className="size-2 shrink-0 rounded-full" style={{ background: color }} />
            <span className="max-w-40 truncate text-ink-soft">{of}</span>
            <span className="ml-auto pl-3 text-ink">{format(values[point] ?? null)}</span>
          </p>
        </Fragment>
      ))}
    </>
  )
}
