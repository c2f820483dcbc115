import { appError } from '../errors.ts'
import { refusedWebhookUrl } from './send/post.ts'

/** @throws unprocessable for an address that nothing is sent to */
export function assertAllowedUrl(url: string): void {
  const why = refusedWebhookUrl(url)
  if (why !== undefined) throw addressRefused('url', why)
}

/** The refusal of an address that nothing leaves for. */
export function addressRefused(field: string, message: string) {
  return appError('unprocessable', message, {
    details: [{ path: [field], code: 'address_refused', message }],
  })
}

export function isOtherHost(before: string, after: string): boolean {
  return new URL(before).origin !== new URL(after).origin
}

/**
 * The refusal to send an authorization to another host than the one it was given for: who may not see it could have it
 * sent to an address of their own.
 */
export function noAuthorizationForHost() {
  const message = 'The address is at another host: give its authorization as well, or null'
  return appError('unprocessable', `${message}.`, {
    details: [{ path: ['authorization'], code: 'other_host', message }],
  })
}

/** What the audit log has of an address: the rest may be a secret of the receiver. */
export function loggedUrl(url: string): string {
  return new URL(url).origin
}
