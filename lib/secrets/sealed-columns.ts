/** In the place of a workspace: what belongs to the installation, as people do. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000'

/** A column that holds sealed values. Its table has the column `data_key_id`, which keeps the data key in place. */
export interface SealedColumn {
  table: string
  /** The key of the table, besides its workspace. */
  id: string
  column: string
  /** The column with the id of the data key; in format 1, of the secret. */
  keyId: string
  isOfInstallation: boolean
  /** What the audit log calls a row, and the column with its name, where one has a name. */
  target?: { kind: string; name: string }
}

/** Every column that holds sealed values: a rotation seals them anew. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'ai_configuration',
    id: 'id',
    column: 'api_key_sealed',
    keyId: 'api_key_id',
    isOfInstallation: false,
    target: { kind: 'configuration', name: 'name' },
  },
  {
    table: 'webhook_secret',
    id: 'id',
    column: 'secret',
    keyId: 'key_id',
    isOfInstallation: false,
  },
  {
    table: 'webhook_authorization',
    id: 'id',
    column: 'secret',
    keyId: 'key_id',
    isOfInstallation: false,
  },
  {
    table: 'repository_secret',
    id: 'id',
    column: 'secret',
    keyId: 'key_id',
    isOfInstallation: false,
  },
  {
    table: 'person_second_factor',
    id: 'person_id',
    column: 'secret',
    keyId: 'key_id',
    isOfInstallation: true,
  },
]

/** The columns of a workspace, or of the installation. */
export function sealedColumnsOf(workspaceId: string): readonly SealedColumn[] {
  return SEALED_COLUMNS.filter((column) => column.isOfInstallation === (workspaceId === INSTALLATION))
}
