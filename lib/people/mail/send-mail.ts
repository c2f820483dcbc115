import { LRUCache } from 'lru-cache'
import type { Transporter } from 'nodemailer'
import { z } from 'zod'
import { ALERT_MAIL, alertMailOf } from '../../alerts/tell/alert-mail.ts'
import { onPrimary } from '../../db/read.ts'
import type { OutboxMessage } from '../../outbox/message.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import type { AuthMail } from '../auth/account.ts'
import { linkTo, newLinkSecret } from '../links.ts'
import { insertReset } from '../resets.ts'

/** A mail to one person. */
interface Mail {
  to: string
  subject: string
  text: string
}

const InvitationData = z.object({ workspace_id: z.uuid(), id: z.uuid() })
const ResetData = z.object({ id: z.uuid() })

/** Messages that are remembered as sent: a batch of which one mail was refused is tried again in parts. */
const SENT_MAX = 10_000

/**
 * Sends the mails of messages. What they are about may be over by now: then there is nothing to send.
 * @throws what the mail server or the database says
 */
export async function sendMails(messages: readonly OutboxMessage[]): Promise<void> {
  const sent = getRuntime().once('people.sent-mails', () => new LRUCache<string, true>({ max: SENT_MAX }))
  for (const message of messages) {
    if (sent.has(message.id)) continue
    const mail = await mailOf(message)
    if (mail !== undefined) await sendMail(mail)
    sent.set(message.id, true)
  }
}

function mailOf({ name, data }: OutboxMessage): Promise<Mail | undefined> {
  if (name === 'mail/invitation') return invitationOf(InvitationData.parse(data))
  if (name === 'mail/reset') return resetOf(ResetData.parse(data))
  if (name === ALERT_MAIL) return alertMailOf(data)
  throw new Error(`There is no mail called ${name}.`)
}

interface InvitationRow {
  email: string
  role: string
  by: string
  until: string
}

const INVITATION = `UPDATE invitation i SET mailed_hash = $3 FROM actor a
  WHERE i.workspace_id = $1 AND i.id = $2 AND i.ended_at IS NULL AND i.expires_at > now()
    AND a.workspace_id = i.workspace_id AND a.id = i.created_by
  RETURNING i.email, i.role, a.display AS by, to_char(i.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS until`

async function invitationOf(data: z.infer<typeof InvitationData>): Promise<Mail | undefined> {
  const { secret, hash } = newLinkSecret()
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<InvitationRow>(INVITATION, [data.workspace_id, data.id, hash]),
  )
  const [found] = rows
  if (found === undefined) return undefined
  return {
    to: found.email,
    subject: 'Your invitation to Incipit',
    text: `${found.by} invites you to work with prompts at ${getRuntime().config.publicUrl}, as ${found.role}.

Open this link to accept. It works once, until ${found.until} UTC:

${linkTo('invitation', secret)}

If you did not expect this, do nothing.
`,
  }
}

const WHO_RESETS = `SELECT p.email FROM person p
  WHERE p.id = $1 AND EXISTS (SELECT FROM person_login l WHERE l.person_id = p.id AND l.password IS NOT NULL)`

async function resetOf({ id }: z.infer<typeof ResetData>): Promise<Mail | undefined> {
  const { rows } = await onPrimary(({ pool }) => pool.query<{ email: string }>(WHO_RESETS, [id]))
  const [found] = rows
  if (found === undefined) return undefined
  const { url } = await onPrimary(({ prisma }) => insertReset(prisma, id, { madeBy: null }))
  const { publicUrl, security } = getRuntime().config
  return {
    to: found.email,
    subject: 'A new password for Incipit',
    text: `Somebody asked for a new password for your account at ${publicUrl}.

Open this link to choose one. It works once, within ${security.reset_minutes} minutes, and signs you out everywhere:

${url}

If it was not you, do nothing: your password stays as it is.
`,
  }
}

/** What an account is told about its own address. A mail that its reader waits for is sent at once, or not at all. */
export const authMail: AuthMail = {
  confirmEmail: ({ to, name, url }) =>
    sendMail({
      to,
      subject: 'Confirm your e-mail address for Incipit',
      text: `${name}, open this link to sign in with this address from now on. It works once, for a day:

${url}

If you did not ask for it, do nothing.
`,
    }),
  addressTaken: ({ to }) =>
    sendMail({
      to,
      subject: 'Your e-mail address for Incipit was asked for',
      text: `Somebody at ${getRuntime().config.publicUrl} wanted to sign in with this address from now on. It is that of your account, so nothing was changed.

If it was you, sign in with it as you do already.
`,
    }),
  async emailChanged({ to, name }) {
    const text = `${name}, your account at ${getRuntime().config.publicUrl} has another e-mail address now.

If it was not you who changed it, tell an owner of that server at once.
`
    try {
      await sendMail({ to, subject: 'Your e-mail address for Incipit was changed', text })
    } catch (error) {
      // The change is made: that one mail failed does not undo it.
      getRuntime().log.warn({ err: error }, 'an old address could not be told that it was replaced')
    }
  },
}

async function sendMail(mail: Mail): Promise<void> {
  const connection = await transport()
  await connection.sendMail(mail)
}

/** The connection to the mail server. Its library is loaded with the first mail. */
function transport(): Promise<Transporter> {
  return getRuntime().once('people.mail-transport', createTransport)
}

async function createTransport({ config }: Runtime): Promise<Transporter> {
  const nodemailer = await import('nodemailer')
  const { host = '', port, tls, user, from, send_ms } = config.mail
  return nodemailer.createTransport(
    {
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'off',
      ...(user !== undefined && { auth: { user, pass: config.keys.mailPassword ?? '' } }),
      connectionTimeout: send_ms,
      greetingTimeout: send_ms,
      socketTimeout: send_ms,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: from ?? user },
  )
}
