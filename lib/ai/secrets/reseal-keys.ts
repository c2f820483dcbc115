import { isAppError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { keyPlace } from '../calls/call-key.ts'
import { openKey, sealKey } from './sealing.ts'
import { wrappingKeys } from './secrets.ts'

interface SealedRow {
  id: string
  workspace_id: string
  api_key_sealed: Buffer
  api_key_id: string
}

const SELECT = `SELECT id, workspace_id, api_key_sealed, api_key_id FROM ai_configuration
  WHERE api_key_sealed IS NOT NULL AND api_key_id <> $1 ORDER BY id`

/** It replaces the seal that was read, and none that somebody has entered meanwhile. The key itself stays. */
const UPDATE = `UPDATE ai_configuration SET api_key_sealed = $3, api_key_id = $4
  WHERE id = $1 AND workspace_id = $2 AND api_key_sealed = $5`

export interface ResealedKeys {
  resealed: number
  /** Sealed with a secret that is not known here; they have to be entered again. */
  unreadable: number
}

/**
 * Seals stored keys with the current secret that an earlier one sealed, so that INCIPIT_SECRET_PREVIOUS
 * can go again. The start calls it; without stored keys no secret is read or made.
 * @throws Error when the secret's file cannot be read
 */
export async function resealKeys(): Promise<ResealedKeys> {
  const { pool } = getRuntime().database.primary
  const result = { resealed: 0, unreadable: 0 }
  const { rowCount } = await pool.query(
    'SELECT FROM ai_configuration WHERE api_key_sealed IS NOT NULL LIMIT 1',
  )
  if (rowCount === 0) return result
  const { rows } = await pool.query<SealedRow>(SELECT, [wrappingKeys().current.id])
  for (const row of rows) {
    const plain = openOld(row)
    if (plain === undefined) {
      result.unreadable += 1
      continue
    }
    const { sealed, keyId } = sealKey(plain, keyPlace(row.workspace_id, row.id))
    const written = await pool.query(UPDATE, [row.id, row.workspace_id, sealed, keyId, row.api_key_sealed])
    result.resealed += written.rowCount ?? 0
  }
  return result
}

function openOld({ id, workspace_id, api_key_sealed, api_key_id }: SealedRow): string | undefined {
  try {
    return openKey({ sealed: api_key_sealed, keyId: api_key_id }, keyPlace(workspace_id, id))
  } catch (error) {
    if (isAppError(error)) return undefined
    throw error
  }
}
