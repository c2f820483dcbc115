import { OidcDouble } from '#lib/testing/accounts/oidc-double.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { expectNoViolations } from './accessible.ts'
import { type AccountsApp, invite, OWNER, signIn, startAccounts } from './accounts.ts'
import { expect, test } from './test.ts'

/* Where single sign-on is the only way. */

let provider: OidcDouble
let accounts: AccountsApp
let only: RunningApp
test.beforeAll(async () => {
  provider = await OidcDouble.start()
  accounts = await startAccounts(OWNER)
  only = await startApp({
    database: accounts.app.databaseUrl ?? '',
    env: { INCIPIT_SSO_CLIENT_SECRET: provider.secret },
    config: {
      security: {
        single_sign_on: { issuer: provider.issuer, client_id: 'incipit', name: 'Example', only: true },
      },
    },
  })
})
test.afterAll(async () => {
  await only.stop()
  await accounts.stop()
  await provider.stop()
})

test('an invitation leads to the provider, says which e-mail it is for, and is accepted there', async ({
  page,
}) => {
  const email = 'sam.single@example.org'
  await signIn(page.request, accounts.url, OWNER)
  const link = await invite(page.request, accounts.url, { email, role: 'publisher' })
  await page.context().clearCookies()
  const here = `http://localhost:${only.port}`
  const invitation = `${here}/invitation#${link.split('#')[1]}`
  const person = { sub: 'sam', email_verified: true, name: 'Sam Single' }

  provider.person = { ...person, email: 'sam@elsewhere.example' }
  await page.goto(invitation)
  await expect(page.getByText(`Sign in at Example as ${email}`)).toBeVisible()
  await expect(page.getByLabel('Password')).toHaveCount(0)
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Continue with Example' }).press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'another e-mail address' })).toBeVisible()
  expect(provider.asked.get('login_hint')).toBe(email)

  provider.person = { ...person, email }
  await page.goto(invitation)
  await page.getByRole('button', { name: 'Continue with Example' }).press('Enter')
  await expect(page).toHaveURL(`${here}/prompts`)
  const me = await (await page.request.get(`${here}/api/me`)).json()
  expect(me).toMatchObject({ role: 'publisher', person: { email, email_verified: true, name: 'Sam Single' } })
})
