import { writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardCursorSync,
  type Panel,
  type RowPanel,
  ThresholdsMode,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/schema'
import type { PanelPlan } from './panel-plan.ts'
import { MCP, OVERVIEW, RENDERS, REQUESTS } from './panels-of-callers.ts'
import { DATABASE, PROVIDERS, QUEUE, UPKEEP } from './panels-of-work.ts'

// Writes docs/monitoring/dashboard.json from the panels beside it, by the types of Grafana.

const ROWS = [OVERVIEW, REQUESTS, MCP, RENDERS, DATABASE, QUEUE, PROVIDERS, UPKEEP]
const FILE = path.resolve(import.meta.dirname, '../../docs/monitoring/dashboard.json')
const SOURCE = { type: 'prometheus', uid: '${datasource}' }
const CHOSEN = 'job=~"$job",instance=~"$instance"'
const COLUMNS = 24
const HEIGHTS: Readonly<Record<PanelPlan['kind'], number>> = { stat: 4, timeseries: 8, table: 8 }
const WIDTH = 12

/** Marks the starts of instances; it has older fields of an annotation, which Grafana reads for Prometheus. */
const STARTS: AnnotationQuery & { expr: string; titleFormat: string } = {
  name: 'Starts',
  enable: true,
  iconColor: 'blue',
  datasource: SOURCE,
  expr: withChoice('changes(process_start_time_seconds{@}[2m]) > 0'),
  titleFormat: 'Started: {{instance}}',
}

/** The dashboard as Grafana imports it. */
function dashboard(): Dashboard {
  return {
    uid: 'incipit',
    title: 'Incipit',
    description: 'A registry and workbench for prompts. Written by scripts/monitoring/dashboard.ts.',
    tags: ['incipit'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: '30s',
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    graphTooltip: DashboardCursorSync.Crosshair,
    templating: { list: variables() },
    annotations: { list: [STARTS] },
    panels: panels(),
  }
}

function variables(): VariableModel[] {
  const query = (name: string, text: string, isMulti: boolean): VariableModel => ({
    type: 'query',
    name,
    label: name,
    datasource: SOURCE,
    query: { query: text, refId: name },
    refresh: VariableRefresh.onTimeRangeChanged,
    sort: VariableSort.alphabeticalAsc,
    multi: isMulti,
    includeAll: isMulti,
    ...(isMulti && { current: { selected: true, text: ['All'], value: ['$__all'] } }),
  })
  return [
    {
      type: 'datasource',
      name: 'datasource',
      label: 'Prometheus',
      query: 'prometheus',
    },
    query('job', 'label_values(incipit_build_info, job)', false),
    query('instance', 'label_values(incipit_build_info{job=~"$job"}, instance)', true),
  ]
}

/** Rows one below the other, panels from left to right in them. */
function panels(): (Panel | RowPanel)[] {
  const all: (Panel | RowPanel)[] = []
  let y = 0
  for (const row of ROWS) {
    const id = all.length + 1
    all.push({
      type: 'row',
      id,
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    })
    y += 1
    let x = 0
    let height = 0
    for (const plan of row.panels) {
      const { kind, width: w = WIDTH } = plan
      if (x + w > COLUMNS) {
        y += height
        x = 0
        height = 0
      }
      all.push(panel(plan, all.length + 1, { x, y, w, h: HEIGHTS[kind] }))
      x += w
      height = Math.max(height, HEIGHTS[kind])
    }
    y += height
  }
  return all
}

function panel(plan: PanelPlan, id: number, gridPos: Panel['gridPos']): Panel {
  const { kind, title, description, queries } = plan
  return {
    id,
    type: kind,
    title,
    ...(description !== undefined && { description }),
    datasource: SOURCE,
    gridPos,
    targets: queries.map(([expression, legend], at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: SOURCE,
      expr: withChoice(expression),
      legendFormat: legend,
      ...(kind === 'timeseries' ? { range: true } : { instant: true }),
      ...(kind === 'table' && { format: 'table' }),
    })),
    fieldConfig: fieldConfig(plan),
    options: options(kind),
    ...(kind === 'table' && {
      transformations: [{ id: 'organize', options: { excludeByName: { Time: true, Value: true } } }],
    }),
  }
}

function fieldConfig({ kind, unit, thresholds, isReversed, isStacked }: PanelPlan): Panel['fieldConfig'] {
  const [good, bad] = isReversed === true ? (['red', 'green'] as const) : (['green', 'red'] as const)
  const [warning, worst] = thresholds ?? []
  const ends = isReversed === true ? [worst, warning] : [warning, worst]
  const [lower, upper] = ends
  const steps = [
    { value: null as unknown as number, color: good },
    ...(lower === undefined ? [] : [{ value: lower, color: 'yellow' }]),
    ...(upper === undefined ? [] : [{ value: upper, color: bad }]),
  ]
  return {
    defaults: {
      ...(unit !== undefined && { unit }),
      ...(kind === 'timeseries' && {
        min: 0,
        custom: {
          lineWidth: 1,
          fillOpacity: isStacked === true ? 30 : 5,
          showPoints: 'never',
          stacking: { mode: isStacked === true ? 'normal' : 'none' },
          thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'dashed' },
        },
      }),
      thresholds: { mode: ThresholdsMode.Absolute, steps },
    },
    overrides: [],
  }
}

function options(kind: PanelPlan['kind']): Record<string, unknown> {
  if (kind === 'stat')
    return {
      reduceOptions: { calcs: ['lastNotNull'] },
      colorMode: 'value',
      graphMode: 'none',
      textMode: 'value',
    }
  if (kind === 'table') return { showHeader: true }
  return {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'], showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  }
}

function withChoice(expression: string): string {
  return expression.replaceAll('@', CHOSEN).replaceAll('RATE', '$__rate_interval')
}

/** The file as it is to stand there. */
export function dashboardText(): string {
  return `${JSON.stringify(dashboard(), undefined, 2)}\n`
}

if (import.meta.main) writeFileSync(FILE, dashboardText())
