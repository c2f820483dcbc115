/*
 * The panels of docs/monitoring/dashboard.json, by row. `@` in a query stands for the chosen job and instances, RATE
 * for the interval that Grafana finds fit. What every instance tells alike is read with `max`, not `sum`.
 */

/** One line of a panel: its query, and the name of its series. */
type Query = readonly [expression: string, legend: string]

/** A unit of Grafana. */
type Unit = 's' | 'bytes' | 'ops' | 'reqps' | 'percentunit' | 'currencyUSD'

/** How a panel looks, where it does not look like most. */
interface Look {
  /** What it shows, where the title does not say it. */
  description?: string
  unit?: Unit
  /** Of 24 columns. */
  width?: number
  /** Values from which on a figure is yellow and red. */
  thresholds?: readonly [warning: number, bad: number]
  /** The smaller the worse. */
  isReversed?: boolean
  isStacked?: boolean
}

export interface PanelPlan extends Look {
  kind: 'stat' | 'timeseries' | 'table'
  title: string
  queries: readonly Query[]
}

export interface RowPlan {
  title: string
  panels: readonly PanelPlan[]
}

/** One figure, as it is now. */
export const stat = (title: string, expression: string, look: Look = {}): PanelPlan => ({
  kind: 'stat',
  title,
  width: 3,
  ...look,
  queries: [[expression, '']],
})

/** Lines over time. */
export const lines = (title: string, queries: readonly Query[], look: Look = {}): PanelPlan => ({
  kind: 'timeseries',
  title,
  ...look,
  queries,
})

/** Labels as the name of a series: their values. */
const legendOf = (labels: string) =>
  labels
    .split(', ')
    .map((label) => `{{${label}}}`)
    .join(' ')
const by = (labels: string) => (labels === '' ? '' : ` by (${labels})`)

/** A quantile over the chosen instances. */
export const quantile = (q: number, metric: string, labels: string, more = '') =>
  `histogram_quantile(${q}, sum by (${['le', labels].filter(Boolean).join(', ')}) (rate(${metric}_bucket{@${more}}[RATE])))`

/** Things in a second. */
export const rate = (metric: string, labels: string, more = '') =>
  `sum${by(labels)} (rate(${metric}{@${more}}[RATE]))`

/** Things in a second, a series for each value of labels. */
export const rates = (metric: string, labels: string, more = ''): Query => [
  rate(metric, labels, more),
  legendOf(labels),
]

/** Things in the interval, a series for each value of labels. */
export const counts = (metric: string, labels: string, before = ''): Query => [
  `sum${by(labels)} (increase(${metric}{@}[RATE]))`,
  before + legendOf(labels),
]

/** A gauge, a series for each value of labels. */
export const levels = (way: 'sum' | 'max', metric: string, labels: string, before = ''): Query => [
  `${way}${by(labels)} (${metric}{@})`,
  before + legendOf(labels),
]

/** Quantiles, a series for each value of a label. */
export const quantiles = (metric: string, label: string, of: readonly number[], more = ''): Query[] =>
  of.map((q) => [
    quantile(q, metric, label, more),
    [`p${q * 100}`, label && legendOf(label)].filter(Boolean).join(' '),
  ])
