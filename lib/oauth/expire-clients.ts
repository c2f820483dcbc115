import { getRuntime } from '../runtime.ts'

const ROWS_AT_ONCE = 5000
const ROUNDS = 20

/** Tokens that have ended. A used one is kept for a day, in which it tells that it was stolen if it comes again. */
const TOKENS = `DELETE FROM oauth_token WHERE (workspace_id, hash) IN (SELECT workspace_id, hash FROM oauth_token
  WHERE (used_at IS NULL AND expires_at < now() - interval '1 hour') OR used_at < now() - interval '1 day' LIMIT $1)`

/** Grants that nobody used for as long as one lives, or for whose code nobody came. */
const GRANTS = `DELETE FROM oauth_grant WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM oauth_grant
  WHERE expires_at < now()
    OR (person_actor_id IS NOT NULL AND last_used_at IS NULL AND created_at < now() - interval '1 hour') LIMIT $1)`

/** Clients that registered themselves and were allowed nothing for a day, or have nothing any more. */
const REGISTRATIONS = `DELETE FROM oauth_registration WHERE id IN (SELECT r.id FROM oauth_registration r
  WHERE r.created_at < now() - interval '1 day' AND (r.used_at IS NULL
    OR (r.used_at < now() - make_interval(days => $2)
      AND NOT EXISTS (SELECT FROM oauth_grant g WHERE g.client_id = r.id::text))) LIMIT $1)`

/**
 * Deletes what is over of OAuth, in every workspace, some of it in one round.
 * @returns whether there may be more
 */
export async function expireClients(): Promise<boolean> {
  const { database, config } = getRuntime()
  for (let round = 0; round < ROUNDS; round++) {
    const counts = [
      await database.primary.pool.query(TOKENS, [ROWS_AT_ONCE]),
      await database.primary.pool.query(GRANTS, [ROWS_AT_ONCE]),
      await database.primary.pool.query(REGISTRATIONS, [ROWS_AT_ONCE, config.security.oauth_refresh_days]),
    ]
    if (counts.every(({ rowCount }) => (rowCount ?? 0) < ROWS_AT_ONCE)) return false
  }
  return true
}
