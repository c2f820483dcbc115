/*
 * The panels of docs/monitoring/dashboard.json, by row. `@` in a query stands for the chosen job and instances, RATE
 * for the interval that Grafana finds fit. What every instance tells alike is read with `max`, not `sum`.
 */

/** One line of a panel: its query, and the name of its series. */
type Query = readonly [expression: string, legend: string]

export interface PanelPlan {
  kind: 'stat' | 'timeseries' | 'table'
  title: string
  /** What it shows, where the title does not say it. */
  description?: string
  /** A unit of Grafana: s, bytes, reqps, percentunit, currencyUSD, short. */
  unit?: string
  /** Of 24 columns. */
  width?: number
  /** Values from which on a figure is yellow and red. */
  thresholds?: readonly [warning: number, bad: number]
  /** The smaller the worse. */
  isReversed?: boolean
  isStacked?: boolean
  queries: readonly Query[]
}

export interface RowPlan {
  title: string
  panels: readonly PanelPlan[]
}

/** A quantile over the chosen instances. */
export const quantile = (q: number, metric: string, by: string, more = '') =>
  `histogram_quantile(${q}, sum by (${['le', by].filter(Boolean).join(', ')}) (rate(${metric}_bucket{@${more}}[RATE])))`

/** Things in a second. */
export const rate = (metric: string, by: string, more = '') =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${metric}{@${more}}[RATE]))`

const QUANTILES = [0.5, 0.95, 0.99] as const
export const quantiles = (metric: string, more = ''): Query[] =>
  QUANTILES.map((q) => [quantile(q, metric, '', more), `p${q * 100}`])
