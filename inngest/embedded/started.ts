import type { FunctionConfiguration } from './configuration.ts'
import type { Sql } from './database.ts'
import type { StoredEvent } from './event.ts'

/** An event or an idempotency key starts a function once in so long, as on a server. */
const ONCE = '24 hours'

/** A run that may be about to begin. */
export interface Candidate {
  configuration: FunctionConfiguration
  event: StoredEvent
  /** Each of them must be new. */
  keys: string[]
}

/** Leaves out what has been started before, by the event's id or by the function's own key. */
export async function onlyNew(
  candidates: readonly Candidate[],
  sql: Sql,
  schema: string,
): Promise<Candidate[]> {
  const wanted = new Map<string, { function_id: string; key: string }>()
  for (const { configuration, keys } of candidates)
    for (const key of keys) wanted.set(`${configuration.id} ${key}`, { function_id: configuration.id, key })
  if (wanted.size === 0) return [...candidates]
  // In a fixed order, so that two senders of the same events wait for each other instead of for ever.
  const sorted = [...wanted.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const { rows } = await sql.query<{ function_id: string; key: string }>(
    `INSERT INTO ${schema}.started AS s (function_id, key, expires_at)
     SELECT function_id, key, now() + interval '${ONCE}'
     FROM json_to_recordset($1) AS r (function_id text, key text)
     ON CONFLICT (function_id, key) DO UPDATE SET expires_at = excluded.expires_at WHERE s.expires_at < now()
     RETURNING function_id, key`,
    [JSON.stringify(sorted)],
  )
  const fresh = new Set(rows.map(({ function_id, key }) => `${function_id} ${key}`))
  return candidates.filter(({ configuration, keys }) => {
    const names = keys.map((key) => `${configuration.id} ${key}`)
    const isNew = names.every((name) => fresh.has(name))
    // The next event of this very call with the same key is not new any more.
    for (const name of names) fresh.delete(name)
    return isNew
  })
}
