import type { Migration } from '#lib/db/migrations/files.ts'
import { compareVersions } from '#lib/version.ts'

/** Migrations before it were made when only versions that have them could serve. */
const RULE_SINCE = '20261130'

/** Statements that take away what an older version reads or writes, or refuse what it writes. */
const CONTRACTING: readonly [RegExp, string][] = [
  [/\bDROP\s+(TABLE|COLUMN|FUNCTION|TRIGGER|TYPE|VIEW|SCHEMA)\b/i, 'drops something'],
  [/\bRENAME\b/i, 'renames something'],
  [/\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b/i, 'changes the type of a column'],
  [/\bSET\s+NOT\s+NULL\b/i, 'makes a column required'],
  [
    /\bADD\s+COLUMN\b(?:(?!\bDEFAULT\b)[^,;])*\bNOT\s+NULL\b(?:(?!\bDEFAULT\b)[^,;])*[,;]/i,
    'adds a required column without a default',
  ],
  [/\bREVOKE\b/i, 'takes a right away'],
  [/\bTRUNCATE\b|\bDELETE\s+FROM\b/i, 'deletes rows'],
]

/**
 * What is wrong with migrations, for a release: a rolling upgrade lets the version before serve on beside them.
 * @param version that they are released with
 * @returns a sentence for each fault
 */
export function faultsOfMigrations(migrations: readonly Migration[], version: string): string[] {
  return migrations.filter(({ name }) => name >= RULE_SINCE).flatMap((each) => faultsOf(each, version))
}

function faultsOf({ name, sql, worksBeside }: Migration, version: string): string[] {
  if (worksBeside === undefined)
    return [
      `${name} does not say which versions serve on beside it. Add the line "-- Works beside versions from X.Y.Z on."`,
    ]
  if (compareVersions(worksBeside, version) >= 0) return []
  return contractingParts(sql).map(
    (part) =>
      `${name} ${part}, which versions from ${worksBeside} on do not survive. Do it in a later release, once no version ` +
      `uses it, or let it say ${version}: then instances are stopped for the upgrade.`,
  )
}

function contractingParts(sql: string): string[] {
  const code = sql.replaceAll(/--.*$/gm, '')
  return CONTRACTING.filter(([pattern]) => pattern.test(code)).map(([, part]) => part)
}
