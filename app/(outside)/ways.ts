import type { Ways } from '#components/sign-in/requests.ts'

/** What this server offers to those who want to sign in. */
export async function readWays(): Promise<Ways> {
  return { password: true, passkey: true, single_sign_on: null, reset: false }
}
