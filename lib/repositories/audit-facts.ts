import { loggedUrl } from '../webhooks/allowed-url.ts'
import type { RepositoryRow } from './stored-repository.ts'

export const FIELDS = [
  'name',
  'archive_url',
  'ref',
  'folder',
  'on_conflict',
  'labels',
  'category',
  'enabled',
] as const
export type Field = (typeof FIELDS)[number]

/** What the audit log has of a repository: of its address the origin, since the rest may be a secret. */
export function auditFacts(
  row: Pick<RepositoryRow, Field>,
  fields: readonly Field[] = FIELDS,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => [field, field === 'archive_url' ? loggedUrl(row.archive_url) : row[field]]),
  )
}
