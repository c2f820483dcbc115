import type { Role } from '../../access/rules.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { plainEmail } from './member.ts'
import { assertGoodPassword, hashPassword } from './passwords.ts'
import { endFactorSteps } from './steps.ts'

/** Accounts of passwords stand beside those at providers, under this name. */
const CREDENTIAL = 'credential'

/**
 * Checks a new password and hashes it: before a transaction, for it takes a while.
 * @param field its name in the input
 * @throws invalid_input, overloaded
 */
export async function newPassword(
  password: string,
  person: { email: string; name: string },
  field = 'password',
): Promise<string> {
  assertGoodPassword(password, person, field)
  return hashPassword(password)
}

/** Makes a person within a change. @param person passwordHash from `newPassword` @throws conflict (the e-mail) */
export async function createPerson(
  tx: Tx,
  person: { email: string; name: string; emailVerified?: boolean; passwordHash?: string },
): Promise<string> {
  const email = plainEmail(person.email)
  await assertFreeEmail(tx, email)
  const id = newId()
  const { name, emailVerified = false, passwordHash } = person
  await tx.person.create({ data: { id, email, name, email_verified: emailVerified } })
  if (passwordHash !== undefined) await setPassword(tx, id, passwordHash)
  return id
}

/**
 * Makes a person a member within a change, with an actor of its own.
 * @param member actorId: of a new actor, made here when left out; createdBy: the actor that did it, else itself
 * @returns the actor's id
 */
export async function createMember(
  tx: Tx,
  member: {
    workspaceId: string
    personId: string
    name: string
    role: Role
    categories?: readonly string[] | null
    createdBy?: string
    actorId?: string
  },
): Promise<string> {
  const { workspaceId, personId, name, role, categories = null, createdBy, actorId: id = newId() } = member
  await tx.actor.create({ data: { id, workspace_id: workspaceId, kind: 'person', display: name } })
  await tx.member.create({
    data: {
      workspace_id: workspaceId,
      actor_id: id,
      person_id: personId,
      role,
      all_categories: categories === null,
      category_ids: [...(categories ?? [])],
      created_by: createdBy ?? id,
    },
  })
  return id
}

/**
 * Gives the account of a former member to whoever may have it now: sessions, passwords, passkeys and second factors of
 * before go, and nobody of before signs in with them.
 * @param person passwordHash from `newPassword`
 * @returns false when it is a member of another workspace: then nothing is done
 */
export async function beginAnew(
  tx: Tx,
  workspaceId: string,
  person: { id: string; email: string; name: string; emailVerified: boolean; passwordHash?: string },
): Promise<boolean> {
  const { id, email, name, emailVerified, passwordHash } = person
  await tx.$queryRaw`SELECT FROM person WHERE id = ${id}::uuid FOR UPDATE`
  const elsewhere = { person_id: id, NOT: { workspace_id: workspaceId } }
  if ((await tx.member.count({ where: elsewhere })) > 0) return false
  const mine = { where: { person_id: id } }
  await tx.personSession.deleteMany(mine)
  await tx.personLogin.deleteMany(mine)
  await tx.personPasskey.deleteMany(mine)
  await tx.personSecondFactor.deleteMany(mine)
  await tx.person.update({
    where: { id },
    data: { email, name, email_verified: emailVerified, two_factor_enabled: false, updated_at: new Date() },
    select: { id: true },
  })
  if (passwordHash !== undefined) await setPassword(tx, id, passwordHash)
  return true
}

/** Gives a person a password within a change. @param hash from `newPassword` */
export async function setPassword(tx: Tx, personId: string, hash: string): Promise<void> {
  const key = { provider_id: CREDENTIAL, account_id: personId }
  await tx.personLogin.upsert({
    where: { provider_id_account_id: key },
    create: { id: newId(), person_id: personId, ...key, password: hash },
    update: { password: hash, updated_at: new Date() },
  })
  await endResets(tx, personId)
  await endFactorSteps(tx, personId)
}

/** Ends the links for a new password that were made of a person before. */
export async function endResets(tx: Tx, personId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM person_reset WHERE person_id = ${personId}::uuid`
}

/** Ends the links for a new password that an actor has made for others. */
export async function endResetsMadeBy(tx: Tx, actorId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM person_reset WHERE made_by = ${actorId}::uuid`
}

/** @throws conflict when somebody has the e-mail */
export async function assertFreeEmail(tx: Tx, email: string): Promise<void> {
  if ((await tx.person.count({ where: { email } })) === 0) return
  throw appError('conflict', 'There is an account with this e-mail already.', {
    details: [{ path: ['email'], code: 'taken', message: 'belongs to another account' }],
  })
}
