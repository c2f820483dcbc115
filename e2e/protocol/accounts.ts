import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { ensureWorkspace } from '#lib/access/identify.ts'
import type { ConfigFile } from '#lib/config/schema.ts'
import { newId } from '#lib/id.ts'
import { type RunningApp, startApp, startedDatabase } from '../start-app.ts'

/** An app with accounts, and rows of people that nobody had to sign up. */
export interface AppWithAccounts {
  readonly app: RunningApp
  readonly pool: pg.Pool
  /** The Cookie header of a new session of a new member. */
  signedIn(role: string, session?: { expired?: boolean }): Promise<{ cookie: string; actorId: string }>
  stop(): Promise<void>
}

/** Starts the production build on a database of its own that has an owner. */
export async function startWithAccounts(config: ConfigFile = {}): Promise<AppWithAccounts> {
  const database = await startedDatabase()
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  const ended: Promise<unknown>[] = []
  pool.on('connect', (client) => {
    ended.push(new Promise((resolve) => void client.once('end', resolve)))
    // One that has said goodbye may still be cut off.
    client.on('error', () => undefined)
  })
  const { workspaceId, systemId } = await ensureWorkspace(pool)
  await pool.query('UPDATE access_state SET first_owner_at = now()')
  const app = await startApp({ database: database.url, config })
  return {
    app,
    pool,
    async signedIn(role, { expired = false } = {}) {
      const actorId = await addMember(pool, { workspaceId, createdBy: systemId, role })
      const token = randomBytes(32).toString('base64url')
      await pool.query(
        `INSERT INTO person_session (id, person_id, token, expires_at)
         SELECT $1, person_id, $2, now() + $3::interval FROM member WHERE workspace_id = $4 AND actor_id = $5`,
        [newId(), hashOf(token), expired ? '-1 minute' : '1 day', workspaceId, actorId],
      )
      const name = config.server?.url?.startsWith('https:') ? '__Host-incipit' : `incipit-${app.port}`
      return { cookie: `${name}=${token}`, actorId }
    },
    async stop() {
      try {
        await app.stop()
      } finally {
        // The pool says that it has ended before its connections have.
        await pool.end()
        await Promise.all(ended)
        await database.drop()
      }
    },
  }
}

async function addMember(
  pool: pg.Pool,
  { workspaceId, createdBy, role }: { workspaceId: string; createdBy: string; role: string },
): Promise<string> {
  const [personId, actorId] = [newId(), newId()]
  const email = `${role}-${actorId}@example.org`
  await pool.query(`INSERT INTO person (id, email, name) VALUES ($1, $2, $3)`, [personId, email, role])
  await pool.query(`INSERT INTO actor (id, workspace_id, kind, display) VALUES ($1, $2, 'person', $3)`, [
    actorId,
    workspaceId,
    role,
  ])
  await pool.query(
    'INSERT INTO member (workspace_id, actor_id, person_id, role, created_by) VALUES ($1, $2, $3, $4, $5)',
    [workspaceId, actorId, personId, role, createdBy],
  )
  return actorId
}

/** What the database keeps of a session's token. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
