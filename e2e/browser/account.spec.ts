import { readFile } from 'node:fs/promises'
import { expectNoSidewaysScroll, expectNoViolations, THEMES, tabTo } from './accessible.ts'
import {
  type Account,
  type AccountsApp,
  addAuthenticator,
  addMember,
  ageSessions,
  OWNER,
  own,
  signIn,
  startAccounts,
  totpOf,
} from './accounts.ts'
import { uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test, untilUsable } from './test.ts'

let accounts: AccountsApp
test.beforeAll(async () => {
  accounts = await startAccounts(OWNER)
})
test.afterAll(() => accounts.stop())

const region = (page: Page, name: string) => page.getByRole('region', { name })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })

async function newMember(request: APIRequestContext, app = accounts, role = 'editor'): Promise<Account> {
  const name = uniqueName('holder')
  const account = { name, email: `${name}@example.org`, password: 'seven grey horses by night' }
  await signIn(request, app.url, OWNER)
  await addMember(request, app.url, { ...account, role })
  return account
}

/** Opens the account page as somebody new. */
async function openNew(page: Page, request: APIRequestContext): Promise<Account> {
  const member = await newMember(request)
  await signIn(page.request, accounts.url, member)
  await page.goto(`${accounts.url}/account`)
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible()
  return member
}

/** Adds a passkey under the name that the page proposes. */
async function addPasskey(page: Page) {
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const name = dialog(page, 'Add a passkey').getByLabel('Name')
  await expect(name).toHaveValue(/ on /)
  await name.press('Enter')
}

test.describe('the account page', () => {
  test('changes name, e-mail and password, and ends the other sessions with it', async ({
    page,
    request,
    browser,
  }) => {
    const member = await openNew(page, request)
    await page.getByRole('button', { name: 'Change the name' }).click()
    await dialog(page, 'Your name').getByLabel('Name').fill('Ada Lovelace')
    await page.keyboard.press('Enter')
    await expect(region(page, 'Profile')).toContainText('Ada Lovelace')
    await expect(page.getByRole('button', { name: 'Account of Ada Lovelace' })).toBeVisible()

    const email = `${uniqueName('new')}@example.org`
    await page.getByRole('button', { name: 'Change the e-mail' }).click()
    await dialog(page, 'Your e-mail').getByLabel('New e-mail').fill(email)
    await page.keyboard.press('Enter')
    await expect(region(page, 'Profile')).toContainText(email)

    const elsewhere = await browser.newContext()
    const password = 'quite another sentence'
    await signIn(elsewhere.request, accounts.url, { ...member, email })
    await page.getByRole('button', { name: 'Change the password' }).click()
    const change = dialog(page, 'Change the password')
    await expect(change.getByLabel('E-mail')).toHaveValue(email)
    await expect(change.getByLabel('Present password', { exact: true })).toBeFocused()
    await change.getByLabel('Present password', { exact: true }).fill('not this one, sorry')
    await change.getByLabel('New password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await expect(change.getByLabel('Present password', { exact: true })).toHaveAttribute(
      'aria-invalid',
      'true',
    )
    await change.getByLabel('Present password', { exact: true }).fill(member.password)
    await page.keyboard.press('Enter')
    await expect(notifications(page)).toContainText('Your other sessions have ended.')
    const response = await elsewhere.request.get(`${accounts.url}/api/me`)
    expect(response.status()).toBe(401)
    await signIn(elsewhere.request, accounts.url, { ...member, email, password })
    await elsewhere.close()
  })

  test('sets up an authenticator app, shows the recovery codes once, and takes it away', async ({
    page,
    request,
  }) => {
    await openNew(page, request)
    await region(page, 'Signing in').getByRole('button', { name: 'Set up' }).click()
    const setUp = dialog(page, 'Set up an authenticator app')
    await expect(setUp.getByRole('img', { name: /QR code/ })).toBeVisible()
    await expect(setUp.getByLabel('Code of six digits')).toBeFocused()
    await expectNoViolations(page)
    const key = (await setUp.locator('code').innerText()).replaceAll(' ', '')
    await page.keyboard.type('000000')
    await page.keyboard.press('Enter')
    await expect(setUp.getByRole('alert')).toContainText('This code is wrong.')
    await setUp.getByLabel('Code of six digits').fill(totpOf(key))
    await page.keyboard.press('Enter')
    const codes = dialog(page, 'Recovery codes')
    await expect(codes.getByRole('listitem')).toHaveCount(10)
    await expectNoViolations(page)
    const shown = await codes.getByRole('listitem').allInnerTexts()
    const coming = page.waitForEvent('download')
    await codes.getByRole('button', { name: 'Download' }).click()
    const file = await (await coming).path()
    expect((await readFile(file, 'utf8')).trim().split('\n')).toEqual(shown)
    // What is shown once is not closed by accident.
    await page.keyboard.press('Escape')
    await expect(codes).toBeVisible()
    await codes.getByRole('button', { name: 'I have kept them' }).click()
    await expect(region(page, 'Signing in')).toContainText('A code is asked for after the password.')
    await page.reload()
    expect(await page.content()).not.toContain(shown[0])

    await page.getByRole('button', { name: 'New recovery codes' }).click()
    await page.getByRole('button', { name: 'Make new codes' }).click()
    await expect(codes.getByRole('listitem')).toHaveCount(10)
    expect(await codes.getByRole('listitem').allInnerTexts()).not.toContain(shown[0])
    await codes.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('button', { name: 'Remove the authenticator app' }).click()
    await dialog(page, 'Remove the authenticator app').getByRole('button', { name: 'Remove' }).click()
    await expect(region(page, 'Signing in').getByRole('button', { name: 'Set up' })).toBeVisible()
  })

  test('adds, renames and removes a passkey', async ({ page, request }) => {
    await addAuthenticator(page)
    await openNew(page, request)
    await expect(region(page, 'Passkeys')).toContainText('You have none yet.')
    await addPasskey(page)
    await expect(notifications(page)).toContainText('The passkey is added.')
    // The authenticator knows that it has one.
    await addPasskey(page)
    await expect(dialog(page, 'Add a passkey').getByRole('alert')).toContainText('has a passkey')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Rename / }).click()
    await dialog(page, 'Rename the passkey').getByLabel('Name').fill('Work laptop')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove Work laptop' }).click()
    await dialog(page, 'Remove Work laptop').getByRole('button', { name: 'Remove' }).click()
    await expect(region(page, 'Passkeys')).toContainText('You have none yet.')
  })

  test('lists the sessions and ends them', async ({ page, request, browser }) => {
    const member = await openNew(page, request)
    const userAgents = ['Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0', 'curl/8.9']
    const others = await Promise.all(userAgents.map((userAgent) => browser.newContext({ userAgent })))
    for (const other of others) await signIn(other.request, accounts.url, member)
    await page.reload()
    // The fourth began when the invitation was accepted.
    const sessions = region(page, 'Sessions')
    await expect(sessions.getByRole('heading', { level: 3 })).toHaveCount(4)
    await expect(sessions.getByRole('heading', { level: 3 }).first()).toContainText('this device')
    await expect(sessions).toContainText('the server’s own machine')
    await sessions.getByRole('button', { name: 'Sign out Firefox on Linux' }).click()
    await expect(sessions.getByRole('heading', { level: 3 })).toHaveCount(3)
    await expect
      .poll(async () => (await others[0]?.request.get(`${accounts.url}/api/me`))?.status())
      .toBe(401)
    await sessions.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await dialog(page, 'Sign out everywhere else').getByRole('button', { name: 'Sign out' }).click()
    await expect(sessions.getByRole('heading', { level: 3 })).toHaveCount(1)
    await expect
      .poll(async () => (await others[1]?.request.get(`${accounts.url}/api/me`))?.status())
      .toBe(401)
    for (const other of others) await other.close()
  })

  test('makes a key, shows it once, rotates and revokes it', async ({ page, request }) => {
    await openNew(page, request)
    const keys = page.getByRole('region', { name: 'Keys', exact: true })
    await expect(keys).toContainText('You have none.')
    await keys.getByRole('button', { name: 'New key' }).click()
    await dialog(page, 'New API key').getByLabel('Name').fill('Reading bot')
    await page.keyboard.press('Enter')
    const made = page.getByRole('dialog', { name: /Reading bot/ })
    const key = await made.getByRole('region', { name: 'API key' }).innerText()
    expect(key).toMatch(/^inc_/)
    const send = (bearer: string) =>
      fetch(`${accounts.url}/api/prompts`, { headers: { authorization: `Bearer ${bearer}` } })
    expect((await send(key)).status).toBe(200)
    await made.getByRole('button', { name: 'Done' }).click()
    await expect(keys.getByRole('heading', { name: 'Reading bot' })).toBeVisible()
    expect(await page.content()).not.toContain(key)
    await keys.getByRole('button', { name: 'Revoke Reading bot' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await expect(keys).toContainText('You have none.')
    await expect.poll(async () => (await send(key)).status).toBe(401)
    await expect(region(page, 'Connected clients')).toBeVisible()
  })

  test('gives one’s data as a file, and lets one leave', async ({ page, request }) => {
    const member = await openNew(page, request)
    const coming = page.waitForEvent('download')
    await region(page, 'Your data').getByRole('button', { name: 'Download' }).click()
    const exported = JSON.parse(await readFile(await (await coming).path(), 'utf8'))
    expect(exported.person).toMatchObject({ email: member.email, name: member.name })
    await page.getByRole('button', { name: 'Leave this workspace…' }).click()
    await dialog(page, 'Leave this workspace').getByRole('button', { name: 'Leave' }).click()
    await expect(page).toHaveURL(`${accounts.url}/sign-in`)
    await untilUsable(page)
    await page.getByLabel('E-mail').fill(member.email)
    await page.getByLabel('Password', { exact: true }).fill(member.password)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('main').getByRole('alert')).toContainText(
      'The e-mail or the password is wrong.',
    )
  })

  test('is used by keyboard alone: a dialog gives the focus back, and a session is ended', async ({
    page,
    request,
  }) => {
    await openNew(page, request)
    const change = page.getByRole('button', { name: 'Change the name' })
    await tabTo(page, change)
    await page.keyboard.press('Enter')
    await expect(dialog(page, 'Your name').getByLabel('Name')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(change).toBeFocused()
    // The other one began when the invitation was accepted.
    const sessions = region(page, 'Sessions')
    await expect(sessions.getByRole('heading', { level: 3 })).toHaveCount(2)
    await tabTo(page, sessions.getByRole('button', { name: /^Sign out (?!everywhere)/ }))
    await page.keyboard.press('Enter')
    await expect(sessions.getByRole('heading', { level: 3 })).toHaveCount(1)
  })

  for (const colorScheme of THEMES)
    test(`has no accessibility violation in the ${colorScheme} theme, and fits 360 px`, async ({
      page,
      request,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await openNew(page, request)
      await expect(region(page, 'Sessions').getByText('this device')).toBeVisible()
      await expectNoViolations(page)
      await page.setViewportSize({ width: 360, height: 740 })
      await expectNoSidewaysScroll(page)
      await expectNoViolations(page)
    })
})

test.describe('what takes a fresh sign-in', () => {
  test('a dialog takes the password, and what was asked for goes on', async ({ page, request }) => {
    const member = await openNew(page, request)
    await ageSessions(accounts, member)
    await region(page, 'Signing in').getByRole('button', { name: 'Set up' }).click()
    const proof = dialog(page, 'Confirm that it is you')
    await expect(proof.getByLabel('Password', { exact: true })).toBeFocused()
    await expectNoViolations(page)
    await page.keyboard.type('wrong in every way')
    await page.keyboard.press('Enter')
    await expect(proof.getByRole('alert')).toContainText('The password is wrong.')
    await page.keyboard.type(member.password)
    await page.keyboard.press('Enter')
    await expect(proof).toHaveCount(0)
    await expect(dialog(page, 'Set up an authenticator app').getByRole('img')).toBeVisible()
  })

  test('it takes a passkey, too; given up, the refusal is told in its place', async ({ page, request }) => {
    await addAuthenticator(page)
    const member = await openNew(page, request)
    await addPasskey(page)
    await expect(notifications(page)).toContainText('The passkey is added.')
    await ageSessions(accounts, member)
    await page.getByRole('button', { name: /^Remove .* on / }).click()
    const question = page.getByRole('dialog', { name: /^Remove / })
    await question.getByRole('button', { name: 'Remove' }).click()
    const proof = dialog(page, 'Confirm that it is you')
    await expect(proof).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(question.getByRole('alert')).toContainText(/sign in/i)
    await question.getByRole('button', { name: 'Remove' }).click()
    await proof.getByRole('button', { name: 'Use a passkey' }).click()
    await expect(region(page, 'Passkeys')).toContainText('You have none yet.')
  })
})

test.describe('a role that must have a second factor', () => {
  test('leads to the account until it is set up', async ({ page, request }) => {
    const must = await startAccounts(OWNER, { config: { security: { second_factor_roles: ['editor'] } } })
    const member = await newMember(request, must)
    await signIn(page.request, must.url, member)
    await page.goto(`${must.url}/prompts`)
    await expect(page).toHaveURL(`${must.url}/account`)
    await expect(page.getByRole('main')).toContainText('Your role needs a second factor')
    await expectNoViolations(page)
    await region(page, 'Signing in').getByRole('button', { name: 'Set up' }).click()
    const setUp = dialog(page, 'Set up an authenticator app')
    const key = (await setUp.locator('code').innerText()).replaceAll(' ', '')
    await setUp.getByLabel('Code of six digits').fill(totpOf(key))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await expect(page).toHaveURL(`${must.url}/prompts`)
    await expect(page.getByRole('heading', { level: 1, name: 'Prompts' })).toBeVisible()
    const { must: left } = await own(page.request, must.url, 'GET', '/api/me')
    expect(left).toEqual([])
    await must.stop()
  })
})
