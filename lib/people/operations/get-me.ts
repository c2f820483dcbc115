import type pg from 'pg'
import { type Actor } from '../../access/actor.ts'
import { may } from '../../access/rights.ts'
import { SCOPES } from '../../access/rules.ts'
import { accessState } from '../../access/state.ts'
import { actorJson } from '../../db/columns.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { personOf } from '../members/own-person.ts'
import { assertKnown } from '../policy.ts'
import type { Me } from '../schema.ts'

const SELF = `SELECT ${actorJson('a')} AS actor,
    json_build_object('id', w.id, 'slug', w.slug) AS workspace,
    (SELECT coalesce(json_agg(c.slug ORDER BY c.position, c.slug), '[]') FROM category c
      WHERE c.workspace_id = w.id AND c.id = ANY ($3)) AS categories
  FROM actor a JOIN workspace w ON w.id = a.workspace_id WHERE a.workspace_id = $1 AND a.id = $2`

const PERSON = `SELECT p.id, p.email, p.email_verified, p.name, p.two_factor_enabled AS second_factor, 
    (SELECT count(*)::integer FROM person_passkey k WHERE k.person_id = p.id) AS passkeys,
    EXISTS (SELECT FROM person_login l WHERE l.person_id = p.id AND l.password IS NOT NULL) AS has_password
  FROM person p WHERE p.id = $1`

type Self = Pick<Me, 'actor' | 'workspace'> & { categories: string[] }

/**
 * Who asks, and what it may do now.
 * @throws forbidden, unavailable
 */
export const getMe = operation('getMe', run)

async function run(actor: Actor): Promise<Me> {
  assertKnown(actor)
  const { workspaceId, id, categories, credential, role, label } = actor
  const [state, { self, person }] = await Promise.all([
    accessState(),
    onPrimary(({ pool }) => read(pool, actor)),
  ])
  return {
    actor: self?.actor ?? { id, kind: actor.kind, display: '' },
    person,
    role,
    scopes: SCOPES.filter((scope) => may(actor, scope)),
    label,
    categories: categories === null ? null : (self?.categories ?? []),
    state,
    fresh_until: credential.kind === 'session' ? new Date(credential.freshUntil).toISOString() : null,
    must: actor.must === undefined ? [] : [actor.must],
    workspace: self?.workspace ?? { id: workspaceId, slug: '' },
  }
}

async function read(pool: pg.Pool, actor: Actor) {
  const { workspaceId, id, categories } = actor
  const own = await pool.query<Self>(SELF, [workspaceId, id, categories && [...categories]])
  const personId = await personOf(pool, actor)
  const people = await pool.query<NonNullable<Me['person']>>(PERSON, [personId ?? null])
  return { self: own.rows[0], person: people.rows[0] ?? null }
}
