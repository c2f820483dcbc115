import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Accounts, expectJson, fromPage, OWNER, signIn, startAccounts } from '../access/accounts.ts'

/** Guessing and probing before anybody is signed in, against the production build. */

let accounts: Accounts
beforeAll(async () => {
  accounts = await startAccounts()
})
afterAll(() => accounts.stop())

const SIGN_IN = '/api/auth/sign-in/email'
const nobody = (headers: Record<string, string> = {}) => {
  const page = fromPage(accounts.app, '')
  const { cookie: _, ...rest } = page.headers
  return { ...page, headers: { ...rest, ...headers } }
}

describe('case 19: guessing a password', () => {
  it('answers alike for an unknown e-mail and a wrong password', async () => {
    const wrong = await nobody().call('POST', SIGN_IN, {
      email: OWNER.email,
      password: 'not the right sentence',
    })
    const unknown = await nobody().call('POST', SIGN_IN, {
      email: 'nobody@example.test',
      password: 'not the right sentence',
    })
    expect(wrong.status).toBe(401)
    expect(unknown.status).toBe(401)
    const body = ({ json }: { json: unknown }) => {
      const { request_id: _, ...rest } = json as Record<string, unknown>
      return rest
    }
    expect(body(wrong)).toEqual(body(unknown))
  })

  it('is 429 with Retry-After after ten tries, whatever X-Forwarded-For says; a session goes on', async () => {
    const statuses: number[] = []
    let last: Awaited<ReturnType<typeof guess>> | undefined
    const guess = (n: number) =>
      nobody().call(
        'POST',
        SIGN_IN,
        { email: 'guessed@example.test', password: `guess number ${n} of many` },
        { 'x-forwarded-for': `203.0.113.${n}`, forwarded: `for=203.0.113.${n}` },
      )
    for (let n = 0; n < 12; n++) {
      last = await guess(n)
      statuses.push(last.status)
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401))
    expect(statuses.slice(10)).toEqual([429, 429])
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0)
    expectJson(await accounts.owner.call('GET', '/api/me'), 200)
  })

  it('does not lock the owner out elsewhere: another account signs in from here', async () => {
    const again = await signIn(accounts.app, OWNER)
    expect((await again.call('GET', '/api/me')).status).toBe(200)
  })
})

describe('case 19: others at the same address', () => {
  it('who ask for mails, guess links or bring passkeys too often lock nobody out of signing in', async () => {
    const few = await startAccounts({ config: { security: { sign_in_failures_address: 3 } } })
    try {
      const from = fromPage(few.app, '')
      const tries = [
        ['/api/auth/request-password-reset', { email: OWNER.email }],
        ['/api/auth/invitation/look', { token: 'guessed' }],
        ['/api/auth/reset', { token: 'guessed', password: OWNER.password }],
      ] as const
      for (const [path, body] of tries) {
        let last = 0
        for (let n = 0; n < 4; n++) last = (await from.call('POST', path, body)).status
        expect([path, last]).toEqual([path, 429])
      }
      expect((await (await signIn(few.app, OWNER)).call('GET', '/api/me')).status).toBe(200)
    } finally {
      await few.stop()
    }
  })
})

describe('security: what nobody may learn or do', () => {
  it.each([
    ['/api/auth/sign-up/email', { email: 'new@example.test', password: OWNER.password, name: 'New' }],
    ['/api/auth/set-up', { email: 'new@example.test', password: OWNER.password, name: 'New' }],
    [
      '/api/auth/set-up',
      { token: 'guessed', email: 'n@example.test', password: OWNER.password, name: 'New' },
    ],
    ['/api/auth/invitation/accept', { token: 'guessed', name: 'New', password: OWNER.password }],
    ['/api/auth/reset', { token: 'guessed', password: OWNER.password }],
  ])('%s makes no account', async (path, body) => {
    const answer = await nobody().call('POST', path, body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('a session begins with a new token: one that was planted is not taken over', async () => {
    const planted = `incipit-${accounts.app.port}=${'a'.repeat(32)}`
    const answer = await fromPage(accounts.app, planted).call('POST', SIGN_IN, OWNER)
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).not.toContain('a'.repeat(32))
    expect((await fromPage(accounts.app, planted).call('GET', '/api/me')).status).toBe(401)
  })

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/%09/evil.example',
    'javascript:alert(1)',
  ])('the sign-in page sends nobody to %s', async (next) => {
    const answer = await accounts.owner.call('GET', `/sign-in?next=${encodeURIComponent(next)}`)
    expect(answer.headers.location ?? '/').toMatch(/^(\/(?![/\\])|http:\/\/127\.0\.0\.1:)/)
  })
})

describe('case 16: registrations of OAuth clients', () => {
  const register = (redirect: string) =>
    nobody().call('POST', '/api/auth/oauth2/register', {
      client_name: 'A program',
      redirect_uris: [redirect],
      token_endpoint_auth_method: 'none',
    })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'https://evil.example/callback', 'http://10.0.0.1/'])(
    'to be led to %s is 400',
    async (redirect) => expect((await register(redirect)).status).toBe(400),
  )

  it('more than ten in an hour from one address are 429 with Retry-After', async () => {
    const statuses: number[] = []
    let last: Awaited<ReturnType<typeof register>> | undefined
    for (let n = 0; n < 12; n++) {
      last = await register('http://127.0.0.1:45678/callback')
      statuses.push(last.status)
    }
    expect(statuses.at(0)).not.toBe(400)
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(10)
    expect(last?.status).toBe(429)
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0)
  })
})
