import { createHmac, randomBytes } from 'node:crypto'

/* Signatures as https://www.standardwebhooks.com describes them. */

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** A new secret as receivers are given it. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64')
}

/** What is signed. */
export interface Signed {
  id: string
  /** In seconds since 1970. */
  timestamp: number
  body: string
}

/** The headers that prove where a body comes from: a signature of each secret, the one of today first. */
export function signatureHeaders(signed: Signed, secrets: readonly string[]): Record<string, string> {
  return {
    'webhook-id': signed.id,
    'webhook-timestamp': String(signed.timestamp),
    'webhook-signature': secrets.map((secret) => `v1,${signatureOf(signed, secret)}`).join(' '),
  }
}

function signatureOf({ id, timestamp, body }: Signed, secret: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
}
