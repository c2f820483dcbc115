import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { loadConfig } from '../lib/config/load.ts'
import { newId } from '../lib/id.ts'
import { hashKey } from '../lib/keys/hash.ts'
import { newKeyText, shownPrefix } from '../lib/keys/key-text.ts'
import { createRuntime, setRuntime } from '../lib/runtime.ts'
import { compareInTurns, type Loaded, ROUNDS } from './in-turns.ts'
import { startProduct } from './product.ts'
import { CONNECTIONS, SCENARIOS } from './scenarios.ts'
import { figure, printTable } from './stats.ts'

const PROMPTS = 1000
const MEMBERS = 1000
const KEYS = 10_000
/** Keys that ask; as many as a scenario has different requests. */
const USED = 500
const PROMISED = 0.9
const SECRET = randomBytes(32).toString('base64url')

/** A way to prove who asks: the value of Authorization for each request of a scenario. */
interface Way {
  name: string
  authorization: (turn: number) => string
}

/** What agents ask for all day. */
const HOT = SCENARIOS.filter(({ name }) => /prompts\/get|REST render/.test(name))

/**
 * What it costs to know who asks: the hot paths of a product with many accounts and keys, beside those of one that
 * has none. Both run at once and take turns in short rounds.
 */
export async function benchAccess(): Promise<void> {
  const alone = await startProduct(PROMPTS)
  const ways: Way[] = []
  const shared = await startProduct(PROMPTS, {
    env: { INCIPIT_SECRET: SECRET },
    fill: async (databaseUrl) => void ways.push(...(await fillAccounts(databaseUrl))),
  })
  try {
    const rows: string[][] = []
    for (const { name, requests } of HOT)
      for (const way of ways) {
        const bare = requests(alone.url)
        const proved = requests(shared.url).map((each, turn) =>
          withAuthorization(each, way.authorization(turn)),
        )
        rows.push([
          name,
          way.name,
          ...(await compare({ product: alone, requests: bare }, { product: shared, requests: proved })),
        ])
      }
    printTable(
      `Access: without accounts beside ${figure(MEMBERS)} members and ${figure(KEYS)} keys; medians of ${ROUNDS} rounds in turns, ${CONNECTIONS} connections`,
      ['request', 'by', 'req/s without', 'req/s with', '× without', 'promised', 'CPU µs more'],
      rows,
    )
  } finally {
    await shared.stop()
    await alone.stop()
  }
}

/** Requests a second without and with, the ratio and what is promised, and the processor time. */
async function compare(without: Loaded, proved: Loaded): Promise<string[]> {
  const [before, after, ratio, cpu] = await compareInTurns(without, proved)
  return [before, after, ratio, `≥ ${PROMISED}`, cpu]
}

function withAuthorization(request: Buffer, authorization: string): Buffer {
  return Buffer.from(request.toString().replace('\r\n', `\r\nAuthorization: ${authorization}\r\n`))
}

/** Writes people and keys as rows, and turns accounts on. */
async function fillAccounts(databaseUrl: string): Promise<Way[]> {
  setRuntime(createRuntime(loadConfig({ INCIPIT_SECRET: SECRET, INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const members = Array.from({ length: MEMBERS }, () => ({ id: newId(), person: newId() }))
    await client.query(PEOPLE, [JSON.stringify(members)])
    const keys = Array.from({ length: KEYS }, (_, n) => ({
      id: newId(),
      text: newKeyText(),
      person: members[n % MEMBERS]?.id,
    }))
    const rows = keys.map(({ id, text, person }, n) => ({
      id,
      person,
      prefix: shownPrefix(text),
      hash: (n < USED ? hashKey(text) : randomBytes(32)).toString('hex'),
    }))
    await client.query(KEY_ROWS, [JSON.stringify(rows)])
    await client.query('UPDATE access_state SET first_owner_at = now()')
    await client.query('ANALYZE')
    const [one = ''] = keys.map(({ text }) => text)
    return [
      { name: 'a key', authorization: () => `Bearer ${one}` },
      { name: `${USED} keys in turn`, authorization: (turn) => `Bearer ${keys[turn % USED]?.text}` },
    ]
  } finally {
    await client.end()
    setRuntime(undefined)
  }
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
