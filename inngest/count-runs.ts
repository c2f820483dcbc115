import { Middleware } from 'inngest'
import { countsOf } from '#lib/metrics.ts'

export const RUNS = 'incipit_function_runs_total'

/** Counts how functions end, whoever runs them. The ids of functions are ours. */
export class CountRuns extends Middleware.BaseMiddleware {
  readonly id = 'incipit:count-runs'

  override onRunComplete({ fn }: Middleware.OnRunCompleteArgs): void {
    countsOf(RUNS).add(`${fn.id()} succeeded`)
  }

  override onRunError({ fn, isFinalAttempt }: Middleware.OnRunErrorArgs): void {
    countsOf(RUNS).add(`${fn.id()} ${isFinalAttempt ? 'failed' : 'retried'}`)
  }
}
