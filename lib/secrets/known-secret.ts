import type pg from 'pg'
import { accessState } from '../access/state.ts'
import type { Tx } from '../db/client.ts'
import { getRuntime } from '../runtime.ts'
import { hasSecret } from './derive.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'
import { secretIds } from './sealing.ts'

interface Row {
  secret_id: string
  previous_id: string | null
}

/**
 * Looks whether the database works with the secret that this instance has, and notes a new one whose forerunner is
 * given as well. Where nothing was ever sealed or hashed with a secret, any is right.
 * @throws Error that names the remedy, for an instance that could not read what the others store
 */
export async function checkSecret(): Promise<void> {
  const { pool } = getRuntime().database.primary
  const known = (await readKnown(pool)) ?? (await noteFirst(pool))
  // A file that is made now could not be the right one.
  const [current, ...previous] = known === undefined || !hasSecret() ? [] : secretIds()
  if (known === undefined || known.previous_id === current) return
  if (known.secret_id === current) {
    if (known.previous_id !== null && !previous.includes(known.previous_id))
      await pool.query('UPDATE known_secret SET previous_id = NULL WHERE secret_id = $1', [current])
  } else if (previous.includes(known.secret_id)) {
    await pool.query(
      'UPDATE known_secret SET secret_id = $1, previous_id = secret_id, changed_at = now() WHERE secret_id = $2',
      [current, known.secret_id],
    )
  } else if (await isSecretInUse(pool)) throw otherSecret(known.secret_id, current)
  else if (current !== undefined) await takeSecret()
}

async function readKnown(pool: pg.Pool): Promise<Row | undefined> {
  const { rows } = await pool.query<Row>('SELECT secret_id, previous_id FROM known_secret')
  return rows[0]
}

/** Accounts need a secret. Anything else makes it at its first use. */
async function noteFirst(pool: pg.Pool): Promise<Row | undefined> {
  const state = await accessState()
  if (!hasSecret() && state !== 'accounts' && state !== 'set_up') return undefined
  await pool.query(NOTE, [secretIds()[0]])
  // Another host may have been first.
  return readKnown(pool)
}

/** Notes the secret of this instance as that of the database, unless the database knows one. */
const NOTE = 'INSERT INTO known_secret (secret_id) VALUES ($1) ON CONFLICT (id) DO NOTHING'

/** Notes the secret with the first thing that it wraps. */
export async function noteSecret(tx: Tx): Promise<void> {
  await tx.$executeRawUnsafe(NOTE, secretIds()[0])
}

/** Makes the secret of this instance that of the database, whatever it was: for a secret that is lost. */
export async function takeSecret(): Promise<void> {
  await getRuntime().database.primary.pool.query(
    `INSERT INTO known_secret (secret_id) VALUES ($1)
     ON CONFLICT (id) DO UPDATE SET secret_id = excluded.secret_id, previous_id = NULL, changed_at = now()`,
    [secretIds()[0]],
  )
}

/** Whether something would be lost with the secret: what is sealed, or the keys and second factors of accounts. */
export async function isSecretInUse(pool: Pick<pg.Pool, 'query'>): Promise<boolean> {
  const sealed = SEALED_COLUMNS.map(
    ({ table, column }) => `EXISTS (SELECT FROM ${table} WHERE ${column} IS NOT NULL)`,
  )
  const uses = [...sealed, 'EXISTS (SELECT FROM person)']
  const { rows } = await pool.query<{ used: boolean }>(`SELECT ${uses.join(' OR ')} AS used`)
  return rows[0]?.used === true
}

function otherSecret(known: string, current: string | undefined): Error {
  return new Error(
    `The database works with another INCIPIT_SECRET (id ${known}) than this instance (${current === undefined ? 'it has none' : `id ${current}`}): ` +
      'stored keys of providers, API keys and second factors could not be read here. Set the INCIPIT_SECRET that the other ' +
      'instances have, or put the file `secret` back into the data folder. To change the secret, give the one before in ' +
      'INCIPIT_SECRET_PREVIOUS. If it is lost: npm run secrets:rotate -- --lost (docs/operating.md, "Secrets").',
  )
}
