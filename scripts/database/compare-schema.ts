import type pg from 'pg'
import type { DescribedColumn, DescribedReference, DescribedTable } from './schema-file.ts'

interface FoundColumn extends DescribedColumn {
  table: string
  isGenerated: boolean
}

interface FoundConstraint {
  table: string
  columns: string[]
  target: string | null
  targetColumns: string[]
}

/**
 * Compares a migrated database with what the Prisma schema says about it. Check constraints, triggers
 * and other indexes live in the migrations alone and are not compared.
 * @returns a sentence for every difference
 */
export async function compareSchema(
  client: pg.Client,
  models: ReadonlyMap<string, DescribedTable>,
): Promise<string[]> {
  const columns = (await client.query<FoundColumn>(COLUMNS)).rows
  const constraints = (await client.query<FoundConstraint>(CONSTRAINTS)).rows
  const described = [...models.values()]
  const names = new Set(described.map((model) => model.table))
  const strangers = new Set(columns.map((column) => column.table).filter((table) => !names.has(table)))
  return [
    ...[...strangers].map((table) => `The table ${table} has no model.`),
    ...described.flatMap((model) => compareColumns(model, columns)),
    ...described.flatMap((model) => compareUniques(model, constraints)),
    ...described.flatMap((model) =>
      model.references
        .filter((reference) => !hasForeignKey(model, reference, models, constraints))
        .map(
          (reference) =>
            `${model.table} (${reference.columns.join(', ')}) has no foreign key to ${reference.model}.`,
        ),
    ),
  ]
}

function compareColumns(model: DescribedTable, all: readonly FoundColumn[]): string[] {
  const found = all.filter((column) => column.table === model.table)
  if (found.length === 0) return [`The model ${model.table} has no table.`]
  const missing = model.columns.flatMap((column) => {
    const place = `${model.table}.${column.name}`
    const match = found.find((other) => other.name === column.name)
    if (!match) return [`The field ${place} has no column.`]
    const differences: string[] = []
    if (match.type !== column.type)
      differences.push(`${place} is ${match.type}, and ${column.type} in the schema.`)
    // A list column and one that the database computes are never null, whatever is declared.
    if (match.isNullable !== column.isNullable && !match.isGenerated)
      differences.push(`${place} is ${match.isNullable ? '' : 'not '}nullable, unlike in the schema.`)
    return differences
  })
  const extra = found
    .filter((column) => !column.isGenerated && !model.columns.some((field) => field.name === column.name))
    .map((column) => `The column ${model.table}.${column.name} has no field.`)
  return [...missing, ...extra]
}

function compareUniques(model: DescribedTable, constraints: readonly FoundConstraint[]): string[] {
  return model.uniques
    .filter(
      (unique) =>
        !constraints.some(
          ({ table, columns, target }) =>
            table === model.table && target === null && sameSet(columns, unique),
        ),
    )
    .map((unique) => `${model.table} (${unique.join(', ')}) is not unique in the database.`)
}

function hasForeignKey(
  model: DescribedTable,
  reference: DescribedReference,
  models: ReadonlyMap<string, DescribedTable>,
  constraints: readonly FoundConstraint[],
): boolean {
  const target = models.get(reference.model)?.table
  return constraints.some(
    (found) =>
      found.table === model.table &&
      found.target === target &&
      found.columns.join() === reference.columns.join() &&
      found.targetColumns.join() === reference.targetColumns.join(),
  )
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name))
}

/** Every column of every table of ours; a partition repeats its parent. */
const COLUMNS = `
  SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
         NOT a.attnotnull AS "isNullable", a.attgenerated <> '' AS "isGenerated"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> '_prisma_migrations' AND a.attnum > 0 AND NOT a.attisdropped`

/** Unique indexes without a condition (constraints among them), then foreign keys. */
const CONSTRAINTS = `
  SELECT i.indrelid::regclass::text AS table, NULL AS target, '{}'::text[] AS "targetColumns",
         ARRAY(SELECT attname::text FROM unnest(i.indkey) WITH ORDINALITY k(num, place)
               JOIN pg_attribute ON attrelid = i.indrelid AND attnum = k.num ORDER BY k.place) AS columns
  FROM pg_index i WHERE i.indisunique AND i.indpred IS NULL
  UNION ALL
  SELECT k.conrelid::regclass::text, k.confrelid::regclass::text,
         ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY n(num, place)
               JOIN pg_attribute ON attrelid = k.confrelid AND attnum = n.num ORDER BY n.place),
         ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY n(num, place)
               JOIN pg_attribute ON attrelid = k.conrelid AND attnum = n.num ORDER BY n.place)
  FROM pg_constraint k WHERE k.contype = 'f'`
