import { expectNoViolations } from './accessible.ts'
import {
  type Account,
  type AccountsApp,
  addAuthenticator,
  addMember,
  invite,
  OWNER,
  own,
  post,
  signIn,
  startAccounts,
  totpOf,
} from './accounts.ts'
import { uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Locator, type Page, test, untilUsable } from './test.ts'

let accounts: AccountsApp
test.beforeAll(async () => {
  accounts = await startAccounts(OWNER)
})
test.afterAll(() => accounts.stop())

type Place = Page | Locator
const email = (place: Place) => place.getByLabel('E-mail')
const password = (place: Place) => place.getByLabel('Password', { exact: true })
const fault = (page: Page) => page.getByRole('main').getByRole('alert')
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

async function fillIn(page: Page, account: Account) {
  await email(page).fill(account.email)
  await password(page).fill(account.password)
}

/** Somebody whom no other test changes; the browser of `request` stays signed in as the owner. */
async function newMember(request: APIRequestContext, role = 'editor'): Promise<Account> {
  const name = uniqueName('member')
  const account = { name, email: `${name}@example.org`, password: 'seven grey horses by night' }
  await signIn(request, accounts.url, OWNER)
  await addMember(request, accounts.url, { ...account, role })
  return account
}

test.describe('signing in', () => {
  test('leads to the page that was asked for, as password managers fill it in, and by keyboard', async ({
    page,
  }) => {
    await page.goto(`${accounts.url}/prompts/few_shot?version=1`)
    const form = page.locator('form')
    await expect(form).toHaveAttribute('method', 'post')
    await expect(form).toHaveAttribute('action', '/api/auth/sign-in/email')
    await expect(email(page)).toHaveAttribute('autocomplete', 'username webauthn')
    await expect(password(page)).toHaveAttribute('autocomplete', 'current-password')
    // A password manager sets the values, and nobody types.
    await page.evaluate(
      ([address, word]) => {
        const fields = document.querySelectorAll('input')
        if (fields[0]) fields[0].value = address ?? ''
        if (fields[1]) fields[1].value = word ?? ''
      },
      [OWNER.email, OWNER.password],
    )
    await password(page).press('Enter')
    await expect(page).toHaveURL(`${accounts.url}/prompts/few_shot?version=1`)
    await expect(page.getByRole('button', { name: `Account of ${OWNER.name}` })).toBeVisible()
    // Whoever is signed in has no business there.
    await page.goto(`${accounts.url}/sign-in?next=/categories`)
    await expect(page).toHaveURL(`${accounts.url}/categories`)
  })

  test('never leads to another server', async ({ page }) => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/%09/evil.example']) {
      await page.context().clearCookies()
      await page.goto(`${accounts.url}/sign-in?next=${encodeURIComponent(next)}`)
      await fillIn(page, OWNER)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/(?:prompts|%09)/)
    }
  })

  test('tells nobody whether an account exists, and what to do', async ({ page, request }) => {
    const member = await newMember(request)
    const words: string[] = []
    for (const typed of [
      { ...member, password: 'not the right one at all' },
      { ...member, email: 'nobody@example.org' },
    ]) {
      await page.goto(`${accounts.url}/sign-in`)
      await fillIn(page, typed)
      await password(page).press('Enter')
      await expect(fault(page)).toContainText('The e-mail or the password is wrong.')
      await expect(password(page)).toBeFocused()
      await expect(email(page)).toHaveValue(typed.email)
      words.push(await fault(page).innerText())
    }
    expect(words[0]).toBe(words[1])
    await expectNoViolations(page)
    await email(page).fill('not an address')
    await password(page).press('Enter')
    await expect(email(page)).toBeFocused()
    await expect(page.getByText('This is no e-mail address.')).toBeVisible()
  })

  test('says how long to wait after too many attempts, and keeps what was typed', async ({ page }) => {
    await page.route('**/api/auth/sign-in/email', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '840', 'content-type': 'application/problem+json' },
        body: JSON.stringify({ status: 429, code: 'rate_limited', title: 'Too many', detail: 'Wait.' }),
      }),
    )
    await page.goto(`${accounts.url}/sign-in`)
    await fillIn(page, OWNER)
    await password(page).press('Enter')
    await expect(fault(page)).toContainText('Try again in 14 minutes.')
    await expect(fault(page)).toContainText(/1[34]:\d\d left/)
    await page.unroute('**/api/auth/sign-in/email')
    await password(page).press('Enter')
    await expect(page).toHaveURL(`${accounts.url}/prompts`)
  })

  test('says that the server is away, and goes on when it is back', async ({ page }) => {
    await page.goto(`${accounts.url}/sign-in`)
    await fillIn(page, OWNER)
    await page.route('**/{api,health}/**', (route) => route.abort())
    await password(page).press('Enter')
    await expect(page.getByText('What you typed stays here')).toBeVisible()
    await expect(fault(page)).toContainText('cannot be reached')
    await page.unroute('**/{api,health}/**')
    await expect(page.getByText('What you typed stays here')).toHaveCount(0)
    await password(page).press('Enter')
    await expect(page).toHaveURL(`${accounts.url}/prompts`)
  })

  test('asks for the second factor, or for a recovery code, once', async ({ page, request, playwright }) => {
    const member = await newMember(request)
    const theirs = await playwright.request.newContext()
    await signIn(theirs, accounts.url, member)
    const begun = await own(theirs, accounts.url, 'POST', '/api/auth/two-factor/enable', {})
    const key = new URL(String(begun.totpURI)).searchParams.get('secret') ?? ''
    await own(theirs, accounts.url, 'POST', '/api/auth/two-factor/verify-totp', { code: totpOf(key) })
    await theirs.dispose()
    const [recovery = ''] = begun.backupCodes as string[]

    await page.goto(`${accounts.url}/sign-in`)
    await fillIn(page, member)
    await password(page).press('Enter')
    const code = page.getByLabel('Code of six digits')
    await expect(code).toBeFocused()
    await expect(code).toHaveAttribute('autocomplete', 'one-time-code')
    await expectNoViolations(page)
    await code.fill('000000')
    await code.press('Enter')
    await expect(fault(page)).toContainText('This code is wrong.')
    await expect(code).toBeFocused()
    const next = totpOf(key, 1)
    await code.fill(`${next.slice(0, 3)} ${next.slice(3)}`)
    await code.press('Enter')
    await expect(page).toHaveURL(`${accounts.url}/prompts`)

    for (const fits of [true, false]) {
      await page.context().clearCookies()
      await page.goto(`${accounts.url}/sign-in`)
      await fillIn(page, member)
      await password(page).press('Enter')
      await page.getByRole('button', { name: 'Use a recovery code' }).click()
      await expect(page.getByLabel('Recovery code')).toBeFocused()
      await page.getByLabel('Recovery code').fill(recovery.toUpperCase())
      await page.keyboard.press('Enter')
      if (fits) await expect(page).toHaveURL(`${accounts.url}/prompts`)
      else await expect(fault(page)).toContainText('wrong, or it was used already')
    }
    await page.getByRole('button', { name: 'Start over' }).click()
    await expect(email(page)).toBeVisible()
  })

  test('takes a passkey, by its button and from the list at the e-mail field', async ({ page, request }) => {
    const member = await newMember(request)
    await addAuthenticator(page)
    await page.goto(`${accounts.url}/sign-in?next=/account`)
    await fillIn(page, member)
    await password(page).press('Enter')
    await expect(page).toHaveURL(`${accounts.url}/account`)
    await untilUsable(page)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await dialog(page, 'Add a passkey').getByLabel('Name').fill('Test device')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Test device' })).toBeVisible()
    await page.context().clearCookies()
    await page.goto(`${accounts.url}/sign-in?next=/categories`)
    // The authenticator of the test answers what is offered in the list by itself.
    await expect(page).toHaveURL(`${accounts.url}/categories`)
    await page.context().clearCookies()
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)
    })
    await page.goto(`${accounts.url}/sign-in`)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await expect(page).toHaveURL(`${accounts.url}/prompts`)
  })
})

test.describe('a session that ends', () => {
  test('is begun again over the page, which keeps what is typed and saves it', async ({ page, request }) => {
    const member = await newMember(request, 'publisher')
    await signIn(page.request, accounts.url, member)
    await page.goto(`${accounts.url}/prompts/new`)
    const name = uniqueName('kept')
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.locator('.cm-content').first().click()
    await page.keyboard.type('Typed before the session ended.')
    // Nothing is under way that would be refused first.
    await expect(page.getByText('free', { exact: true })).toBeVisible()
    await page.keyboard.press('ControlOrMeta+s')
    const save = dialog(page, 'Save the prompt')
    await expect(save).toBeVisible()
    await page.context().clearCookies()
    await save.getByRole('button', { name: /^(?:Save|Create)/ }).click()
    const again = dialog(page, 'Sign in again')
    await expect(email(again)).toHaveValue(member.email)
    await expect(password(again)).toBeFocused()
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    await expect(again).toHaveCount(0)
    await expect(page.getByText('You are signed out. What you typed stays here.')).toBeVisible()
    // Whatever changes something asks again.
    await save.getByRole('button', { name: /^(?:Save|Create)/ }).click()
    await password(again).fill(member.password)
    await password(again).press('Enter')
    await expect(page).toHaveURL(`${accounts.url}/prompts/${name}`)
    await expect(page.getByText('You are signed out.')).toHaveCount(0)
    await expect(page.getByText('Typed before the session ended.').first()).toBeVisible()
  })

  test('is begun again in another tab, and the question goes', async ({ page, request, context }) => {
    const member = await newMember(request)
    await signIn(page.request, accounts.url, member)
    await page.goto(`${accounts.url}/account`)
    for (const read of ['this device', 'You have none yet.', 'You have none.', 'None is connected.'])
      await expect(page.getByText(read, { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Change the name' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Renamed')
    await page.context().clearCookies()
    await page.keyboard.press('Enter')
    const again = dialog(page, 'Sign in again')
    await expect(again).toBeVisible()
    const other = await context.newPage()
    await other.goto(`${accounts.url}/sign-in`)
    await fillIn(other, member)
    await password(other).press('Enter')
    await expect(other).toHaveURL(`${accounts.url}/prompts`)
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Account of Renamed' })).toBeVisible()
  })
})

test.describe('signing out', () => {
  test('forgets what the browser kept, asks about text that is not saved, and ends other tabs', async ({
    page,
    request,
    context,
  }) => {
    const member = await newMember(request)
    await signIn(page.request, accounts.url, member)
    await page.goto(`${accounts.url}/prompts/few_shot`)
    await page.locator('.cm-content').first().click()
    await page.keyboard.type('Unsaved words. ')
    const other = await context.newPage()
    await other.goto(`${accounts.url}/categories`)
    await page.getByRole('button', { name: `Account of ${member.name}` }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    const question = dialog(page, 'Sign out')
    await expect(question).toContainText('1 text is not saved')
    await expect(question).toContainText('few_shot')
    await expectNoViolations(page)
    page.on('dialog', (asked) => void asked.accept())
    await question.getByRole('button', { name: 'Discard and sign out' }).click()
    await expect(page).toHaveURL(`${accounts.url}/sign-in`)
    await expect(other).toHaveURL(/\/sign-in/)
    const kept = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => /draft|recent|playground|values/.test(key)),
    )
    expect(kept).toEqual([])
    await page.goBack()
    await expect(page).toHaveURL(/\/sign-in/)
  })
})

test.describe('an invitation', () => {
  test('shows who invites whom, takes name and password, and works once', async ({ page, request }) => {
    await signIn(request, accounts.url, OWNER)
    const address = `${uniqueName('guest')}@example.org`
    const link = await invite(request, accounts.url, { email: address, role: 'publisher' })
    await page.goto(link.replace(/^https?:\/\/[^/]+/, accounts.url))
    await expect(page).toHaveURL(`${accounts.url}/invitation`)
    await expect(page.getByRole('main')).toContainText(`${OWNER.name} invites you to Incipit as a publisher`)
    await expect(email(page)).toHaveValue(address)
    await expect(email(page)).toHaveAttribute('readonly', '')
    await expectNoViolations(page)
    await page.getByLabel('Name', { exact: true }).fill('Gesine Guest')
    await password(page).fill('wide open doors in may')
    await page.getByRole('button', { name: 'Accept and sign in' }).click()
    await expect(page).toHaveURL(`${accounts.url}/prompts`)
    await expect(page.getByRole('button', { name: 'Account of Gesine Guest' })).toBeVisible()

    await page.goto('about:blank')
    await page.goto(link.replace(/^https?:\/\/[^/]+/, accounts.url))
    await expect(fault(page)).toContainText('was used already, has expired or was taken back')
  })
})

test.describe('a link for a new password', () => {
  test('sets it once, ends all sessions, and leads to the sign-in', async ({ page, request, browser }) => {
    const member = await newMember(request)
    const signedIn = await browser.newContext()
    await signIn(signedIn.request, accounts.url, member)
    const { items } = await own(request, accounts.url, 'GET', '/api/members')
    const { id } = (items as { id: string; email: string }[]).find((each) => each.email === member.email) ?? {
      id: '',
    }
    const { url } = await own(request, accounts.url, 'POST', `/api/members/${id}/reset`)
    const link = String(url).replace(/^https?:\/\/[^/]+/, accounts.url)
    const changed = { ...member, password: 'another grey horse entirely' }
    await page.goto(link)
    await expect(page).toHaveURL(`${accounts.url}/reset`)
    await expectNoViolations(page)
    await page.getByLabel('New password').fill(changed.password)
    await page.getByRole('button', { name: 'Set the new password' }).click()
    await expect(page.getByText('All sessions have ended')).toBeVisible()
    const old = await signedIn.newPage()
    await old.goto(`${accounts.url}/prompts`)
    await expect(old).toHaveURL(/\/sign-in/)
    await signedIn.close()
    await page.getByRole('link', { name: 'To the sign-in' }).click()
    await expect(page).toHaveURL(`${accounts.url}/sign-in`)
    await fillIn(page, changed)
    await password(page).press('Enter')
    await expect(page).toHaveURL(`${accounts.url}/prompts`)

    await page.goto('about:blank')
    await page.goto(link)
    await page.getByLabel('New password').fill(changed.password)
    await page.getByRole('button', { name: 'Set the new password' }).click()
    await expect(fault(page)).toContainText('This link is not valid any more')
  })

  test('is explained where no mail is sent', { tag: '@full' }, async ({ page }) => {
    await page.goto(`${accounts.url}/reset`)
    await expect(page.getByRole('main')).toContainText('an admin or an owner makes for you')
    expect((await post(accounts.url, '/api/auth/sign-out', {})).ok).toBe(true)
  })
})
