import type pg from 'pg'
import { APPEND_ONLY, OUR_OWNER, rightsLacking, rightsTooWide } from './held-rights.ts'

export { APPEND_ONLY } from './held-rights.ts'

interface MigrationRights {
  role: string
  database: string
  schema: string | null
  creates_in_schema: boolean
  creates_in_database: boolean
  has_extension: boolean
  /** Whether who owns the database may make tables in the schema by that. */
  is_of_database: boolean
  /** The owner of existing tables, when it is another role. */
  owner: string | null
}

const MIGRATION_RIGHTS = `SELECT current_user AS role, current_database() AS database, current_schema() AS schema,
  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates_in_schema,
  has_database_privilege(current_database(), 'CREATE') AS creates_in_database,
  EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS has_extension,
  coalesce((SELECT pg_get_userbyid(nspowner) = 'pg_database_owner' FROM pg_namespace
    WHERE nspname = current_schema()), false) AS is_of_database,
  (SELECT tableowner FROM pg_tables WHERE schemaname = current_schema() AND tablename = '_prisma_migrations'
    AND NOT pg_has_role(current_user, tableowner, 'USAGE')) AS owner`

/**
 * Looks before anything is done whether a role may migrate.
 * @throws Error that names what it lacks and the statements that give it
 */
export async function assertMayMigrate(client: pg.Client): Promise<void> {
  const { rows } = await client.query<MigrationRights>(MIGRATION_RIGHTS)
  const [rights] = rows
  if (rights === undefined) return
  const { role, database, schema, owner } = rights
  const [to, on] = [client.escapeIdentifier(role), client.escapeIdentifier(database)]
  const lacking: string[] = []
  if (owner !== null)
    lacking.push(
      `the tables belong to the role "${owner}": set database.migrate_url to an address of that role, ` +
        `or GRANT ${client.escapeIdentifier(owner)} TO ${to};`,
    )
  if (!rights.creates_in_schema)
    lacking.push(
      `it may make no tables: GRANT CREATE, USAGE ON SCHEMA ${client.escapeIdentifier(schema ?? 'public')} TO ${to};`,
    )
  if (!rights.creates_in_database && !rights.has_extension)
    lacking.push(`it may not add the extension pg_trgm: GRANT CREATE ON DATABASE ${on} TO ${to};`)
  if (lacking.length === 0) return
  // Objects of other owners stay theirs, whatever role owns the database.
  const all = rights.is_of_database && owner === null
  throw new Error(
    `The role "${role}" cannot migrate the database "${database}": ${lacking.join(' ')} ` +
      `${all ? `Making it the owner does all of it: ALTER DATABASE ${on} OWNER TO ${to}; ` : ''}(docs/databases.md, "Rights")`,
  )
}

/** The owner of the tables, when it is another role that this one may act as. */
const OTHER_OWNER = `SELECT rolname AS role FROM pg_roles
  WHERE oid = ${OUR_OWNER} AND rolname <> current_user
    AND CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN pg_has_role(current_user, oid, 'SET')
      ELSE pg_has_role(current_user, oid, 'MEMBER') END`

/**
 * Lets a connection act as the owner of the tables where its role may, as a member of the owner or a superuser
 * does: what it makes belongs to the same owner then, and what it grants is granted of all of it.
 */
export async function actAsOwner(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string }>(OTHER_OWNER)
  const [owner] = rows
  if (owner !== undefined) await client.query(`SET ROLE ${client.escapeIdentifier(owner.role)}`)
}

/**
 * Gives a role what the app needs to run and takes what is more than that, whoever gave it: rows, no tables.
 * Nothing is said to PostgreSQL where the role has just that, so that starting instances do not write to its
 * catalogue.
 */
export async function grantRights(client: pg.Client, role: string): Promise<void> {
  await actAsOwner(client)
  const { rows } = await client.query<{ same: boolean; schema: string }>(
    'SELECT current_user = $1 AS same, current_schema() AS schema',
    [role],
  )
  const [here] = rows
  if (here === undefined || here.same || (await hasJustItsRights(client, role))) return
  const to = client.escapeIdentifier(role)
  const schema = client.escapeIdentifier(here.schema)
  const { rows: owned } = await client.query<{ statement: string }>(GRANTS, [role, APPEND_ONLY])
  await client.query(`BEGIN;
    GRANT USAGE ON SCHEMA ${schema} TO ${to};
    ${owned.map(({ statement }) => `${statement};`).join('\n')}
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} REVOKE ALL ON TABLES FROM ${to};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT ON TABLES TO ${to};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${to};
    COMMIT`)
}

/** Only what is ours is granted. A table of a later migration may be append-only: it is granted by that. */
const GRANTS = `
  SELECT format('REVOKE ALL ON %1$s FROM %2$I; GRANT %3$s ON %1$s TO %2$I', oid::regclass, $1::text,
      CASE WHEN relname = '_prisma_migrations' THEN 'SELECT' WHEN relname = ANY ($2) THEN 'SELECT, INSERT'
        ELSE 'SELECT, INSERT, UPDATE, DELETE' END) AS statement FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
      AND relowner IN (current_user::regrole, ${OUR_OWNER}) AND pg_has_role(current_user, relowner, 'USAGE')
  UNION ALL
  SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', oid::regprocedure, $1::text) FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prosecdef
      AND proowner IN (current_user::regrole, ${OUR_OWNER}) AND pg_has_role(current_user, proowner, 'USAGE')`

async function hasJustItsRights(client: pg.Client, role: string): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `SELECT has_schema_privilege($1, current_schema(), 'USAGE') AS may`,
    [role],
  )
  if (rows[0]?.may !== true) return false
  return (await rightsLacking(client, role)).length === 0 && (await rightsTooWide(client, role)).length === 0
}

/**
 * Looks whether the role that serves has its rights.
 * @returns whether it also owns the tables, so that it could do away with what guards them
 * @throws Error that names the tables and the statements that give the rights
 */
export async function checkRuntimeRights(client: pg.Client): Promise<{ role: string; isOwner: boolean }> {
  const { rows } = await client.query<{ role: string; schema: string | null; is_owner: boolean }>(
    `SELECT current_user AS role, current_schema() AS schema, coalesce((SELECT pg_has_role(current_user, tableowner, 'USAGE')
       FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'audit_event'), false) AS is_owner`,
  )
  const { role = '', schema = null, is_owner = false } = rows[0] ?? {}
  const lacking = await rightsLacking(client, role)
  if (schema !== null && lacking.length === 0) return { role, isOwner: is_owner }
  throw new Error(
    `The role "${role}" may not use what Incipit needs (${lacking.slice(0, 5).join(', ') || 'no table is visible'}). ` +
      "Set database.migrate_url to the address of the tables' owner: then the start gives the rights. " +
      'docs/databases.md ("Rights") tells how to give them by hand.',
  )
}
