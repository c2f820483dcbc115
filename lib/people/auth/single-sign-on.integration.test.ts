import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Claims, OidcDouble } from '../../testing/accounts/oidc-double.ts'
import { type SingleSignOnApp, startSingleSignOn } from '../../testing/accounts/single-sign-on.ts'
import { makeMember, PASSWORD, Visitor } from '../../testing/accounts/visitor.ts'
import type { TestRuntime } from '../../testing/runtime.ts'

const CALLBACK = '/oauth2/callback/sso'

let app: TestRuntime
let provider: OidcDouble
let settings: SingleSignOnApp['settings']
let come: SingleSignOnApp['come']
let started: SingleSignOnApp
beforeAll(async () => {
  started = await startSingleSignOn()
  ;({ app, provider, settings, come } = started)
})
afterAll(() => started.stop())
let count = 0
beforeEach(() => {
  count += 1
  provider.person = ada()
})
afterEach(() => {
  provider.lie = (claims) => claims
  provider.forges = false
  settings.only = false
  delete settings.role_claim
})

const ada = (more: Claims = {}) => ({
  sub: `subject-${count}`,
  email: `Ada-${count}@Example.org`,
  email_verified: true,
  name: 'Ada Lovelace',
  ...more,
})

const query = async (text: string, ...values: unknown[]) =>
  (await app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)).rows

const members = () =>
  query(
    `SELECT p.id, p.email, p.email_verified, p.name, m.role FROM person p JOIN member m ON m.person_id = p.id
     WHERE m.workspace_id = $1 AND p.email LIKE 'ada-' || $2 || '@%'`,
    app.identity.workspaceId,
    count,
  )

const lastRefusals = async () =>
  (
    await query(
      `SELECT after->>'way' AS way FROM audit_event WHERE workspace_id = $1 AND action = 'session.refuse'`,
      app.identity.workspaceId,
    )
  ).length

describe('a person of an allowed domain', () => {
  it('becomes a member of the lowest role, and is the same one the next time', async () => {
    const visitor = new Visitor()
    expect(await come(visitor)).toBe('/prompts/a?b#c')
    expect(await members()).toMatchObject([
      { email: `ada-${count}@example.org`, email_verified: true, name: 'Ada Lovelace', role: 'viewer' },
    ])
    expect(await visitor.actor()).toMatchObject({ role: 'viewer', must: undefined })
    expect(Object.fromEntries(provider.asked)).toMatchObject({
      scope: 'openid email profile',
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: 'http://localhost:3000/api/auth/oauth2/callback/sso',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
    provider.person = ada({ email: 'other@elsewhere.example', email_verified: false })
    expect(await come(new Visitor())).toBe('/prompts/a?b#c')
    expect(await members()).toHaveLength(1)
    expect(
      await query(
        'SELECT access_token, id_token FROM person_login WHERE account_id = $1',
        `subject-${count}`,
      ),
    ).toEqual([{ access_token: null, id_token: null }])
  })

  it('can come by a plain link as well', async () => {
    const visitor = new Visitor()
    const begun = await visitor.get('/sign-in/oauth2?callbackURL=/prompts', { 'sec-fetch-site': 'none' })
    expect(begun.status).toBe(303)
    const back = await provider.visit(begun.headers.get('location') ?? '')
    const crossSite = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect((await visitor.get(CALLBACK + back, crossSite)).headers.get('location')).toBe('/prompts')
  })

  it('has the highest role that the claim names, and loses it with the claim', async () => {
    settings.role_claim = 'groups'
    provider.person = ada({ groups: ['writers', 'chiefs', 'toString'] })
    const visitor = new Visitor()
    await come(visitor)
    expect(await members()).toMatchObject([{ role: 'admin' }])
    provider.person = ada({ groups: 'writers' })
    const again = new Visitor()
    await come(again)
    expect((await again.actor()).role).toBe('editor')
    provider.person = ada()
    await come(visitor)
    expect(await members()).toMatchObject([{ role: 'viewer' }])
  })

  it('stays owner when there is no other one', async () => {
    await come(new Visitor())
    const [{ id = '' } = {}] = await members()
    await query(
      `UPDATE member SET role = 'owner' WHERE workspace_id = $1 AND person_id = $2`,
      app.identity.workspaceId,
      id,
    )
    settings.role_claim = 'groups'
    await come(new Visitor())
    expect(await members()).toMatchObject([{ role: 'owner' }])
    await query(
      `UPDATE member SET role = 'viewer' WHERE workspace_id = $1 AND person_id = $2`,
      app.identity.workspaceId,
      id,
    )
  })
})

describe('nobody becomes a member', () => {
  it.each([
    ['of another domain', { email: 'ada@evil.example' }, 'domain_not_allowed'],
    ['of a domain that ends alike', { email: 'ada@evil-example.org' }, 'domain_not_allowed'],
    ['whose e-mail is not verified', { email_verified: false }, 'email_not_verified'],
    ['whose e-mail is verified in words alone', { email_verified: 'true' }, 'email_not_verified'],
    ['without an e-mail', { email: undefined }, 'email_not_verified'],
  ])('%s', async (_, changes, reason) => {
    provider.person = ada(changes)
    const visitor = new Visitor()
    const before = await lastRefusals()
    expect(await come(visitor, { errorCallbackURL: '/sign-in?next=%2Fa' })).toBe(
      `/sign-in?next=%2Fa&error=${reason}`,
    )
    expect(visitor.cookies.has('incipit-3000')).toBe(false)
    expect(await members()).toEqual([])
    expect(await lastRefusals()).toBe(before + 1)
  })

  it('in place of a person who has an account with that e-mail', async () => {
    const { email, personId } = await makeMember(app)
    provider.person = ada({ email })
    expect(await come(new Visitor())).toBe('/sign-in?error=account_exists')
    expect(await query('SELECT id FROM person_login WHERE person_id = $1', personId)).toHaveLength(1)
  })

  it('again after having been removed', async () => {
    await come(new Visitor())
    const [{ id = '' } = {}] = await members()
    await query('UPDATE person SET deactivated_at = now() WHERE id = $1', id)
    expect(await come(new Visitor())).toBe('/sign-in?error=not_a_member')
  })
})

describe('what comes back is believed when', () => {
  it.each([
    ['its nonce is that of this browser', (claims: Claims) => ({ ...claims, nonce: 'another' })],
    ['it is for this server', (claims: Claims) => ({ ...claims, aud: 'another' })],
    ['it is of this provider', (claims: Claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['it has not ended', (claims: Claims) => ({ ...claims, exp: 1 })],
  ])('%s', async (_, lie) => {
    provider.lie = lie
    expect(await come(new Visitor())).toBe('/sign-in?error=failed')
    expect(await members()).toEqual([])
  })

  it('signed by the provider', async () => {
    provider.forges = true
    expect(await come(new Visitor())).toBe('/sign-in?error=failed')
  })

  it('brought to the browser that asked, once, with its state', async () => {
    const visitor = new Visitor()
    const begun = await visitor.post('/sign-in/oauth2', {})
    const back = await provider.visit(begun.body.url)
    expect((await new Visitor().get(CALLBACK + back)).headers.get('location')).toBe('/sign-in?error=expired')
    const state = new Visitor()
    for (const [name, value] of visitor.cookies) state.cookies.set(name, value)
    const wrong = back.replace(/state=[\w-]+/, 'state=wrong')
    expect((await state.get(CALLBACK + wrong)).headers.get('location')).toBe('/sign-in?error=failed')
    expect((await visitor.get(CALLBACK + back)).headers.get('location')).toBe('/sign-in?error=expired')
    expect(await members()).toEqual([])
  })

  it('the person agreed', async () => {
    const visitor = new Visitor()
    const begun = await visitor.post('/sign-in/oauth2', {})
    const { state } = Object.fromEntries(new URL(begun.body.url).searchParams)
    const back = `?error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`
    expect((await visitor.get(CALLBACK + back)).headers.get('location')).toBe('/sign-in?error=failed')
  })
})

it.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '/..//evil.example/',
  'javascript:alert(1)',
])('leads nowhere else: %j', async (callbackURL) => {
  expect(await come(new Visitor(), { callbackURL, errorCallbackURL: callbackURL })).toBe('/prompts')
})

describe('an account', () => {
  it('is connected by the person who is signed in to it, and signs in from then on', async () => {
    const { email, personId, actorId } = await makeMember(app)
    const visitor = new Visitor()
    await visitor.signIn(email)
    provider.person = ada({ email: 'else@where.example', email_verified: false })
    expect(await come(visitor, {}, '/oauth2/link')).toBe('/prompts/a?b#c')
    const other = new Visitor()
    await come(other)
    expect((await other.actor()).id).toBe(actorId)
    expect((await visitor.get('/list-accounts')).body).toMatchObject([
      { providerId: 'credential' },
      { providerId: 'sso' },
    ])
    const bob = new Visitor()
    await bob.signIn((await makeMember(app)).email)
    expect(await come(bob, {}, '/oauth2/link')).toBe('/prompts/a?b=&error=taken#c')
    expect((await visitor.post('/unlink-account', { providerId: 'sso' })).status).toBe(200)
    expect(await query('SELECT id FROM person_login WHERE person_id = $1', personId)).toHaveLength(1)
  })

  it('is not connected without a fresh proof, nor after the person has signed out on the way', async () => {
    const { email } = await makeMember(app)
    const visitor = new Visitor()
    await visitor.signIn(email)
    const begun = await visitor.post('/oauth2/link', { callbackURL: '/account' })
    const back = await provider.visit(begun.body.url)
    await visitor.post('/sign-out')
    expect((await visitor.get(CALLBACK + back)).headers.get('location')).toBe('/account?error=expired')
    await visitor.signIn(email)
    await query(`UPDATE person_session SET signed_in_at = now() - interval '1 hour'`)
    expect((await visitor.post('/oauth2/link', {})).status).toBe(403)
  })

  it('that has no other way in stays connected', async () => {
    const visitor = new Visitor()
    await come(visitor)
    expect((await visitor.post('/unlink-account', { providerId: 'sso' })).status).toBe(409)
  })
})

it('as the only way: passwords and passkeys are not taken', async () => {
  settings.only = true
  const { email } = await makeMember(app)
  expect((await new Visitor().signIn(email, PASSWORD)).status).toBe(403)
  expect((await new Visitor().get('/passkey/generate-authenticate-options')).status).toBe(403)
  expect((await new Visitor().get('/ways')).body).toEqual({
    state: 'accounts',
    password: false,
    passkey: false,
    single_sign_on: { name: 'Example', url: '/api/auth/sign-in/oauth2' },
  })
  expect(await come(new Visitor())).toBe('/prompts/a?b#c')
})

it('fails thirty times from an address, and no more', async () => {
  await query('DELETE FROM sign_in_count')
  const visitor = new Visitor({ address: '203.0.113.99' })
  const refusals = () =>
    query(`SELECT FROM audit_event WHERE action = 'session.refuse' AND address = '203.0.113.99'`)
  for (let n = 0; n < 31; n++) {
    await visitor.post('/sign-in/oauth2')
    const answer = await visitor.get(`${CALLBACK}?code=x&state=y`)
    expect(answer.status).toBe(n < 30 ? 303 : 429)
  }
  expect(await refusals()).toHaveLength(30)
})

it('a provider that is away is said to be, and asked again', async () => {
  const { issuer } = settings
  settings.issuer = 'http://127.0.0.1:9'
  const held: { found?: unknown } = app.runtime.once('people.provider', () => ({}))
  delete held.found
  expect(await new Visitor().post('/sign-in/oauth2', {})).toMatchObject({
    status: 502,
    body: { code: 'upstream_failed' },
  })
  settings.issuer = issuer
  expect(await come(new Visitor())).toBe('/prompts/a?b#c')
})
