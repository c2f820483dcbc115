import type pg from 'pg'

/** Append-only tables: a trigger of each refuses UPDATE, DELETE and TRUNCATE as well. */
export const APPEND_ONLY = ['audit_event', 'label_event', 'prompt_version', 'version_include'] as const

/** Tables of which the app changes no row. */
const NEVER_CHANGED = ['_prisma_migrations', ...APPEND_ONLY]

/** Others may have tables in the same schema: ours belong to who made the first of them. */
export const OUR_OWNER = `(SELECT relowner FROM pg_class WHERE oid = to_regclass('_prisma_migrations'))`

/** Tables and functions that a role may not use as the app does. It reaches partitions through their table alone. */
const LACKING = `SELECT c.relname AS name FROM pg_class c
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relowner = ${OUR_OWNER}
    AND NOT (has_table_privilege($1, c.oid, 'SELECT')
      AND (c.relname = '_prisma_migrations' OR has_table_privilege($1, c.oid, 'INSERT'))
      AND (c.relname = ANY ($2) OR has_table_privilege($1, c.oid, 'UPDATE')
        AND has_table_privilege($1, c.oid, 'DELETE')))
  UNION ALL
  SELECT p.proname || '()' FROM pg_proc p
  WHERE p.pronamespace = current_schema()::regnamespace AND p.prosecdef AND p.proowner = ${OUR_OWNER}
    AND NOT has_function_privilege($1, p.oid, 'EXECUTE')
  ORDER BY name`

/** The rights that a role lacks: names of tables, and of functions with `()`. */
export async function rightsLacking(client: pg.Client, role: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(LACKING, [role, NEVER_CHANGED])
  return rows.map(({ name }) => name)
}

/** Rights by which a role could do away with what is kept for good, however it got them; also to tables to come. */
const TOO_WIDE = `SELECT privilege || ' ON ' || c.relname AS name
  FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS each (privilege)
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relowner = ${OUR_OWNER}
    AND CASE privilege WHEN 'INSERT' THEN c.relname = '_prisma_migrations'
      WHEN 'UPDATE' THEN c.relname = ANY ($2) WHEN 'DELETE' THEN c.relname = ANY ($2) ELSE true END
    AND CASE WHEN privilege IN ('INSERT', 'UPDATE') THEN has_any_column_privilege($1, c.oid, privilege)
      ELSE has_table_privilege($1, c.oid, privilege) END
  UNION ALL
  SELECT given.privilege_type || ' ON tables to come' FROM pg_default_acl d, aclexplode(d.defaclacl) AS given
  WHERE d.defaclobjtype = 'r' AND d.defaclrole = ${OUR_OWNER}
    AND d.defaclnamespace = current_schema()::regnamespace AND given.grantee = to_regrole(quote_ident($1))
    AND given.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
  ORDER BY name`

/** Rights that a role has and the app does not need, such as `DELETE ON audit_event`. */
export async function rightsTooWide(client: pg.Client, role: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(TOO_WIDE, [role, NEVER_CHANGED])
  return rows.map(({ name }) => name)
}
