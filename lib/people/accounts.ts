import { argon2Sync, randomBytes } from 'node:crypto'
import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'

/* Rows of people and of their sign-in. */

export interface NewPerson {
  email: string
  name: string
  /** null: signs in elsewhere. */
  passwordHash: string | null
  emailVerified: boolean
}

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', {
    message: password,
    nonce,
    parallelism: 1,
    tagLength: 32,
    memory: 19_456,
    passes: 2,
  })
  return `$argon2id$v=19$m=19456,t=2,p=1$${nonce.toString('base64')}$${tag.toString('base64')}`
}

/** Creates a person and its password. */
export async function createPerson(tx: Tx, person: NewPerson): Promise<string> {
  const id = newId()
  const { email, name, passwordHash, emailVerified } = person
  await tx.$executeRaw`INSERT INTO person (id, email, email_verified, name)
    VALUES (${id}::uuid, ${email}, ${emailVerified}, ${name})`
  if (passwordHash !== null) await setPassword(tx, id, passwordHash)
  return id
}

/** Puts a password in the place of any other one. */
export async function setPassword(tx: Tx, personId: string, hash: string): Promise<void> {
  await tx.$executeRaw`INSERT INTO person_login (id, person_id, provider_id, account_id, password)
    VALUES (${newId()}::uuid, ${personId}::uuid, 'credential', ${personId}, ${hash})
    ON CONFLICT (provider_id, account_id) DO UPDATE SET password = excluded.password, updated_at = now()`
}

/** Ends every session of a person. */
export async function endSessions(tx: Tx, personId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM person_session WHERE person_id = ${personId}::uuid`
}
