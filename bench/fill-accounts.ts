import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { loadConfig } from '../lib/config/load.ts'
import { newId } from '../lib/id.ts'
import { hashKey } from '../lib/keys/hash.ts'
import { newKeyText, shownPrefix } from '../lib/keys/key-text.ts'
import { hashOf, newSecret } from '../lib/oauth/secrets.ts'
import { hashPassword } from '../lib/people/auth/passwords.ts'
import { createRuntime, setRuntime } from '../lib/runtime.ts'

export const MEMBERS = 1000
export const KEYS = 10_000
/** Keys and tokens that ask; as many as a scenario has different requests. */
export const USED = 500
/** Of everybody who signs in. */
export const PASSWORD = 'a horse of seven colours'
const SIGNING_IN = 100

/** What can prove who asks. */
export interface Accounts {
  keys: string[]
  tokens: string[]
  /** E-mails of people who have a password. */
  people: string[]
}

interface Member {
  id: string
  person: string
}

/**
 * Writes people, keys and clients as rows, and turns accounts on.
 * @param secret INCIPIT_SECRET of the product that will serve them
 */
export async function fillAccounts(databaseUrl: string, secret: string): Promise<Accounts> {
  setRuntime(createRuntime(loadConfig({ INCIPIT_SECRET: secret, INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const members = Array.from({ length: MEMBERS }, (): Member => ({ id: newId(), person: newId() }))
    await client.query(PEOPLE, [JSON.stringify(members)])
    const accounts = {
      keys: await fillKeys(client, members),
      tokens: await fillTokens(client, members.slice(0, USED)),
      people: await fillPasswords(client, members.slice(0, SIGNING_IN)),
    }
    await client.query('UPDATE access_state SET first_owner_at = now()')
    await client.query('ANALYZE')
    return accounts
  } finally {
    await client.end()
    setRuntime(undefined)
  }
}

async function fillKeys(client: pg.Client, members: Member[]): Promise<string[]> {
  const texts = Array.from({ length: KEYS }, () => newKeyText())
  const rows = texts.map((text, n) => ({
    id: newId(),
    person: members[n % members.length]?.id,
    prefix: shownPrefix(text),
    hash: (n < USED ? hashKey(text) : randomBytes(32)).toString('hex'),
  }))
  await client.query(KEY_ROWS, [JSON.stringify(rows)])
  return texts.slice(0, USED)
}

async function fillTokens(client: pg.Client, members: Member[]): Promise<string[]> {
  const tokens = members.map(() => newSecret('access'))
  const rows = members.map(({ id: person }, n) => ({
    id: newId(),
    actor: newId(),
    person,
    hash: hashOf(tokens[n] ?? '').toString('hex'),
  }))
  await client.query(TOKEN_ROWS, [JSON.stringify(rows)])
  return tokens
}

async function fillPasswords(client: pg.Client, members: Member[]): Promise<string[]> {
  const ids = members.map(({ person }) => ({ id: newId(), person }))
  await client.query(PASSWORD_ROWS, [JSON.stringify(ids), await hashPassword(PASSWORD)])
  return members.map(({ person }) => `${person}@example.org`)
}

const WORKSPACE = `SELECT w.id AS workspace_id, owner.id AS owner_id FROM workspace w
  JOIN actor owner ON owner.workspace_id = w.id AND owner.builtin = 'local_owner' WHERE w.slug = 'default'`

const PEOPLE = `WITH place AS (${WORKSPACE}),
  given AS (SELECT * FROM json_to_recordset($1::json) AS g (id uuid, person uuid)),
  people AS (INSERT INTO person (id, email, name) SELECT person, person || '@example.org', 'Somebody' FROM given),
  actors AS (INSERT INTO actor (id, workspace_id, kind, display)
    SELECT given.id, place.workspace_id, 'person', 'Somebody' FROM given, place)
  INSERT INTO member (workspace_id, actor_id, person_id, role, created_by)
  SELECT place.workspace_id, given.id, given.person, 'editor', place.owner_id FROM given, place`

const KEY_ROWS = `WITH place AS (${WORKSPACE}),
  given AS (SELECT * FROM json_to_recordset($1::json) AS g (id uuid, person uuid, prefix text, hash text)),
  actors AS (INSERT INTO actor (id, workspace_id, kind, display)
    SELECT given.id, place.workspace_id, 'key', 'Agent' FROM given, place),
  keys AS (INSERT INTO api_key (id, workspace_id, name, prefix, person_actor_id, scopes, label, expires_at, created_by)
    SELECT given.id, place.workspace_id, 'Agent', given.prefix, given.person, '{prompts:read}', 'production',
      now() + interval '90 days', given.person FROM given, place)
  INSERT INTO api_key_secret (hash, workspace_id, key_id, person_actor_id)
  SELECT decode(given.hash, 'hex'), place.workspace_id, given.id, given.person FROM given, place`

const TOKEN_ROWS = `WITH place AS (${WORKSPACE}),
  given AS (SELECT * FROM json_to_recordset($1::json) AS g (id uuid, actor uuid, person uuid, hash text)),
  actors AS (INSERT INTO actor (id, workspace_id, kind, display)
    SELECT given.actor, place.workspace_id, 'client', 'Client' FROM given, place),
  grants AS (INSERT INTO oauth_grant (id, workspace_id, actor_id, client_id, client_name, origin, person_actor_id,
      scopes, resource, expires_at)
    SELECT given.id, place.workspace_id, given.actor, 'client', 'Client', 'configured', given.person,
      '{prompts:read}', '', now() + interval '90 days' FROM given, place)
  INSERT INTO oauth_token (hash, workspace_id, grant_id, kind, scopes, expires_at)
  SELECT decode(given.hash, 'hex'), place.workspace_id, given.id, 'access', '{prompts:read}', now() + interval '1 hour'
  FROM given, place`

const PASSWORD_ROWS = `INSERT INTO person_login (id, person_id, provider_id, account_id, password)
  SELECT id, person, 'credential', person::text, $2
  FROM json_to_recordset($1::json) AS g (id uuid, person uuid)`
