import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { type Account, type AccountsApp, addMember, OWNER, own, signIn, startAccounts } from './accounts.ts'
import { expect, type Page, test } from './test.ts'

const EDITOR: Account = { name: 'Eda Editor', email: 'eda@example.org', password: 'a long way to the hills' }

const rows = (page: Page, action?: string) =>
  page.locator(action === undefined ? '[data-audit]' : `[data-audit="${action}"]`)

let accounts: AccountsApp
let made: { prompt: string; key: string }
test.beforeAll(async ({ request }) => {
  accounts = await startAccounts(OWNER)
  const { url } = accounts
  await signIn(request, url, OWNER)
  await addMember(request, url, { ...EDITOR, role: 'editor' })
  const prompt = 'audited'
  await own(request, url, 'POST', '/api/prompts', { name: prompt, template_content: 'Hello {{ who }}.' })
  const { key } = await own(request, url, 'POST', '/api/keys', { name: 'Writer', preset: 'author' })
  made = { prompt, key: String(key) }
  const headers = { authorization: `Bearer ${made.key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'by_key', template_content: 'Hi' })
  expect((await fetch(`${url}/api/prompts`, { method: 'POST', headers, body })).status).toBe(201)
  const wrong = { email: EDITOR.email, password: 'not the password' }
  await request.post(`${url}/api/auth/sign-in/email`, { data: wrong, headers: { origin: url } })
})
test.afterAll(() => accounts.stop())

async function open(page: Page, search = '') {
  await signIn(page.request, accounts.url, OWNER)
  await page.goto(`${accounts.url}/settings/audit${search}`)
  await expect(rows(page).first()).toBeVisible()
}

test.describe('the audit log', () => {
  test('tells who did what, also at sign-in, and opens by keyboard to what changed and from where', async ({
    page,
  }) => {
    await open(page)
    await expect(rows(page, 'session.refuse').first()).toContainText('was refused at sign-in')
    const first = rows(page, 'key.create').first()
    await expect(first).toContainText(`${OWNER.name} made key Writer`)
    // From wherever the focus is into the list, and on through it.
    await page.keyboard.press('j')
    await expect(rows(page).nth(0).getByRole('button').first()).toBeFocused()
    await page.keyboard.press('j')
    await expect(rows(page).nth(1).getByRole('button').first()).toBeFocused()
    await page.keyboard.press('k')
    await first.getByRole('button').first().focus()
    await page.keyboard.press('Enter')
    await expect(first.getByText('key.create')).toBeVisible()
    await expect(first.getByRole('definition').filter({ hasText: '127.0.0.1 over REST' })).toBeVisible()
    await expect(first.getByRole('row', { name: /^scopes/ })).toContainText('prompts:read')
    await page.keyboard.press('Enter')
    await expect(first.getByText('key.create')).toHaveCount(0)
  })

  test('tells of a key for whom it acted, and shows what was there before and after', async ({ page }) => {
    await open(page)
    const byKey = rows(page, 'prompt.create').filter({ hasText: 'by_key' })
    await expect(byKey).toContainText(`Writer for ${OWNER.name}`)
    await byKey.getByRole('button').first().click()
    await byKey.getByRole('button', { name: 'Only by this key' }).click()
    await expect(page).toHaveURL(/key=[\da-f-]{36}/)
    await expect(page.getByRole('button', { name: 'One key: show others too' })).toBeVisible()
    await expect(rows(page).filter({ hasNotText: 'Writer' })).toHaveCount(0)
  })

  test('is narrowed by filters in the address, which Back takes away again', async ({ page }) => {
    await open(page)
    await page.getByRole('button', { name: /What$/ }).click()
    await page.getByRole('option', { name: 'Sign-in and sessions' }).click()
    await expect(page).toHaveURL(/action=session/)
    await expect(rows(page, 'key.create')).toHaveCount(0)
    await expect(rows(page, 'session.create').first()).toBeVisible()
    await page.getByRole('button', { name: /Who$/ }).click()
    await page.getByRole('option', { name: new RegExp(EDITOR.name) }).click()
    await expect(page).toHaveURL(/actor=/)
    await expect(rows(page).filter({ hasText: OWNER.name })).toHaveCount(0)
    await page.goBack()
    await expect(rows(page).filter({ hasText: OWNER.name }).first()).toBeVisible()
    await page.goBack()
    await expect(page).toHaveURL(`${accounts.url}/settings/audit`)
    await expect(rows(page, 'key.create')).toHaveCount(1)
    await page.getByRole('searchbox', { name: 'Target' }).fill(made.prompt)
    await expect(page).toHaveURL(/target=audited/)
    await expect(rows(page).filter({ hasNotText: made.prompt })).toHaveCount(0)
    await page.reload()
    await expect(page.getByRole('searchbox', { name: 'Target' })).toHaveValue(made.prompt)
    await page.getByRole('searchbox', { name: 'Address' }).fill('203.0.113.7')
    await expect(page.getByText('No event fits all of these filters.')).toBeVisible()
    await page.getByRole('button', { name: 'Show everything' }).click()
    await expect(page).toHaveURL(`${accounts.url}/settings/audit`)
    await page.getByRole('radio', { name: '24 hours' }).click()
    await expect(page).toHaveURL(/range=24h/)
    await expect(rows(page, 'key.create')).toHaveCount(1)
  })

  test('is saved as a file, as it is filtered', async ({ page }) => {
    await open(page, '?action=key')
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download as CSV' }).click()
    const file = (await (await (await download).createReadStream()).toArray()).join('')
    const [heading = '', ...lines] = file.trimEnd().split('\r\n')
    expect(heading).toContain('action')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toContain('key.')
  })

  test('goes on without an end, a page at a time', { tag: '@full' }, async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { etag } = await own(page.request, accounts.url, 'GET', '/api/label-rules/flip')
    let tag = String(etag)
    for (let turn = 0; turn < 260; turn++) {
      const response = await page.request.put(`${accounts.url}/api/label-rules/flip`, {
        data: { protected: turn % 2 === 0 },
        headers: { origin: accounts.url, 'if-match': tag },
      })
      tag = String((await response.json()).etag)
    }
    await open(page, '?action=label_rule')
    await page.keyboard.press('j')
    // End leads to the last one that is there by now, and fetches those after it.
    await expect(async () => {
      await page.keyboard.press('End')
      await expect(page.getByText('260 events', { exact: true })).toBeAttached({ timeout: 500 })
    }).toPass()
    await expect.poll(() => rows(page).count()).toBeLessThan(120)
  })
})

for (const colorScheme of THEMES)
  test(`the audit log has no accessibility violation in the ${colorScheme} theme, and fits 320 px`, {
    tag: colorScheme === 'light' ? [] : ['@full'],
  }, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await open(page, '?action=key')
    await rows(page, 'key.create').first().getByRole('button').first().click()
    await expect(page.getByText('key.create')).toBeVisible()
    await expectNoViolations(page)
    await page.setViewportSize({ width: 320, height: 640 })
    await expectNoSidewaysScroll(page)
  })
