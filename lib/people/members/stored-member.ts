import type pg from 'pg'
import type { Actor } from '../../access/actor.ts'
import { RIGHTS_KIND } from '../../access/current-rights.ts'
import type { Role } from '../../access/rules.ts'
import type { AuditEntry } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { isoTime } from '../../db/columns.ts'
import { appError } from '../../errors.ts'
import { etagOf } from '../../etag.ts'
import type { Member } from '../schema.ts'

/** A member as its row and its person's are. */
export interface StoredMember {
  id: string
  person_id: string
  name: string
  email: string
  role: Role
  /** Slugs; null: all categories. */
  categories: string[] | null
  deactivated: boolean
  revision: number
}

const COLUMNS = `m.actor_id AS id, m.person_id, p.name, p.email, m.role, m.revision,
  m.deactivated_at IS NOT NULL AS deactivated,
  CASE WHEN NOT m.all_categories THEN coalesce((
    SELECT json_agg(c.slug ORDER BY c.position, c.slug) FROM category c
    WHERE c.workspace_id = m.workspace_id AND c.id = ANY (m.category_ids)), '[]') END AS categories`

const LOCK = `SELECT ${COLUMNS} FROM member m JOIN person p ON p.id = m.person_id
  WHERE m.workspace_id = $1::uuid AND (m.actor_id = ANY ($2::uuid[]) OR m.role = 'owner')
  ORDER BY m.actor_id FOR NO KEY UPDATE OF m`

/** A member that a change holds, and whether another owner would stay without it. */
export interface LockedMember {
  member: StoredMember
  isLastOwner: boolean
}

/**
 * Locks a member, all owners and the actor itself, in one order: of two changes at once the second one sees what the
 * first has done.
 * @throws not_found, forbidden when the actor has lost its own role meanwhile
 */
export async function lockMember(tx: Tx, actor: Actor, id: string): Promise<LockedMember> {
  const rows = await tx.$queryRawUnsafe<StoredMember[]>(LOCK, actor.workspaceId, [id, actor.id])
  assertStill(actor, rows)
  const member = rows.find((row) => row.id === id)
  if (member === undefined) throw noMember()
  const owners = rows.filter(({ role, deactivated }) => role === 'owner' && !deactivated)
  return { member, isLastOwner: owners.length === 1 && owners[0] === member }
}

function assertStill(actor: Actor, rows: readonly StoredMember[]): void {
  if (actor.credential.kind === 'none') return
  const self = rows.find(({ id }) => id === actor.id)
  if (self?.role === actor.role && !self.deactivated) return
  throw appError('forbidden', 'Your own rights were changed meanwhile.')
}

/** The refusal of what would leave a workspace without an owner. */
export function lastOwner() {
  return appError(
    'conflict',
    'This is the last owner. Make somebody else an owner first: a workspace without one can never be managed again.',
    { extra: { last_owner: true } },
  )
}

export function noMember() {
  return appError('not_found', 'There is no such member.')
}

/** Facts of a member for the audit log. Names and addresses stay out of it: they can be erased, its rows cannot. */
export function auditFacts({ role, categories, deactivated }: StoredMember) {
  return { role, categories, deactivated }
}

/** An audit row about a person: it reaches every instance, which looks the person's rights up anew. */
export function entryOf(
  action: string,
  { id, name }: Pick<StoredMember, 'id' | 'name'>,
  facts: Pick<AuditEntry, 'before' | 'after'> = {},
): AuditEntry {
  return { action, target: { kind: RIGHTS_KIND, id, name }, ...facts }
}

/** Members in the order of their names, as a list shows them. */
const READ = `SELECT ${COLUMNS}, lower(p.name) AS sort,
    p.two_factor_enabled OR EXISTS (SELECT FROM person_passkey k WHERE k.person_id = p.id) AS second_factor,
    ${isoTime('(SELECT max(s.seen_at) FROM person_session s WHERE s.person_id = p.id)')} AS last_seen_at,
    ${isoTime('m.created_at')} AS created_at, ${isoTime('m.deactivated_at')} AS deactivated_at,
    (SELECT json_build_object('id', d.id, 'display', d.display) FROM actor d
      WHERE d.workspace_id = m.workspace_id AND d.id = m.deactivated_by) AS deactivated_by
  FROM member m JOIN person p ON p.id = m.person_id WHERE m.workspace_id = $1::uuid`

type MemberRow = StoredMember & Omit<Member, 'etag'> & { sort: string }

/** A page of members. @param after name in lower case and id of the last one before it */
export async function readMembers(
  pool: pg.Pool,
  workspaceId: string,
  page: { after: [string, string] | undefined; limit: number },
): Promise<{ member: Member; key: [string, string] }[]> {
  const from = page.after === undefined ? '' : `AND (lower(p.name) COLLATE "C", m.actor_id) > ($3, $4::uuid)`
  const { rows } = await pool.query<MemberRow>({
    name: page.after === undefined ? 'members.first' : 'members.next',
    text: `${READ} ${from} ORDER BY lower(p.name) COLLATE "C", m.actor_id LIMIT $2`,
    values: [workspaceId, page.limit, ...(page.after ?? [])],
  })
  return rows.map((row) => ({ member: shown(row), key: [row.sort, row.id] }))
}

/** One member as a list shows it. @throws not_found */
export async function readMember(tx: Tx, workspaceId: string, id: string): Promise<Member> {
  const rows = await tx.$queryRawUnsafe<MemberRow[]>(`${READ} AND m.actor_id = $2::uuid`, workspaceId, id)
  if (rows[0] === undefined) throw noMember()
  return shown(rows[0])
}

function shown(row: MemberRow): Member {
  const { sort: _sort, person_id: _person, revision: _revision, ...member } = row
  return { ...member, etag: etagOf(row) }
}
