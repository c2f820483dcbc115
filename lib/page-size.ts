import { appError } from './errors.ts'
import { getRuntime } from './runtime.ts'

/**
 * The number of items on a page: the requested one, or the configured default.
 * @throws invalid_input beyond the configured maximum: a page is never cut silently
 */
export function pageSize(limit: number | undefined): number {
  const { page_size, page_size_max } = getRuntime().config.limits
  if (limit === undefined) return Math.min(page_size, page_size_max)
  if (limit <= page_size_max) return limit
  const key = 'limits.page_size_max'
  const message = `A page has at most ${page_size_max} items (${key})`
  throw appError('invalid_input', `${message}.`, {
    details: [{ path: ['limit'], code: 'too_big', message }],
    extra: { limit: key },
  })
}
