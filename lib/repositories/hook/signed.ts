import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { signatureHeaders } from '../../webhooks/signature.ts'

/** A header by its lower-case name. */
type Header = (name: string) => string | undefined

/** Seconds that our own signature may be old, or early. */
const TOLERANCE_S = 300

/**
 * Whether a body was sent by somebody who has the secret: signed as GitHub, Gitea and Forgejo do, with the token of
 * GitLab, or as Standard Webhooks describes. All three are always computed, so that the time tells nothing.
 * @param body as it came
 */
export function isSigned(header: Header, body: Uint8Array, secret: string): boolean {
  const hub = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const id = header('webhook-id') ?? ''
  const timestamp = Number(header('webhook-timestamp') ?? 'none')
  const signed = { id, timestamp, body: Buffer.from(body).toString('utf8') }
  const own = signatureHeaders(signed, [secret])['webhook-signature'] ?? ''
  const isFresh = Math.abs(Date.now() / 1000 - timestamp) < TOLERANCE_S
  const given = (header('webhook-signature') ?? '').split(' ', 10)
  const proofs = [
    isSame(header('x-hub-signature-256'), hub),
    isSame(header('x-gitlab-token'), secret),
    given.some((each) => isSame(each, own)) && isFresh && id !== '',
  ]
  return proofs.includes(true)
}

/** Digests have one length, whatever is compared. */
function isSame(given: string | undefined, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given ?? ''), digest(expected))
}
