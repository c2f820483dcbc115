/**
 * A backup is gzipped text. The first line is the header; then, for each table, a line `#table <name>`
 * followed by one line of JSON a row; the last line is `#end` with the number of rows. Rows stay text on
 * their way through this process: numbers keep their digits and JSON keeps its order.
 */

/** Every table in an order in which rows may refer to what came before. */
export const TABLES = [
  'workspace',
  'actor',
  'category',
  'prompt_template',
  'prompt_name',
  'prompt_version',
  'version_include',
  'prompt_label',
  'label_event',
  'prompt_example',
  'prompt_search',
  'prompt_usage',
  'usage_hour',
  'ai_configuration',
  'generated_content',
  'generation_attempt',
  'audit_event',
  'idempotency_key',
] as const

export const FORMAT = 'incipit-backup'
export const FORMAT_VERSION = 1

export interface BackupHeader {
  format: typeof FORMAT
  version: number
  created_at: string
  /** Migrations that the database had: a restore brings the new one to the same state first. */
  migrations: string[]
}
