import { placeOf } from '#lib/db/connect.ts'
import { reasonOf } from '#lib/db/database-error.ts'
import { rightsLacking, rightsTooWide } from '#lib/db/held-rights.ts'
import { connectionsOf } from '#lib/health/instances.ts'
import { connectionLimit } from '#lib/health/read-database.ts'
import { printBytes } from '#lib/text.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { newClient, type Subject } from './subject.ts'
import { length } from './words.ts'

const DATABASES = 'docs/databases.md'
const RIGHTS = 'docs/databases.md, "Rights"'
const OLDEST_VERSION = 150_000
/** Clocks of machines that are kept right differ by less. */
const CLOCK_MS = 2_000
/** From this on sessions, links and limits end at the wrong time. */
const WRONG_CLOCK_MS = 30_000
const NEAR_LIMIT = 0.8
const NAMED = 5

/** Which server it is, and whether it can be used. */
export function checkVersion({ facts, config }: Subject): Finding[] {
  const check = 'database'
  const found: Finding[] = []
  if (facts.version_number < OLDEST_VERSION)
    found.push(
      problem(check, `The server is PostgreSQL ${facts.version}; Incipit needs 15.`, {
        remedy: 'Restore a backup into a newer server.',
        document: DATABASES,
      }),
    )
  if (facts.encoding !== 'UTF8')
    found.push(
      problem(check, `The database has the encoding ${facts.encoding}.`, {
        remedy: "Make a database with ENCODING 'UTF8' and restore a backup into it.",
        document: DATABASES,
      }),
    )
  if (facts.is_standby)
    found.push(
      problem(check, 'The database is a standby: nothing can be saved.', {
        remedy: 'Set DATABASE_URL to the primary; a standby belongs into database.replicas.',
        document: DATABASES,
      }),
    )
  if (found.length > 0) return found
  const kind = config.embedded ? 'the embedded PostgreSQL' : 'PostgreSQL'
  return [ok(check, `It answers: ${kind} ${facts.version}, ${printBytes(facts.size)}.`)]
}

/** Whether the pools of all instances fit into the server. */
export function checkConnections({ config, facts, instances }: Subject): Finding[] {
  const check = 'connections'
  const limit = connectionLimit(facts)
  const own = connectionsOf(config)
  const count = Math.max(1, instances.length)
  // Others may have other settings than those that this command reads.
  const most = instances.length === 0 ? own : instances.reduce((sum, each) => sum + each.connections, 0)
  const seen = `${count} ${count === 1 ? 'instance opens' : 'instances open'} at most ${most} connections; the server has ${limit} for them, and ${facts.used} are used.`
  const document = 'docs/databases.md, "Connections"'
  if (most > limit || own > limit)
    return [
      problem(check, own > most ? `${seen} With these settings an instance opens ${own}.` : seen, {
        remedy: `Lower database.pool_size and database.max_overflow to ${Math.max(1, Math.floor(limit / count) - 5)} together, or raise max_connections of the server.`,
        document,
      }),
    ]
  if (facts.used > NEAR_LIMIT * limit)
    return [
      warning(check, seen, {
        remedy: 'Find who else uses the server (pg_stat_activity), or raise max_connections.',
        document,
      }),
    ]
  return [ok(check, seen)]
}

/** The clocks of this machine and of the instances against that of the database. */
export function checkClock({ facts, readAt, instances }: Subject): Finding[] {
  const clocks = [
    { who: 'this machine', ms: readAt - facts.now },
    ...instances.map(({ host, pid, clock_ms }) => ({ who: `the instance ${pid} on ${host}`, ms: clock_ms })),
  ]
  const wrong = clocks.filter(({ ms }) => Math.abs(ms) > CLOCK_MS)
  if (wrong.length === 0) return [ok('clock', 'The clocks agree with that of the database.')]
  return wrong.map(({ who, ms }) =>
    (Math.abs(ms) > WRONG_CLOCK_MS ? problem : warning)(
      'clock',
      `The clock of ${who} is ${length(ms)} ${ms > 0 ? 'ahead of' : 'behind'} that of the database.`,
      {
        remedy: 'Have both machines set their clocks by NTP.',
        document: 'docs/operating.md, "Look for trouble"',
      },
    ),
  )
}

/** Each replica: whether it answers, is one, and how far behind it is. */
export async function checkReplicas({ config }: Subject): Promise<Finding[]> {
  const document = 'docs/databases.md, "Replicas"'
  return Promise.all(
    config.database.replicas.map(async (url): Promise<Finding> => {
      const place = placeOf(url)
      const client = newClient(url)
      try {
        await client.connect()
        const { rows } = await client.query<{ lag: number; standby: boolean }>(LAG)
        const { lag = 0, standby = false } = rows[0] ?? {}
        if (lag > config.database.replica_lag_ms)
          return warning('replica', `${place} is ${length(lag)} behind, so that it rests.`, {
            remedy: 'See what holds its replay up: a long query there, its disk, or the network.',
            document,
          })
        const seen = standby ? `${place} answers and is ${Math.round(lag)} ms behind.` : `${place} answers.`
        return ok('replica', seen)
      } catch (error) {
        return problem('replica', `${place} cannot be reached: ${reasonOf(error)}`, {
          remedy:
            'Start it, or take it out of database.replicas; the primary is asked in its place meanwhile.',
          document,
        })
      } finally {
        await client.end().catch(() => undefined)
      }
    }),
  )
}

/** What it has received is not all replayed: then it is as old as the last commit that is. */
const LAG = `SELECT pg_is_in_recovery() AS standby,
  CASE WHEN pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn()
    THEN greatest(0, extract(epoch FROM now() - pg_last_xact_replay_timestamp()) * 1000)::float8 ELSE 0 END AS lag`

/** Whether this version and the database belong together. */
export function checkMigrations({ migrations }: Subject): Finding[] {
  const check = 'migrations'
  const document = 'docs/upgrading.md'
  const { applied, pending, unknown, edited } = migrations
  const found: Finding[] = []
  if (unknown.length > 0)
    found.push(
      problem(check, `The database has migrations that this version does not know: ${unknown.join(', ')}.`, {
        remedy: 'Start the version that made them, or a newer one.',
        document,
      }),
    )
  if (edited.length > 0)
    found.push(
      problem(check, `These migrations were edited after they were applied: ${edited.join(', ')}.`, {
        remedy: 'Restore their files from version control.',
        document,
      }),
    )
  if (pending.length > 0)
    found.push(
      warning(check, `${pending.length} migrations are not applied yet, the first is ${pending[0]}.`, {
        remedy: 'Take a backup; the next start applies them, or npm run db:migrate.',
        document,
      }),
    )
  return found.length > 0 ? found : [ok(check, `All ${applied.length} are applied.`)]
}

/** What the role that serves may do: all that it needs, and no more. */
export async function checkRights({ client, migrations }: Subject): Promise<Finding[]> {
  const check = 'rights'
  const { rows } = await client.query<{ role: string; is_owner: boolean }>(ROLE)
  const { role = '', is_owner = false } = rows[0] ?? {}
  const lacking = await rightsLacking(client, role)
  if (lacking.length > 0)
    return [
      problem(check, `The role "${role}" may not use ${some(lacking)}.`, {
        remedy:
          'Set database.migrate_url to the owner of the tables and start (or npm run db:migrate): that gives the rights.',
        document: RIGHTS,
      }),
    ]
  if (is_owner)
    return [
      warning(
        check,
        `The role "${role}" serves and owns the tables: it could take away what guards the audit log.`,
        {
          remedy: 'Use two roles: one that owns and migrates, one that serves.',
          document: 'docs/databases.md, "Roles"',
        },
      ),
    ]
  const wide = migrations.pending.length > 0 ? [] : await rightsTooWide(client, role)
  if (wide.length > 0)
    return [
      warning(check, `The role "${role}" may do more than it needs: ${some(wide)}.`, {
        remedy: 'REVOKE these rights from whoever has them: the role, one that it is a member of, or PUBLIC.',
        document: RIGHTS,
      }),
    ]
  return [ok(check, `The role "${role}" has the rights that it needs, and no more.`)]
}

const ROLE = `SELECT current_user AS role, coalesce((SELECT pg_has_role(current_user, tableowner, 'USAGE') FROM pg_tables
  WHERE schemaname = current_schema() AND tablename = 'audit_event'), false) AS is_owner`

function some(names: readonly string[]): string {
  const rest = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
