import { appError } from '../errors.ts'
import { refusedWebhookUrl } from './send/post.ts'

/** @throws unprocessable for an address that nothing is sent to */
export function assertAllowedUrl(url: string): void {
  const message = refusedWebhookUrl(url)
  if (message === undefined) return
  throw appError('unprocessable', message, {
    details: [{ path: ['url'], code: 'address_refused', message }],
  })
}

/** What the audit log has of an address: the rest may be a secret of the receiver. */
export function loggedUrl(url: string): string {
  return new URL(url).origin
}
