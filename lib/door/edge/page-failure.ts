import { AsyncLocalStorage } from 'node:async_hooks'
import { type AppError, ERROR_CATALOGUE } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'

/** Where a page that is being made leaves what it failed at. */
interface PageOutcome {
  failure: AppError | undefined
}

function outcomes(): AsyncLocalStorage<PageOutcome> {
  return getRuntime().once('http.page-outcomes', () => new AsyncLocalStorage())
}

/** Makes a page, and tells through the outcome what it failed at. */
export function withPageOutcome(outcome: PageOutcome, make: () => void): void {
  outcomes().run(outcome, make)
}

/** Notes that the page under way cannot be read now, but can be later: it is answered 503 instead of 500. */
export function notePageFailure(error: AppError): void {
  const outcome = outcomes().getStore()
  if (outcome !== undefined && ERROR_CATALOGUE[error.code].status === 503) outcome.failure = error
}
