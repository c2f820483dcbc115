import type pg from 'pg'

/** What a server tells of itself. */
export interface ServerFacts {
  version: string
  /** Such as 180004. */
  version_number: number
  encoding: string
  /** Of the database, in bytes. */
  size: number
  /** Connections of the whole server. */
  used: number
  max_connections: number
  /** Kept for superusers and the like. */
  reserved: number
  /** Limits of the role and of the database; -1: none. */
  role_limit: number
  database_limit: number
  /** Its clock, in milliseconds since 1970. */
  now: number
  is_standby: boolean
}

const FACTS = `SELECT current_setting('server_version') AS version,
    current_setting('server_version_num')::integer AS version_number,
    pg_encoding_to_char(d.encoding) AS encoding,
    pg_database_size(d.oid)::float8 AS size,
    (SELECT sum(numbackends)::integer FROM pg_stat_database) AS used,
    current_setting('max_connections')::integer AS max_connections,
    current_setting('superuser_reserved_connections')::integer
      + coalesce(nullif(current_setting('reserved_connections', true), '')::integer, 0) AS reserved,
    (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role_limit,
    d.datconnlimit AS database_limit,
    (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
    pg_is_in_recovery() AS is_standby
  FROM pg_database d WHERE d.datname = current_database()`

/** Asks a server about itself; any role may. */
export async function readServerFacts(connection: Pick<pg.Pool, 'query'>): Promise<ServerFacts> {
  const { rows } = await connection.query<ServerFacts>(FACTS)
  const [facts] = rows
  if (facts === undefined) throw new Error('The server tells nothing of itself.')
  return facts
}

/** Connections that are there for roles like ours. */
export function connectionLimit(facts: ServerFacts): number {
  const limits = [facts.max_connections - facts.reserved, facts.role_limit, facts.database_limit]
  return Math.min(...limits.filter((limit) => limit >= 0))
}
