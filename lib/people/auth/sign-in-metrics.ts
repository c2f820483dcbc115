import { sessionCookie } from '../../access/read-credential.ts'
import { addCounter, countsOf } from '../../metrics.ts'
import type { AuthAnswer } from './endpoint.ts'
import type { Proof } from './sessions.ts'

const SIGN_INS = 'incipit_sign_ins_total'

/** The endpoints that open a session, and the way of each. */
const WAYS: Readonly<Record<string, Proof['way']>> = {
  '/sign-in/email': 'password',
  '/two-factor/verify-totp': 'totp',
  '/two-factor/verify-backup-code': 'recovery_code',
  '/passkey/verify-authentication': 'passkey',
  '/oauth2/callback/sso': 'single_sign_on',
  '/set-up': 'link',
  '/invitation/accept': 'link',
  '/reset': 'link',
}

/** Counts an answer of an endpoint that opened a session. */
export function countSignIn(path: string, { cookie, isRenewal = false }: AuthAnswer): void {
  const way = WAYS[path]
  if (way !== undefined && !isRenewal && cookie?.startsWith(`${sessionCookie()}=`) === true)
    countsOf(SIGN_INS).add(`${way} succeeded`)
}

/** Counts a sign-in that was refused. */
export function countRefusedSignIn(way: Proof['way']): void {
  countsOf(SIGN_INS).add(`${way} refused`)
}

/** Adds sign-ins to /metrics. */
export function addSignInMetrics(): void {
  addCounter({
    name: SIGN_INS,
    help: 'Sign-ins by the last proof; link: set-up, invitation and reset. Tries beyond the limit are in incipit_rate_limited_total',
    labelNames: ['way', 'outcome'],
  })
}
