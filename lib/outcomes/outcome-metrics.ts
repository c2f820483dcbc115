import { addCounter, countsOf } from '../metrics.ts'

const OUTCOMES = 'incipit_outcomes_total'

/** What came of a report: it was kept as this outcome, changed nothing, or had a receipt that is not taken. */
export type ReportEnd = 'success' | 'failure' | 'unchanged' | 'withdrawn' | 'not_genuine' | 'expired'

export function countReport(end: ReportEnd): void {
  countsOf(OUTCOMES).add(end)
}

/** Adds reports of outcomes to /metrics. */
export function addOutcomeMetrics(): void {
  addCounter({
    name: OUTCOMES,
    help: 'Reports of outcomes by what came of them; not_genuine: a receipt that is forged or of another workspace',
    labelNames: ['result'],
  })
}
