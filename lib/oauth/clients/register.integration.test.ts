import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { ask, type OAuthServerForTests, serveOAuth } from '../../testing/accounts/oauth.ts'
import { type TestRuntime, testRequest, testRuntime } from '../../testing/runtime.ts'
import { lookAtConsent } from '../operations/look-at-consent.ts'

const REGISTER = '/api/auth/oauth2/register'

let app: TestRuntime
let server: OAuthServerForTests
let person: Actor

beforeAll(async () => {
  app = await testRuntime({ limits: { unknown_per_second: 0, registrations_per_hour: 1_000_000 } })
  server = await serveOAuth(app)
})
afterAll(async () => {
  await server.close()
  await app.close()
})
/** Nobody has registered anything lately. */
function forgetSenders(): void {
  const none = () => ({ registrations: new Map<string, unknown>() })
  app.runtime.once('access.limits', none).registrations.clear()
}

beforeEach(async () => {
  person = await server.member()
})

const as = (actor: Actor): Actor => ({ ...actor, request: testRequest() })
const configure = (security: Partial<TestRuntime['runtime']['config']['security']>) =>
  Object.assign(app.runtime.config.security, security)

describe('registration', () => {
  it('takes what VS Code and Claude Code send, and answers what is kept of it', async () => {
    const vscode = {
      client_name: 'Visual Studio Code',
      client_uri: 'https://code.visualstudio.com',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      redirect_uris: ['http://127.0.0.1/', 'http://127.0.0.1:33418/'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    }
    const { status, body } = await server.send(REGISTER, vscode)
    expect(status).toBe(201)
    expect(body).toMatchObject({ client_name: 'Visual Studio Code', token_endpoint_auth_method: 'none' })
    const claude = {
      client_name: 'Claude Code (incipit)',
      redirect_uris: ['http://localhost:51234/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
      scope: 'prompts:read members:write',
    }
    const second = await server.send(REGISTER, claude)
    expect(second.body).toMatchObject({ token_endpoint_auth_method: 'none' })
    expect(second.body).not.toHaveProperty('client_secret')
    expect(String(second.body.scope)).not.toContain('members:write')
  })

  it('takes another port of this machine later', async () => {
    const id = await server.register({ redirect_uris: ['http://127.0.0.1/'] })
    const { query: asked } = ask(id, { redirect_uri: 'http://127.0.0.1:40000/' })
    expect(await lookAtConsent(as(person), { query: asked })).toMatchObject({
      redirect: { host: '127.0.0.1:40000', isLoopback: true },
      client: { origin: 'registration', host: null },
    })
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://tool.example/cb',
    'https://tool.example/cb#x',
    'https://tool.example/cb',
    'cursor://x/y',
  ])('case 16: is refused for %s', async (uri) => {
    const { status, body } = await server.send(REGISTER, { redirect_uris: ['http://127.0.0.1/cb', uri] })
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
  })

  it.each([{}, { redirect_uris: [] }, { redirect_uris: 'http://127.0.0.1/' }, { redirect_uris: [1] }])(
    'is refused for %j',
    async (metadata) => {
      const { status, body } = await server.send(REGISTER, metadata)
      expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
    },
  )

  it('is for all where the operator says so, and for nobody', async () => {
    const send = () => server.send(REGISTER, { redirect_uris: ['https://tool.example/cb'] })
    configure({ oauth_registration: 'open' })
    expect((await send()).status).toBe(201)
    configure({ oauth_registration: 'off' })
    expect((await send()).status).toBe(403)
    const { body } = await server.send('/.well-known/oauth-authorization-server')
    expect(body).not.toHaveProperty('registration_endpoint')
    configure({ oauth_registration: 'loopback' })
  })

  it('case 16: of many is too much', async () => {
    Object.assign(app.runtime.config.limits, { registrations_per_hour: 3 })
    forgetSenders()
    const answers = []
    for (let n = 0; n < 5; n++)
      answers.push(await server.send(REGISTER, { redirect_uris: ['http://127.0.0.1/'] }))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429, 429])
    expect(Number(answers[4]?.headers.get('retry-after'))).toBeGreaterThan(1000)
    Object.assign(app.runtime.config.limits, { registrations_per_hour: 1_000_000 })
    forgetSenders()
  })

  it('shows no name that could be more of the page', async () => {
    const id = await server.register({ client_name: ` Claude\u202e\nAllow\u0000 `.replace('\0', '') })
    expect(await lookAtConsent(as(person), ask(id))).toMatchObject({ client: { name: 'Claude Allow' } })
  })
})
