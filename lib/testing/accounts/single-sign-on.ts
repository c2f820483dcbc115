import { expect } from 'vitest'
import { recognizeSessions } from '../../people/auth/identify-session.ts'
import { type TestRuntime, testRuntime } from '../runtime.ts'
import { OidcDouble } from './oidc-double.ts'
import { type Visitor, withAccounts } from './visitor.ts'

type Settings = NonNullable<TestRuntime['runtime']['config']['security']['single_sign_on']>

/** An app with accounts and a provider that signs in whom the test says. */
export interface SingleSignOnApp {
  readonly app: TestRuntime
  readonly provider: OidcDouble
  readonly settings: Settings
  /** The whole way of a browser. @returns where it ends */
  readonly come: (visitor: Visitor, body?: object, path?: string) => Promise<string | null>
  readonly stop: () => Promise<void>
}

export async function startSingleSignOn(): Promise<SingleSignOnApp> {
  const provider = await OidcDouble.start()
  const settings: Settings = {
    issuer: provider.issuer,
    client_id: 'incipit',
    name: 'Example',
    allowed_domains: ['example.org'],
    roles: { writers: 'editor', chiefs: 'admin' },
    only: false,
  }
  // Public, so that the provider's private address is reached for its being configured alone.
  const app = await testRuntime({
    security: { single_sign_on: settings, allow_open: true },
    limits: { unknown_per_second: 0 },
  })
  app.runtime.config.keys.singleSignOn = provider.secret
  recognizeSessions()
  await withAccounts()
  return {
    app,
    provider,
    settings,
    async come(visitor, body = {}, path = '/sign-in/oauth2') {
      const begun = await visitor.post(path, { callbackURL: '/prompts/a?b#c', ...body })
      expect(begun.status).toBe(200)
      const back = await provider.visit(begun.body.url)
      const answer = await visitor.get(`/oauth2/callback/sso${back}`)
      expect(answer.status).toBe(303)
      return answer.headers.get('location')
    },
    async stop() {
      await app.close()
      await provider.stop()
    },
  }
}
