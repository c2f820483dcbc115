import pg from 'pg'
import { APPS_SECRET } from '../e2e/start-app.ts'
import { type Accounts, fillAccounts, KEYS, MEMBERS, PASSWORD, USED } from './fill-accounts.ts'
import { getJson } from './http.ts'
import { compareInTurns, type Loaded, ROUNDS } from './in-turns.ts'
import { openLoop } from './load/drive.ts'
import { request } from './load/request.ts'
import { type Product, startProduct } from './product.ts'
import { CONNECTIONS, SCENARIOS } from './scenarios.ts'
import { figure, printTable } from './stats.ts'

const PROMPTS = 1000
const PROMISED = 0.9
const SIGN_INS_PER_SECOND = 5
const SIGN_IN_SECONDS = 12
const PROMISED_SIGN_IN_MS = 300

/** A way to prove who asks: the value of Authorization for each request of a scenario. */
interface Way {
  name: string
  authorization: (turn: number) => string
  /** Which requests it proves. */
  at: RegExp
}

/** What agents ask for all day. */
const HOT = SCENARIOS.filter(({ name }) => /prompts\/get|REST render/.test(name))

/**
 * What it costs to know who asks: the hot paths of a product with many accounts, keys and clients, beside those of one
 * that has none. Both run at once and take turns in short rounds. At last people sign in.
 */
export async function benchAccess(): Promise<void> {
  const alone = await startProduct(PROMPTS)
  const filled: Accounts[] = []
  const shared = await startProduct(PROMPTS, {
    // One sender asks as fast as it can.
    env: { INCIPIT_LIMITS_REQUESTS_PER_SECOND: '0', INCIPIT_LIMITS_UNKNOWN_PER_SECOND: '0' },
    fill: async (databaseUrl) => void filled.push(await fillAccounts(databaseUrl, APPS_SECRET)),
  })
  try {
    const [accounts] = filled
    if (accounts === undefined) throw new Error('there are no accounts')
    await bindTokens(shared)
    const rows: string[][] = []
    for (const { name, requests } of HOT)
      for (const way of waysOf(accounts).filter(({ at }) => at.test(name))) {
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
    await measureSignIn(shared, accounts)
  } finally {
    await shared.stop()
    await alone.stop()
  }
}

function waysOf({ keys, tokens }: Accounts): Way[] {
  const by = (secrets: string[], count: number) => (turn: number) => `Bearer ${secrets[turn % count]}`
  return [
    { name: 'a key', authorization: by(keys, 1), at: /./ },
    { name: `${USED} keys in turn`, authorization: by(keys, USED), at: /./ },
    { name: 'a token', authorization: by(tokens, 1), at: /MCP/ },
    { name: `${USED} tokens in turn`, authorization: by(tokens, USED), at: /MCP/ },
  ]
}

/** Tokens are for one address, which is known once the product runs. */
async function bindTokens({ url, databaseUrl }: Product): Promise<void> {
  const { resource } = await getJson(url, '/.well-known/oauth-protected-resource')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('UPDATE oauth_grant SET resource = $1', [resource])
  await client.end()
}

/** People sign in with their passwords over HTTP, at a steady rate. */
async function measureSignIn({ url }: Product, { people }: Accounts): Promise<void> {
  const requests = people.map((email) =>
    request(url, {
      method: 'POST',
      path: '/api/auth/sign-in/email',
      headers: { Origin: url.origin },
      body: { email, password: PASSWORD },
    }),
  )
  const load = { url, requests, connections: 16, seconds: SIGN_IN_SECONDS, rate: SIGN_INS_PER_SECOND }
  const { p50, p95, failures } = await openLoop(load)
  printTable(
    `Signing in, ${SIGN_INS_PER_SECOND} a second for ${SIGN_IN_SECONDS} s`,
    ['', 'measured', 'promised'],
    [
      ['p50 ms', figure(p50), ''],
      ['p95 ms', figure(p95), `< ${PROMISED_SIGN_IN_MS}`],
      ['failed', String(failures), '0'],
    ],
  )
}

/** Requests a second without and with, the ratio and what is promised, and the processor time. */
async function compare(without: Loaded, proved: Loaded): Promise<string[]> {
  const [before, after, ratio, cpu] = await compareInTurns(without, proved)
  return [before, after, ratio, `≥ ${PROMISED}`, cpu]
}

function withAuthorization(request: Buffer, authorization: string): Buffer {
  return Buffer.from(request.toString().replace('\r\n', `\r\nAuthorization: ${authorization}\r\n`))
}
