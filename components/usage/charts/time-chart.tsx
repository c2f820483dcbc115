'use client'

import { ChartColumn, Table2 } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { CsvButton, DataTable, type ShownColumn } from '../data-table.tsx'
import { Legend } from './legend.tsx'
import { Plot } from './plot.tsx'
import type { Scale } from './scale.ts'
import type { Cursor, Series, TimeLine } from './series.ts'
import { Lines, StackedBars } from './shapes.tsx'

interface TimeChartProps<Row> {
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
  /** Stands beside the title. */
  children?: ReactNode
}

/** Figures over time: drawn, or as a table in the same room, and as a file. */
export function TimeChart<Row>({ title, line, cursor, children, ...chart }: TimeChartProps<Row>) {
  const id = useId()
  const [isTable, setTable] = useState(false)
  const { series, scale, format, formatTick = format, columns, rows, rowKey } = chart
  const at = cursor.at === null ? null : Math.min(cursor.at, line.names.length - 1)
  const describe = (point: number) =>
    [
      line.names[point],
      ...series.map(({ name, values }) => `${name} ${format(values[point] ?? null)}`),
      line.happened[point],
    ]
      .filter(Boolean)
      .join(', ')
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
          <CsvButton name={title} fileName={chart.fileName} columns={columns} rows={rows} />
        </div>
      </div>
      <Legend
        series={series}
        at={at}
        format={format}
        moment={at === null ? 'in all' : (line.names[at] ?? '')}
      />
      {isTable ? (
        <ScrollRegion name={`${title}, table`} className="h-44 overflow-auto">
          <DataTable name={title} columns={columns} rows={rows} rowKey={rowKey} />
        </ScrollRegion>
      ) : (
        <Plot name={title} line={line} scale={scale} format={formatTick} describe={describe} cursor={cursor}>
          {chart.kind === 'bars' ? (
            <StackedBars series={series} scale={scale} />
          ) : (
            <Lines series={series} scale={scale} />
          )}
        </Plot>
      )}
    </figure>
  )
}
