import type pg from 'pg'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { readReplica } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { pageSize } from '../../page-size.ts'
import { CursorTime } from '../../time.ts'
import { assertMayReadAudit } from '../policy.ts'
import type { AuditEvent, AuditPage, AuditQuery } from '../schema.ts'

const Key = z.tuple([CursorTime, z.uuid()])

/**
 * The audit log, newest first. `target` is the id of a prompt, category or AI configuration, or
 * its name: also an alias, or the name of what is gone; a renamed prompt is found with all its history.
 * @throws invalid_input (cursor, limit, `from` not before `to`), forbidden, unavailable
 */
export async function listAudit(actor: Actor, input: AuditQuery): Promise<AuditPage> {
  assertMayReadAudit(actor)
  const limit = pageSize(input.limit)
  const { actor: by, action, target, from, to } = input
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) throw emptySpan()
  const scope = { list: 'audit', filters: { by, action, target, from, to } }
  const after = decodeCursor(scope, Key, input.cursor)
  return readReplica(actor, async (pool) => {
    const targets = target === undefined ? undefined : await findTargets(pool, actor.workspaceId, target)
    if (targets?.length === 0) return { items: [], next_cursor: null }
    const filter = { workspaceId: actor.workspaceId, by, action, targets, from, to, after, limit }
    const { rows } = await pool.query<AuditEvent>(statement(filter))
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return {
      items: rows.slice(0, limit),
      next_cursor: last === undefined ? null : encodeCursor(scope, [last.occurred_at, last.id]),
    }
  })
}

function emptySpan() {
  return appError('invalid_input', '`from` must be before `to`.', {
    details: [{ path: ['from'], code: 'invalid_range', message: 'is not before `to`' }],
  })
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

interface Filter {
  workspaceId: string
  by: string | undefined
  action: string | undefined
  targets: string[] | undefined
  from: string | undefined
  to: string | undefined
  after: [string, string] | undefined
  limit: number
}

const time = `to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** People and those who are invited have the name of today: it may have been erased. */
const NAME = `CASE WHEN e.target_name <> '' THEN e.target_name
    WHEN e.target_kind = 'actor' THEN (SELECT t.display FROM actor t
      WHERE t.workspace_id = e.workspace_id AND t.id = e.target_id)
    WHEN e.target_kind = 'invitation' THEN (SELECT t.email FROM invitation t
      WHERE t.workspace_id = e.workspace_id AND t.id = e.target_id) END`

/** Holds only the conditions that are asked for, so that PostgreSQL takes the index that serves them. */
function statement(filter: Filter): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const where = [`e.workspace_id = ${bind(filter.workspaceId, 'uuid')}`]
  const { by, action, targets, from, to, after } = filter
  if (by !== undefined) where.push(`e.actor_id = ${bind(by, 'uuid')}`)
  if (action !== undefined) where.push(`e.action = ${bind(action, 'text')}`)
  if (targets?.length === 1) where.push(`e.target_id = ${bind(targets[0], 'uuid')}`)
  else if (targets !== undefined) where.push(`e.target_id = ANY (${bind(targets, 'uuid[]')})`)
  if (from !== undefined) where.push(`e.occurred_at >= ${bind(new Date(from), 'timestamptz')}`)
  if (to !== undefined) where.push(`e.occurred_at < ${bind(new Date(to), 'timestamptz')}`)
  if (after !== undefined)
    where.push(`(e.occurred_at, e.id) < (${bind(after[0], 'timestamptz')}, ${bind(after[1], 'uuid')})`)
  const text = `SELECT e.id, e.revision::float8 AS revision, ${time} AS occurred_at,
      json_build_object('id', a.id, 'kind', a.kind, 'display', a.display) AS actor, e.action,
      json_build_object('kind', e.target_kind, 'id', e.target_id, 'name', coalesce(${NAME}, '')) AS target,
      e.before, e.after, e.request_id
    FROM audit_event e JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.actor_id
    WHERE ${where.join(' AND ')} ORDER BY e.occurred_at DESC, e.id DESC LIMIT ${bind(filter.limit + 1, 'integer')}`
  return { text, values }
}
