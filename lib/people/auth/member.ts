import type { Actor, Identity, RequestContext } from '../../access/actor.ts'
import type { Role } from '../../access/rules.ts'
import { onPrimary } from '../../db/read.ts'

/** A request to sign in, or of somebody who is signed in, as this room sees it. */
export interface AuthRequest {
  readonly context: RequestContext
  readonly userAgent: string | undefined
  /** The Cookie header. */
  readonly cookies: string | undefined
}

/** A person in the workspace that they sign in to. */
export interface Member {
  readonly personId: string
  readonly email: string
  readonly emailVerified: boolean
  readonly name: string
  readonly workspaceId: string
  readonly actorId: string
  readonly role: Role
  /** Ids of the categories in which it may write; null: in all. */
  readonly categories: readonly string[] | null
  /** Whether an authenticator app is asked for after the password. */
  readonly hasTotp: boolean
  /** Hash of the password; null: there is none. */
  readonly password: string | null
}

/** Columns of a member; `p` is the person, `m` the membership. */
export const MEMBER = `p.id AS "personId", p.email, p.email_verified AS "emailVerified", p.name,
  m.workspace_id AS "workspaceId", m.actor_id AS "actorId", m.role,
  CASE WHEN m.all_categories THEN NULL ELSE m.category_ids END AS categories, p.two_factor_enabled AS "hasTotp",
  (SELECT l.password FROM person_login l WHERE l.person_id = p.id AND l.provider_id = 'credential') AS password`

/** Nobody else signs in. */
export const IS_ACTIVE = `p.deactivated_at IS NULL AND p.erased_at IS NULL AND m.deactivated_at IS NULL`

/** A person and the membership that they sign in to: the first, where there are several. */
export const FROM_MEMBER = `FROM person p JOIN member m ON m.person_id = p.id
  AND m.workspace_id = (SELECT f.workspace_id FROM member f WHERE f.person_id = p.id
    ORDER BY f.created_at, f.workspace_id LIMIT 1)`

/** The active member behind an e-mail address. */
export function findByEmail(email: string): Promise<Member | undefined> {
  return findMember('p.email = $1', email)
}

/** The active member that is this person. */
export function findByPerson(personId: string): Promise<Member | undefined> {
  return findMember('p.id = $1', personId)
}

/** The active member that has an account at a provider. */
export function findByLogin(provider: string, account: string): Promise<Member | undefined> {
  return findMember(
    `p.id = (SELECT l.person_id FROM person_login l WHERE l.provider_id = $1 AND l.account_id = $2)`,
    provider,
    account,
  )
}

async function findMember(where: string, ...values: string[]): Promise<Member | undefined> {
  const text = `SELECT ${MEMBER} ${FROM_MEMBER} WHERE ${where} AND ${IS_ACTIVE}`
  const { rows } = await onPrimary(({ pool }) => pool.query<Member>(text, values))
  return rows[0]
}

/** An e-mail address as it is kept and compared. */
export function plainEmail(typed: string): string {
  return typed.trim().normalize('NFC').toLowerCase()
}

/** A member as the actor of a change to its own access: it needs no right for that. */
export function actorOfMember(
  { actorId, workspaceId, role }: Pick<Member, 'actorId' | 'workspaceId' | 'role'>,
  request: RequestContext,
  credential: Identity['credential'] = { kind: 'none' },
): Actor {
  const rights = { role, scopes: new Set<never>(), label: null, categories: null }
  return { id: actorId, kind: 'person', workspaceId, ...rights, credential, request }
}

/** The target of an audit row about a member's access: who is told drops what is cached of them. */
export function targetOf({ actorId, name }: Pick<Member, 'actorId' | 'name'>) {
  return { kind: 'actor', id: actorId, name }
}
