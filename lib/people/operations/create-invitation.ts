import type { Actor } from '../../access/actor.ts'
import { accessState } from '../../access/state.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { assertRoom } from '../../db/changes/room.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { invitationTarget, readInvitation } from '../invitations.ts'
import { linkTo, newLinkSecret } from '../links.ts'
import { invitationMail, mailsAreSent } from '../mail/mail-target.ts'
import { assertLimitFits, categoryIds } from '../members/categories.ts'
import { noAccount } from '../members/own-person.ts'
import { assertMayGive, assertMayManage, assertMayManageNow, isAdmin } from '../policy.ts'
import type { CreateInvitationInput, NewInvitation } from '../schema.ts'

const DAY_MS = 86_400_000

/**
 * Invites somebody by a link, which is bound to the e-mail, works once and ends after `security.invitation_days`. It is
 * sent by mail as well where that is configured. An open invitation of the same e-mail is replaced.
 * @throws forbidden, conflict (a member already; no account yet), unprocessable (categories), too_large, unavailable
 */
export const createInvitation = operation('createInvitation', run)

async function run(actor: Actor, input: CreateInvitationInput): Promise<NewInvitation> {
  if (isAdmin(input.role)) assertMayManageNow(actor)
  else assertMayManage(actor)
  assertMayGive(actor, input.role)
  assertLimitFits(input.role, input.categories)
  if ((await accessState()) !== 'accounts') throw noAccount()
  try {
    return await change(actor, (context) => insert(context, actor, input))
  } catch (error) {
    throw isUniqueViolation(error)
      ? appError('conflict', 'Somebody else has just invited this person. Read the invitations again.')
      : error
  }
}

async function insert(
  context: ChangeContext,
  actor: Actor,
  input: CreateInvitationInput,
): Promise<NewInvitation> {
  const { tx, record, send } = context
  const { workspaceId } = actor
  const { email, role } = input
  const [member] = await tx.$queryRaw<object[]>`SELECT FROM member m JOIN person p ON p.id = m.person_id
    WHERE m.workspace_id = ${workspaceId}::uuid AND p.email = ${email}`
  if (member !== undefined) throw appError('conflict', `${email} is a member already.`)
  await endOpen(context, workspaceId, email)
  await assertRoom(
    tx,
    workspaceId,
    'invitations',
    (most) => `A workspace has at most ${most} open invitations`,
    () => countOpen(context, workspaceId),
  )
  const limit = await categoryIds(tx, workspaceId, input.categories ?? null)
  const id = newId()
  const { secret, hash } = newLinkSecret()
  const expires = new Date(Date.now() + getRuntime().config.security.invitation_days * DAY_MS)
  await tx.$executeRaw`INSERT INTO invitation
      (workspace_id, id, email, role, all_categories, category_ids, shown_hash, created_by, expires_at)
    VALUES (${workspaceId}::uuid, ${id}::uuid, ${email}, ${role}, ${limit === null},
      ${limit ?? []}::uuid[], ${hash}, ${actor.id}::uuid, ${expires})`
  record({
    action: 'invitation.create',
    target: invitationTarget({ id, email }),
    after: { role, categories: input.categories ?? null, expires_at: expires.toISOString() },
  })
  const mailed = mailsAreSent()
  if (mailed) send(invitationMail(workspaceId, id))
  return { ...(await readInvitation(tx, workspaceId, id)), url: linkTo('invitation', secret), mailed }
}

async function endOpen({ tx, record }: ChangeContext, workspaceId: string, email: string): Promise<void> {
  const ended = await tx.$queryRaw<{ id: string }[]>`UPDATE invitation SET ended_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND email = ${email} AND ended_at IS NULL RETURNING id`
  for (const { id } of ended)
    record({
      action: 'invitation.delete',
      target: invitationTarget({ id, email }),
      after: { reason: 'replaced' },
    })
}

async function countOpen({ tx }: ChangeContext, workspaceId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::integer AS count FROM invitation
    WHERE workspace_id = ${workspaceId}::uuid AND ended_at IS NULL AND expires_at > now()`
  return row?.count ?? 0
}
