import type pg from 'pg'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import type { Reading } from '../access/list-download.ts'
import { decodeCursor, encodeCursor, Position } from '../cursor.ts'
import { actorJson, isoTime } from '../db/columns.ts'
import { readReplica } from '../db/read.ts'
import { ERASED_NAME } from '../people/rules.ts'
import { assertSpan } from '../time.ts'
import type { AuditEvent, AuditQuery } from './schema.ts'

/**
 * Prepares a question to the audit log of the actor's workspace. `target` is an id, or a name: also an alias, or that
 * of what is gone; a renamed prompt is found with all its history.
 * @throws invalid_input (cursor, `from` not before `to`)
 */
export function auditReading(
  actor: Actor,
  { limit: _limit, format: _format, cursor, ...query }: AuditQuery,
): Reading<AuditEvent, Position> {
  const { target } = query
  assertSpan(query)
  const scope = { list: 'audit', filters: query }
  const { workspaceId } = actor
  return {
    after: decodeCursor(scope, Position, cursor),
    cursorOf: (position) => encodeCursor(scope, position),
    read: (after, limit) =>
      readReplica(actor, async (pool) => {
        const targets = target === undefined ? undefined : await findTargets(pool, workspaceId, target)
        if (targets?.length === 0) return { items: [], next: undefined }
        const { rows } = await pool.query<AuditEvent>(
          statement({ ...query, workspaceId, targets, after, limit }),
        )
        const last = rows.length > limit ? rows[limit - 1] : undefined
        return { items: rows.slice(0, limit), next: last && [last.occurred_at, last.id] }
      }),
  }
}

const NAMED = `SELECT prompt_id AS id FROM prompt_name WHERE workspace_id = $1 AND name = $2
  UNION SELECT id FROM category WHERE workspace_id = $1 AND slug = $2
  UNION SELECT id FROM ai_configuration WHERE workspace_id = $1 AND name = $2
  UNION SELECT id FROM actor WHERE workspace_id = $1 AND display = $2
  UNION SELECT id FROM invitation WHERE workspace_id = $1 AND email = $2
  UNION SELECT target_id FROM audit_event
    WHERE workspace_id = $1 AND target_name = $2 AND action = 'category.delete'
  UNION SELECT target_id FROM audit_event
    WHERE workspace_id = $1 AND target_name = $2 AND action = 'configuration.delete'`

async function findTargets(pool: pg.Pool, workspaceId: string, target: string): Promise<string[]> {
  if (z.uuid().safeParse(target).success) return [target]
  const { rows } = await pool.query<{ id: string }>({
    name: 'audit.named',
    text: NAMED,
    values: [workspaceId, target],
  })
  return rows.map((row) => row.id)
}

interface Filter extends Omit<AuditQuery, 'limit' | 'cursor' | 'format' | 'target'> {
  workspaceId: string
  targets: string[] | undefined
  after: Position | undefined
  limit: number
}

const time = isoTime('e.occurred_at')

/** Of an invitation whose row is gone, and its e-mail with it. */
const FORGOTTEN_EMAIL = 'Forgotten e-mail'

/** The address of an invitation as long as it is known: that of an erased person has no `@`. */
const INVITED = `CASE WHEN i.id IS NULL THEN '${FORGOTTEN_EMAIL}' WHEN strpos(i.email, '@') > 0 THEN i.email
  ELSE '${ERASED_NAME}' END`

/** The names of people and of those who are invited are read anew, for an erased one is gone. */
const COLUMNS = `e.id, e.revision::float8 AS revision, ${time} AS occurred_at, ${actorJson('a')} AS actor,
  CASE WHEN e.on_behalf_of IS NOT NULL THEN ${actorJson('b')} END AS on_behalf_of, e.key_id AS key,
  e.client_id AS client, e.address, e.surface, e.action,
  json_build_object('kind', e.target_kind, 'id', e.target_id, 'name',
    CASE WHEN e.target_kind = 'invitation' THEN ${INVITED} ELSE coalesce(t.display, e.target_name) END) AS target,
  e.before, e.after, e.request_id`
const ACTORS = `JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.actor_id
  LEFT JOIN actor b ON b.workspace_id = e.workspace_id AND b.id = e.on_behalf_of
  LEFT JOIN actor t ON t.workspace_id = e.workspace_id AND e.target_kind = 'actor' AND t.id = e.target_id
  LEFT JOIN invitation i ON i.workspace_id = e.workspace_id AND e.target_kind = 'invitation' AND i.id = e.target_id`

const NEWEST_FIRST = 'ORDER BY e.occurred_at DESC, e.id DESC'

/** Holds only the conditions that are asked for, so that PostgreSQL takes the index that serves them. */
function statement(filter: Filter): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const where = [`e.workspace_id = ${bind(filter.workspaceId, 'uuid')}`]
  const equal = (expression: string, value: string | undefined, type: string) => {
    if (value !== undefined) where.push(`${expression} = ${bind(value, type)}`)
  }
  const { action, targets, from, to, after } = filter
  equal('e.actor_id', filter.actor, 'uuid')
  equal('e.on_behalf_of', filter.on_behalf_of, 'uuid')
  equal('e.key_id', filter.key, 'uuid')
  equal('e.client_id', filter.client, 'text')
  equal('e.target_kind', filter.kind, 'text')
  equal('e.address', filter.address, 'text')
  if (action?.endsWith('.')) equal(`split_part(e.action, '.', 1)`, action.slice(0, -1), 'text')
  else equal('e.action', action, 'text')
  if (targets?.length === 1) equal('e.target_id', targets[0], 'uuid')
  else if (targets !== undefined) where.push(`e.target_id = ANY (${bind(targets, 'uuid[]')})`)
  if (from !== undefined) where.push(`e.occurred_at >= ${bind(new Date(from), 'timestamptz')}`)
  if (to !== undefined) where.push(`e.occurred_at < ${bind(new Date(to), 'timestamptz')}`)
  if (after !== undefined)
    where.push(`(e.occurred_at, e.id) < (${bind(after[0], 'timestamptz')}, ${bind(after[1], 'uuid')})`)
  // Events are chosen before names are looked up: without statistics PostgreSQL would join all of them.
  const text = `SELECT ${COLUMNS} FROM (
      SELECT * FROM audit_event e WHERE ${where.join(' AND ')} ${NEWEST_FIRST} LIMIT ${bind(filter.limit + 1, 'integer')}
    ) e ${ACTORS} ${NEWEST_FIRST}`
  return { text, values }
}
