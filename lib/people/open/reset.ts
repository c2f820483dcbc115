import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import { attemptFrom } from '../auth/attempts.ts'
import type { AuthAnswer } from '../auth/endpoint.ts'
import { type AuthRequest, actorOfMember, findByEmail, findByPerson, type Member } from '../auth/member.ts'
import { newPassword, setPassword } from '../auth/people.ts'
import { endSessions } from '../auth/sessions.ts'
import { hashOf } from '../links.ts'
import { mailsAreSent, resetMail } from '../mail/mail-target.ts'
import { mayStillReset } from '../members/maker.ts'
import { entryOf } from '../members/stored-member.ts'
import type { AskForResetInput, ResetInput } from '../schema.ts'
import { badLink, followLink } from './links.ts'

interface FoundReset {
  person_id: string
  made_by: string | null
}

const FIND = `SELECT person_id, made_by FROM person_reset WHERE token_hash = $1 AND expires_at > now()`

/** A link is good for as long as who made it may make it. Those of the operator and of mails have no maker. */
async function isGood(tx: Tx, { person_id, made_by }: FoundReset): Promise<boolean> {
  return made_by === null || mayStillReset(tx, made_by, person_id)
}

/**
 * Takes a new password by a link, once. All sessions end; nobody is signed in by it, and the second factor stays.
 * @throws not_found, invalid_input, rate_limited
 */
export async function resetPassword(request: AuthRequest, input: ResetInput): Promise<AuthAnswer> {
  const hash = hashOf(input.token)
  const member = await followLink('reset', request, async () => {
    const { rows } = await onPrimary(({ pool }) => pool.query<FoundReset>(FIND, [hash]))
    const [found] = rows
    if (found === undefined || !(await onPrimary(({ prisma }) => isGood(prisma, found)))) return undefined
    return findByPerson(found.person_id)
  })
  const passwordHash = await newPassword(input.password, member)
  await change(actorOfMember(member, request.context), async ({ tx, record }) => {
    const [used] = await tx.$queryRaw<FoundReset[]>`DELETE FROM person_reset
      WHERE token_hash = ${hash} AND expires_at > now() RETURNING person_id, made_by`
    if (used === undefined || !(await isGood(tx, used))) throw badLink()
    await setPassword(tx, member.personId, passwordHash)
    await endSessions(tx, member.personId)
    record(entryOf('password.reset', { id: member.actorId, name: member.name }))
  })
  return { status: 204 }
}

/** Another mail is not sent to the same person for so long. */
const PAUSE_MS = 300_000

/**
 * Sends a link for a new password to an e-mail, where mail is configured. It answers at once and alike, whether there is
 * such an account or not: what is done about it is done afterwards.
 * @throws rate_limited
 */
export async function askForReset(request: AuthRequest, { email }: AskForResetInput): Promise<AuthAnswer> {
  await attemptFrom('reset mail', request.context.address)
  const { log } = getRuntime()
  void sendLink(request, email).catch((error: unknown) =>
    log.warn({ err: error }, 'a link for a new password could not be sent'),
  )
  return { status: 204 }
}

const RECENT = `SELECT FROM person_reset WHERE person_id = $1 AND created_at > now() - make_interval(secs => $2)`

async function sendLink(request: AuthRequest, email: string): Promise<void> {
  if (!mailsAreSent() || getRuntime().config.security.single_sign_on?.only === true) return
  const member = await findByEmail(email)
  if (member === undefined || member.password === null || (await hasRecent(member))) return
  await change(actorOfMember(member, request.context), async ({ record, send }) => {
    send(resetMail(member.personId, Math.floor(Date.now() / PAUSE_MS)))
    record(entryOf('reset.ask', { id: member.actorId, name: member.name }))
  })
}

async function hasRecent({ personId }: Member): Promise<boolean> {
  const { rowCount } = await onPrimary(({ pool }) => pool.query(RECENT, [personId, PAUSE_MS / 1000]))
  return rowCount !== 0
}
