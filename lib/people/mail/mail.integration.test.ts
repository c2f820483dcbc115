import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outbox } from '../../outbox/outbox.ts'
import { type SignedIn, signInAs, visit } from '../../testing/accounts/people.ts'
import { withAccounts } from '../../testing/accounts/visitor.ts'
import { type MailServer, mailServer } from '../../testing/mail-server.ts'
import { actorLike, type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { findByEmail } from '../auth/member.ts'
import { acceptInvitation } from '../open/invitation.ts'
import { askForReset, resetPassword } from '../open/reset.ts'
import { createInvitation } from '../operations/create-invitation.ts'
import { deleteInvitation } from '../operations/delete-invitation.ts'
import { setMailSender } from './mail-target.ts'
import { sendMails } from './send-mail.ts'

const PASSWORD = 'a horse of seven colours'

let app: TestRuntime
let server: MailServer
let owner: SignedIn
beforeAll(async () => {
  app = await testRuntime({
    feed: true,
    security: { sign_in_failures_address: 1000 },
    limits: { outbox_retry_ms: 20, outbox_poll_ms: 50 },
  })
  server = await mailServer()
  Object.assign(app.runtime.config.mail, {
    host: '127.0.0.1',
    port: server.port,
    tls: 'off',
    from: 'Incipit <incipit@example.org>',
  })
  setMailSender(sendMails)
  outbox().start()
  await withAccounts()
  owner = await signInAs(app.actor(), 'owner', { name: 'Olga' })
})
afterAll(async () => {
  await app.close()
  await server.close()
})

const again = ({ actor }: SignedIn) => actorLike(actor)
const invite = (email: string) => createInvitation(again(owner), { email, role: 'editor' })
const mailTo = (address: string) => server.mails.findLast(({ to }) => to === address)
/** The secret of the link in a mail; long lines are folded in it. */
function secretIn(address: string): string {
  const text = (mailTo(address)?.text ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '=')
  return /#([\w-]{43})/.exec(text)?.[1] ?? ''
}
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { code: string }) => error.code,
  )

describe('mail', () => {
  it('brings an invitation whose link proves the address, and holds no secret until it is sent', async () => {
    const made = await invite('nina@example.org')
    expect(made.mailed).toBe(true)
    await server.taken(1)
    expect(server.mails[0]).toMatchObject({ from: 'incipit@example.org', to: 'nina@example.org' })
    expect(server.mails[0]?.text).toContain('Olga invites you')
    expect(made.url).not.toContain(secretIn('nina@example.org'))
    const who = { token: secretIn('nina@example.org'), name: 'Nina', password: PASSWORD }
    expect(await codeOf(acceptInvitation(visit(), who))).toBeUndefined()
    expect(await findByEmail('nina@example.org')).toMatchObject({ emailVerified: true })
  })

  it('to an address that is refused keeps no other mail back', async () => {
    server.refused.add('gone@example.org')
    const before = server.mails.length
    const [gone] = await Promise.all([invite('gone@example.org'), invite('here@example.org')])
    await server.taken(before + 1)
    expect(mailTo('here@example.org')).toBeDefined()
    // What it was about is over: the message goes without a mail.
    await deleteInvitation(again(owner), { id: gone.id })
    await expect.poll(() => queued()).toBe(0)
    server.refused.clear()
    expect(mailTo('gone@example.org')).toBeUndefined()
  })

  it('brings a link for a new password to who has an account, and tells nobody whether there is one', async () => {
    const ann = await signInAs(app.actor(), 'editor')
    const before = server.mails.length
    const answers = [
      await askForReset(visit(), { email: ann.email }),
      await askForReset(visit(), { email: 'nobody@example.org' }),
    ]
    expect(answers).toEqual([{ status: 204 }, { status: 204 }])
    await server.taken(before + 1)
    // Asked for again, none is sent for a while.
    await askForReset(visit(), { email: ann.email })
    const other = await signInAs(app.actor(), 'editor')
    await askForReset(visit(), { email: other.email })
    await server.taken(before + 2)
    expect(server.mails.slice(before).map(({ to }) => to)).toEqual([ann.email, other.email])
    const input = { token: secretIn(ann.email), password: PASSWORD }
    expect(await codeOf(resetPassword(visit(), input))).toBeUndefined()
  })
})

async function queued(): Promise<number> {
  const { rows } = await app.runtime.database.primary.pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM outbox WHERE target = 'mail'`,
  )
  return rows[0]?.n ?? 0
}
