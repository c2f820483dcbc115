import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Accounts,
  fromPage,
  join,
  makeKey,
  OWNER,
  type Sender,
  sender,
  startAccounts,
  withKey,
} from '../access/accounts.ts'
import { growth, scrape } from '../scrape.ts'
import type { Received } from './exchange.ts'

/** What /metrics tells of those who sign in, and of those who are refused at the door, is what there was of them. */

const WRONG = { failures: 3, credentials: 4, registrations: 2 }

let accounts: Accounts
beforeAll(async () => {
  accounts = await startAccounts({
    config: {
      security: { metrics_from: ['127.0.0.1'], sign_in_failures: WRONG.failures },
      limits: {
        wrong_credentials: WRONG.credentials,
        registrations_per_hour: WRONG.registrations,
        requests_per_second: 5,
      },
    },
  })
})
afterAll(() => accounts.stop())

type Figures = Record<string, number>

/** What comes to counters by some work. */
async function grown(work: () => Promise<void>): Promise<(metric: string) => Figures> {
  const before = await scrape(accounts.app)
  await work()
  const after = await scrape(accounts.app)
  return (metric) => growth(before, after, metric)
}

/** One after another. */
async function repeat(count: number, each: (n: number) => Promise<Received>): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < count; n++) statuses.push((await each(n)).status)
  return statuses
}

const me = (who: Sender) => who.call('GET', '/api/me')

describe('the figures', () => {
  it('are those of the sign-ins', async () => {
    const page = fromPage(accounts.app, '')
    const enter = (email: string, password: string) =>
      page.call('POST', '/api/auth/sign-in/email', { email, password })
    const wrong = 'not the right sentence'
    const of = await grown(async () => {
      expect(await repeat(4, () => enter(OWNER.email, OWNER.password))).toEqual([200, 200, 200, 200])
      expect(await repeat(2, () => enter(OWNER.email, wrong))).toEqual([401, 401])
      expect(await repeat(5, () => enter('nobody@example.test', wrong))).toEqual([401, 401, 401, 429, 429])
      await join(accounts, { email: 'invited@example.test', role: 'viewer' })
    })
    expect(of('incipit_sign_ins_total')).toEqual({
      '{way="link",outcome="succeeded"}': 1,
      '{way="password",outcome="refused"}': 2 + 3,
      '{way="password",outcome="succeeded"}': 4,
    })
    expect(of('incipit_rate_limited_total')).toEqual({ '{limit="sign_in"}': 2 })
    expect(of('incipit_credentials_refused_total')).toEqual({})
  })

  it('are those of the requests of nobody known, by what they came with', async () => {
    const { app } = accounts
    const of = await grown(async () => {
      await repeat(3, () => me(sender(app)))
      await repeat(2, () => me(fromPage(app, `incipit-${app.port}=${'a'.repeat(43)}`)))
      await repeat(1, () => me(withKey(app, `inc_${'a'.repeat(40)}`)))
      // MCP alone takes tokens.
      await repeat(1, () => withKey(app, 'no-token-of-ours').call('POST', '/api/mcp', {}))
      await repeat(1, () => sender(app).call('GET', '/prompts'))
    })
    expect(of('incipit_credentials_refused_total')).toEqual({
      '{credential="key"}': 1,
      '{credential="none"}': 4,
      '{credential="session"}': 2,
      '{credential="token"}': 1,
    })
    expect(of('incipit_rate_limited_total')).toEqual({})
  })

  it('are those of the requests that were one too many, by the limit', async () => {
    const { app, owner } = accounts
    const { key } = await makeKey(owner, { scopes: ['prompts:read'] })
    const limited: number[] = []
    const of = await grown(async () => {
      // Two wrong ones were counted before.
      const guesses = await repeat(6, (n) => me(withKey(app, `inc_${String(n).repeat(40)}`)))
      expect(guesses).toEqual([401, 401, 429, 429, 429, 429])
      const registrations = await repeat(5, () =>
        sender(app).call('POST', '/api/auth/oauth2/register', {
          client_name: 'A program',
          redirect_uris: ['http://127.0.0.1:45678/callback'],
          token_endpoint_auth_method: 'none',
        }),
      )
      expect(registrations).toEqual([201, 201, 429, 429, 429])
      // How many of them pass is a matter of time.
      const many = await Promise.all(Array.from({ length: 40 }, () => me(withKey(app, key))))
      limited.push(...many.map(({ status }) => status).filter((status) => status === 429))
    })
    expect(limited.length).toBeGreaterThan(0)
    const {
      '{limit="looked_up"}': lookedUp = 0,
      '{limit="wrong_credentials"}': wrong = 0,
      ...others
    } = of('incipit_rate_limited_total')
    expect(lookedUp + wrong).toBe(4)
    expect(others).toEqual({ '{limit="caller"}': limited.length, '{limit="registrations"}': 3 })
  })
})
