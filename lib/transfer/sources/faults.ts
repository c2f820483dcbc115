import { type AppError, appError } from '../../errors.ts'

/** What is wrong with an address, or with what stands at it: the caller can change it. */
export function wrongSource(
  field: 'url' | 'secret_key' | 'headers',
  code: string,
  message: string,
): AppError {
  return appError('unprocessable', message, { details: [{ path: ['source', field], code, message }] })
}

/** An address that does not do what it should; the same request may succeed later. */
export function failedSource(message: string, retryAfter?: number): AppError {
  return appError('upstream_failed', message, {
    details: [{ path: ['source', 'url'], code: 'source_failed', message }],
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}
