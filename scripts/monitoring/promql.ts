import { parser } from '@prometheus-io/lezer-promql'

/** What a query reads: metrics, each with the labels that it is chosen by, and the labels that results are grouped by. */
export interface Reads {
  metrics: { name: string; labels: string[] }[]
  grouped: string[]
}

/** Grafana's variables as something that PromQL can be. */
function plain(query: string): string {
  return query.replaceAll('$__rate_interval', '5m')
}

/**
 * Parses a query.
 * @throws Error that names the place which is no PromQL
 */
export function readsOf(query: string): Reads {
  const text = plain(query)
  const reads: Reads = { metrics: [], grouped: [] }
  const isIn = { grouping: false }
  parser.parse(text).iterate({
    enter({ name, type, from, to }) {
      const own = text.slice(from, to)
      if (type.isError)
        throw new Error(`This is no PromQL at ${from} ("${text.slice(from, from + 20)}"): ${text}`)
      if (name === 'GroupingLabels') isIn.grouping = true
      if (name === 'Identifier') reads.metrics.push({ name: own, labels: [] })
      if (name !== 'LabelName') return
      if (isIn.grouping) reads.grouped.push(own)
      else reads.metrics.at(-1)?.labels.push(own)
    },
    leave({ name }) {
      if (name === 'GroupingLabels') isIn.grouping = false
    },
  })
  if (reads.metrics.length === 0) throw new Error(`The query reads no metric: ${text}`)
  return reads
}
