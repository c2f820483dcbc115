/** A column that holds sealed values. Its table has the column `data_key_id`, which keeps the data key in place. */
export interface SealedColumn {
  table: string
  column: string
  /** The column with the id of the data key; in format 1, of the secret. */
  keyId: string
  /** The kind of the target in the audit log, and the column with its name. */
  kind: string
  name: string
}

/** Every column that holds sealed values: a rotation seals them anew. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'ai_configuration',
    column: 'api_key_sealed',
    keyId: 'api_key_id',
    kind: 'configuration',
    name: 'name',
  },
]
