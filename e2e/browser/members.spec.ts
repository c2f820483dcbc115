import pg from 'pg'
import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import {
  type Account,
  type AccountsApp,
  addMember,
  OWNER,
  own,
  post,
  signIn,
  startAccounts,
} from './accounts.ts'
import { expect, type Page, test } from './test.ts'

const PASSWORD = 'a long way to the hills'
const account = (name: string): Account => ({
  name,
  email: `${name.toLowerCase().replaceAll(' ', '.')}@example.org`,
  password: PASSWORD,
})

const row = (page: Page, name: string) =>
  page.locator('[data-index]').filter({ has: page.getByRole('button', { name, exact: true }) })
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })

let accounts: AccountsApp
test.beforeAll(async () => {
  accounts = await startAccounts(OWNER)
})
test.afterAll(() => accounts.stop())

async function open(page: Page, who: Account = OWNER) {
  await signIn(page.request, accounts.url, who)
  await page.goto(`${accounts.url}/settings/members`)
  await expect(page.getByRole('heading', { name: 'Members' })).toBeVisible()
}

/** A member of a role, made by the owner, whose session the page's browser has then. */
async function join(page: Page, name: string, role: string): Promise<Account> {
  const who = account(name)
  await signIn(page.request, accounts.url, OWNER)
  await addMember(page.request, accounts.url, { ...who, role })
  return who
}

/** What a member's own browser is answered. */
async function statusFor(page: Page, who: Account): Promise<() => Promise<number>> {
  const context = await page.context().browser()?.newContext()
  if (context === undefined) throw new Error('There is no browser.')
  await signIn(context.request, accounts.url, who)
  return async () => (await context.request.get(`${accounts.url}/api/me`)).status()
}

async function act(page: Page, name: string, item: string) {
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test.describe('members', () => {
  test('are invited by keyboard, with a link that is shown once, and stand in the list when they came', async ({
    page,
  }) => {
    const { name, email } = account('Ines Invited')
    await open(page)
    await page.getByRole('button', { name: 'Invite', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByLabel('E-mail')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByText('Give the e-mail address of the person.')).toBeVisible()
    await page.keyboard.type(email)
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('button', { name: /^Publisher Role/ })).toBeFocused()
    await page.getByLabel('E-mail').press('Enter')
    const made = dialog(page, `Invitation for ${email}`)
    const link = (await made.locator('code').textContent()) ?? ''
    expect(link).toMatch(new RegExp(`^${accounts.url}/invitation#.{20,}`))
    // It cannot be made to go by accident.
    await page.keyboard.press('Escape')
    await expect(made).toBeVisible()
    await made.getByRole('button', { name: 'Done' }).click()
    const invitations = page.getByRole('region', { name: 'Invitations' })
    await expect(invitations).toContainText(`Publisher · invited by ${OWNER.name}`)
    await page.reload()
    expect(await page.content()).not.toContain(link.split('#')[1])

    const token = link.split('#')[1] ?? ''
    await post(accounts.url, '/api/auth/invitation/accept', { token, name, password: PASSWORD })
    await page.reload()
    await expect(row(page, name)).toContainText(email)
    await expect(row(page, name)).toContainText('No second factor')
    await expect(row(page, name).getByRole('button', { name: /Role of Ines/ })).toContainText('Publisher')
    await expect(invitations).toHaveCount(0)
  })

  test('lose an invitation that is revoked', { tag: '@full' }, async ({ page }) => {
    await open(page)
    const { url } = await own(page.request, accounts.url, 'POST', '/api/invitations', {
      email: 'late@example.org',
      role: 'viewer',
    })
    await page.reload()
    await page.getByRole('button', { name: 'Revoke the invitation of late@example.org' }).click()
    await dialog(page, 'Revoke the invitation').getByRole('button', { name: 'Revoke' }).click()
    await expect(notifications(page)).toContainText('The invitation of late@example.org is revoked.')
    const token = String(url).split('#')[1] ?? ''
    const headers = { origin: accounts.url }
    const look = await page.request.post(`${accounts.url}/api/auth/invitation/look`, {
      data: { token },
      headers,
    })
    expect(look.ok()).toBe(false)
  })

  test('get another role at once, and the last owner keeps theirs', async ({ page }) => {
    const { name } = await join(page, 'Rita Role', 'viewer')
    await open(page)
    await row(page, name)
      .getByRole('button', { name: /Role of Rita/ })
      .click()
    await page.getByRole('option', { name: /^Editor/ }).click()
    await expect(notifications(page)).toContainText(`${name} has the role editor now.`)
    await notifications(page).getByRole('button', { name: 'Undo' }).click()
    await expect(row(page, name).getByRole('button', { name: /Role of Rita/ })).toContainText('Viewer')
    await row(page, OWNER.name)
      .getByRole('button', { name: /Role of/ })
      .click()
    await page.getByRole('option', { name: /^Admin/ }).click()
    await expect(notifications(page)).toContainText(`${OWNER.name} was not changed.`)
    await expect(row(page, OWNER.name).getByRole('button', { name: /Role of/ })).toContainText('Owner')
  })

  test('are narrowed to categories', async ({ page }) => {
    const { name } = await join(page, 'Cara Category', 'editor')
    await open(page)
    await page.getByRole('button', { name, exact: true }).click()
    const form = dialog(page, name)
    await form.getByRole('radio', { name: 'Some categories' }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByText('Tick a category, or choose all of them.')).toBeVisible()
    await form.getByRole('checkbox', { name: 'Techniques' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(row(page, name)).toContainText('Writes in Techniques')
    await page.reload()
    await expect(row(page, name)).toContainText('Writes in Techniques')
  })

  test('are removed after a question that names what ends, and it ends', async ({ page }) => {
    const who = await join(page, 'Gus Gone', 'editor')
    const status = await statusFor(page, who)
    await signIn(page.request, accounts.url, who)
    await own(page.request, accounts.url, 'POST', '/api/keys', { name: 'Laptop of Gus', preset: 'agent' })
    expect(await status()).toBe(200)
    await open(page)
    await act(page, who.name, 'Remove…')
    const question = dialog(page, `Remove ${who.name}`)
    await expect(question).toContainText(`All sessions of ${who.email}`)
    await expect(question).toContainText('Personal keys: Laptop of Gus')
    await expect(question).toContainText('Nothing is handed on')
    await question.getByRole('button', { name: 'Remove' }).click()
    await expect(notifications(page)).toContainText(`${who.name} is no member any more.`)
    await expect(row(page, who.name)).toHaveCount(0)
    await expect.poll(status, { timeout: 2_000 }).toBe(401)
  })

  test('are deactivated and activated again', { tag: '@full' }, async ({ page }) => {
    const who = await join(page, 'Dora Dormant', 'editor')
    const status = await statusFor(page, who)
    await open(page)
    await act(page, who.name, 'Deactivate…')
    await dialog(page, `Deactivate ${who.name}`).getByRole('button', { name: 'Deactivate' }).click()
    await expect(row(page, who.name)).toContainText('deactivated')
    await expect.poll(status, { timeout: 2_000 }).toBe(401)
    await act(page, who.name, 'Activate')
    await expect(notifications(page)).toContainText(`${who.name} can sign in again.`)
    await expect(row(page, who.name)).not.toContainText('deactivated')
  })

  test('get a link for a new password, shown once', async ({ page }) => {
    const who = await join(page, 'Pia Password', 'viewer')
    await open(page)
    await act(page, who.name, 'Make a reset link…')
    await dialog(page, `Reset the password of ${who.name}`)
      .getByRole('button', { name: 'Make the link' })
      .click()
    const made = dialog(page, `Reset link for ${who.name}`)
    const link = (await made.locator('code').textContent()) ?? ''
    await made.getByRole('button', { name: 'Done' }).click()
    expect(await page.content()).not.toContain(link)
    const token = link.split('#')[1] ?? ''
    await post(accounts.url, '/api/auth/reset', { token, password: 'another way to the hills' })
    await signIn(page.request, accounts.url, { ...who, password: 'another way to the hills' })
  })

  test('below admin are changed by an admin, and others are explained', async ({ page }) => {
    const admin = await join(page, 'Ada Admin', 'admin')
    await addMember(page.request, accounts.url, { ...account('Vera Viewer'), role: 'viewer' })
    await open(page, admin)
    await expect(row(page, OWNER.name).getByRole('button', { name: /Role of/ })).toHaveCount(0)
    const actions = page.getByRole('button', { name: `Actions for ${OWNER.name}` })
    await expect(actions).toHaveAttribute('aria-disabled', 'true')
    await actions.press('Enter')
    await expect(notifications(page)).toContainText('Only an owner changes admins and owners.')
    await row(page, 'Vera Viewer')
      .getByRole('button', { name: /Role of Vera/ })
      .click()
    await expect(page.getByRole('option')).toHaveText([/^Viewer/, /^Editor/, /^Publisher/])
  })

  test('who may not see them are not offered the section, and its address says so', async ({ page }) => {
    const viewer = await join(page, 'Vic Viewer', 'viewer')
    await signIn(page.request, accounts.url, viewer)
    await page.goto(`${accounts.url}/settings`)
    await expect(page).toHaveURL(`${accounts.url}/settings/keys`)
    const sections = page.getByRole('navigation', { name: 'Settings' })
    await expect(sections.getByRole('link')).toHaveText(['Keys', 'Appearance'])
    for (const section of ['ai', 'members', 'labels', 'audit', 'system']) {
      const answer = await page.goto(`${accounts.url}/settings/${section}`)
      expect([section, answer?.status()]).toEqual([section, 403])
      await expect(page.getByRole('heading', { name: 'Not open to your role' })).toBeVisible()
    }
    await expect(sections).toBeVisible()
  })
})

for (const colorScheme of THEMES)
  test(`who was removed or deactivated is listed, and comes back by keyboard, at 360 px, ${colorScheme}`, {
    tag: colorScheme === 'light' ? [] : ['@full'],
  }, async ({ page }) => {
    const [off, gone] = [
      await join(page, `Dan Dormant ${colorScheme}`, 'editor'),
      await join(page, `Gil Gone ${colorScheme}`, 'editor'),
    ]
    const { items } = (await own(page.request, accounts.url, 'GET', '/api/members?limit=200')) as {
      items: { id: string; name: string; etag: string }[]
    }
    const send = async (method: string, name: string, data?: object) => {
      const { id, etag } = items.find((each) => each.name === name) ?? { id: '', etag: '' }
      const headers = { origin: accounts.url, 'sec-fetch-site': 'same-origin', 'if-match': etag }
      const answer = await page.request.fetch(`${accounts.url}/api/members/${id}`, {
        method,
        headers,
        ...(data && { data }),
      })
      expect(answer.ok()).toBe(true)
    }
    await send('PATCH', off.name, { deactivated: true })
    await send('DELETE', gone.name)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 360, height: 740 })
    await open(page)
    const filter = page.getByRole('radiogroup', { name: 'Who is shown' })
    await filter.getByRole('radio', { name: 'Members' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    await expect(row(page, off.name)).toContainText(`Deactivated`)
    await expect(row(page, off.name)).toContainText(`by ${OWNER.name}`)
    await expect(row(page, OWNER.name)).toHaveCount(0)
    await page.getByRole('button', { name: `Actions for ${off.name}` }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Activate' }).focus()
    await page.keyboard.press('Enter')
    await expect(notifications(page)).toContainText(`${off.name} can sign in again.`)
    await expect(row(page, off.name)).toHaveCount(0)

    await filter.getByRole('radio', { name: 'Deactivated' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    const removed = page.locator('[data-index]').filter({ hasText: gone.name })
    await expect(removed).toContainText(gone.email)
    await expect(removed).toContainText(/Removed .* by Olga Owner/)
    await expectNoViolations(page)
    await expectNoSidewaysScroll(page)
    await page.getByRole('button', { name: `Invite again: ${gone.name}` }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByLabel('E-mail')).toHaveValue(gone.email)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: `Erase ${gone.name}` }).press('Enter')
    await dialog(page, `Erase ${gone.name}`).getByRole('button', { name: 'Erase' }).press('Enter')
    await expect(removed).toHaveCount(0)
  })

test('a thousand members are a list like any other: found, walked through, and few of them in the page', {
  tag: '@full',
}, async ({ page }) => {
  const client = new pg.Client({ connectionString: accounts.app.databaseUrl })
  await client.connect()
  await client.query(`
    WITH made AS (
      SELECT gen_random_uuid() AS person, gen_random_uuid() AS actor, n FROM generate_series(1, 1000) n
    ), people AS (
      INSERT INTO person (id, email, name) SELECT person, 'many' || n || '@example.org', 'Many ' || n FROM made
    ), actors AS (
      INSERT INTO actor (id, workspace_id, kind, display)
      SELECT actor, workspace.id, 'person', 'Many ' || n FROM made, workspace WHERE slug = 'default' RETURNING id
    )
    SELECT count(*) FROM actors`)
  await client.query(`
    INSERT INTO member (workspace_id, actor_id, person_id, role, created_by)
    SELECT a.workspace_id, a.id, p.id, 'viewer', a.id FROM actor a JOIN person p ON p.name = a.display
    WHERE a.display LIKE 'Many %'`)
  await client.end()
  await open(page)
  await expect(page.getByText(/^1,0\d\d members$/)).toBeAttached()
  await expect.poll(() => page.locator('[data-index]').count()).toBeLessThan(120)
  await page.keyboard.press('j')
  await page.keyboard.press('End')
  await expect(page.locator(':focus')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search the members' }).fill('many777')
  await expect(row(page, 'Many 777')).toBeVisible()
  await expect(page.locator('[data-index]')).toHaveCount(1)
})

for (const colorScheme of THEMES)
  test(`members have no accessibility violation in the ${colorScheme} theme, and fit 320 px`, {
    tag: colorScheme === 'light' ? [] : ['@full'],
  }, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await open(page)
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await dialog(page, 'Invite somebody').getByRole('radio', { name: 'Some categories' }).click()
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 320, height: 640 })
    await expectNoSidewaysScroll(page)
  })
