import type { Ways } from '#components/sign-in/requests.ts'
import { listWays } from '#lib/people/auth/account.ts'
import { mailsAreSent } from '#lib/people/mail/mail-target.ts'

/** What this server offers to those who want to sign in. */
export async function readWays(): Promise<Ways & { reset: boolean }> {
  const { body } = await listWays()
  const ways = body as Ways
  return { ...ways, reset: ways.password && mailsAreSent() }
}
