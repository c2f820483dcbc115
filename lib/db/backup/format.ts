import type pg from 'pg'

/**
 * A backup is gzipped JSON lines: a header, the rows table by table, a closing line with their numbers.
 * Without the closing line it is incomplete and is refused.
 */
export interface BackupHeader {
  format: 'incipit-backup'
  version: 1
  created_at: string
  /** Migrations that the database had: a restore applies these, loads, then applies the newer ones. */
  migrations: string[]
  tables: BackupTable[]
  partitions: BackupPartition[]
}

export interface BackupTable {
  name: string
  /** Stored columns; those that the database computes are left out. */
  columns: string[]
}

export interface BackupPartition {
  name: string
  parent: string
  /** As PostgreSQL prints it: FOR VALUES FROM (…) TO (…). */
  bound: string
}

/** A row as PostgreSQL's row_to_json prints it: text, so that nothing is lost in numbers or key order. */
export interface BackupRow {
  table: string
  row: string
}

export interface BackupEnd {
  end: true
  counts: Record<string, number>
}

export type BackupLine = BackupHeader | BackupRow | BackupEnd

/** Our tables and the columns that are stored, in a fixed order; but for what is true of running processes alone. */
export async function readTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable>(`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT IN ('_prisma_migrations', 'instance') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname COLLATE "C"`)
  return rows
}

/** The partitions with a range of their own; a default one comes with its migration. */
export async function readPartitions(client: pg.Client): Promise<BackupPartition[]> {
  const { rows } = await client.query<BackupPartition>(`
    SELECT c.relname AS name, i.inhparent::regclass::text AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relispartition
      AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
    ORDER BY c.relname COLLATE "C"`)
  return rows
}
