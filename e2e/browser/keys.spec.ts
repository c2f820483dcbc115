import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { type Account, type AccountsApp, addMember, OWNER, own, signIn, startAccounts } from './accounts.ts'
import { expect, type Page, test } from './test.ts'

const VIEWER: Account = { name: 'Vic Viewer', email: 'vic@example.org', password: 'a long way to the hills' }

const row = (page: Page, name: string) => page.locator(`[data-key="${name}"]`)
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })
const shown = (page: Page) => page.getByRole('region', { name: 'API key', exact: true }).locator('code')

let accounts: AccountsApp
test.beforeAll(async ({ request }) => {
  accounts = await startAccounts(OWNER)
  await signIn(request, accounts.url, OWNER)
  await addMember(request, accounts.url, { ...VIEWER, role: 'viewer' })
})
test.afterAll(() => accounts.stop())

async function open(page: Page, who: Account = OWNER) {
  await signIn(page.request, accounts.url, who)
  await page.goto(`${accounts.url}/settings/keys`)
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
}

const withKey = (path: string, key: string, init: RequestInit = {}) =>
  fetch(accounts.url + path, {
    ...init,
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
  })

/** How an agent with a key is answered. */
async function listStatus(key: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'prompts/list' })
  return (await withKey('/api/mcp', key, { method: 'POST', body })).status
}

async function make(page: Page, name: string, body: Record<string, unknown> = { preset: 'agent' }) {
  return own(page.request, accounts.url, 'POST', '/api/keys', { name, ...body })
}

test.describe('keys', () => {
  test('for an agent are made by keyboard, shown once with the lines for clients, and read production', async ({
    page,
  }) => {
    await open(page)
    await page.getByRole('button', { name: 'New key' }).focus()
    await page.keyboard.press('Enter')
    const form = dialog(page, 'New API key')
    await expect(form.getByLabel('Name')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(form.getByText('Say where the key is used.')).toBeVisible()
    await page.keyboard.type('Support bot')
    await expect(form.getByRole('radio', { name: 'Agent' })).toBeChecked()
    await expect(form.getByRole('textbox', { name: 'Pinned to a label' })).toHaveValue('production')
    await page.keyboard.press('Enter')
    const key = (await shown(page).textContent()) ?? ''
    expect(key).toMatch(/^inc_\w{30,}$/)
    const made = dialog(page, 'Key “Support bot”')
    await expect(made.locator('pre').first()).toContainText(key)
    await expect(made.locator('pre').first()).toContainText(`${accounts.url}/api/mcp`)
    await page.keyboard.press('Escape')
    await expect(made).toBeVisible()
    expect(await listStatus(key)).toBe(200)
    const written = await withKey('/api/prompts', key, { method: 'POST', body: '{"name":"x"}' })
    expect(written.status).toBe(403)
    await made.getByRole('button', { name: 'Done' }).click()
    await expect(row(page, 'Support bot')).toContainText('Reads and renders prompts, pinned to production')
    await page.reload()
    await expect(row(page, 'Support bot')).toContainText(/Used|Never used/)
    expect(await page.content()).not.toContain(key)
  })

  test('get rights one by one, and say which they cannot have', async ({ page }) => {
    await open(page)
    await page.getByRole('button', { name: 'New key' }).click()
    const form = dialog(page, 'New API key')
    await form.getByText(/What it may do/).click()
    const usage = form.getByRole('checkbox', { name: /^See usage/ })
    await expect(usage).toBeDisabled()
    await expect(form.getByText('No key has it that is pinned to a label.').first()).toBeVisible()
    await form.getByRole('textbox', { name: 'Pinned to a label' }).fill('')
    await usage.check()
    await expect(form.getByRole('radio', { name: 'Agent' })).not.toBeChecked()
    await form.getByLabel('Name').fill('Dashboard')
    await form.getByRole('button', { name: /Belongs to$/ }).click()
    await page.getByRole('option', { name: 'Nobody: a service' }).click()
    await form.getByText(/What it may do/).focus()
    await expect(form.getByRole('checkbox', { name: /^Change settings/ })).toBeDisabled()
    await form.getByRole('button', { name: /Lives for$/ }).click()
    await page.getByRole('option', { name: 'Until it is revoked' }).click()
    await form.getByRole('button', { name: 'Make the key' }).click()
    const key = (await shown(page).textContent()) ?? ''
    expect((await withKey('/api/stats', key)).status).toBe(200)
    expect((await withKey('/api/audit', key)).status).toBe(403)
    await page.getByRole('button', { name: 'Done' }).click()
    await expect(row(page, 'Dashboard')).toContainText('service')
    await expect(row(page, 'Dashboard')).toContainText('No expiry')
  })

  test('are rotated with an overlap, in which both texts work', async ({ page }) => {
    await open(page)
    const { key: old } = await make(page, 'Rotated')
    await page.reload()
    await page.getByRole('button', { name: 'Rotate Rotated' }).click()
    await dialog(page, 'Rotate Rotated').getByRole('button', { name: 'Make the new text' }).click()
    const key = (await shown(page).textContent()) ?? ''
    expect(key).not.toBe(old)
    expect([await listStatus(String(old)), await listStatus(key)]).toEqual([200, 200])
    await page.getByRole('button', { name: 'Done' }).click()
    await expect(row(page, 'Rotated')).toContainText('rotating')
    await expect(row(page, 'Rotated')).toContainText('The old text works until')
    await page.getByRole('button', { name: 'Rotate Rotated' }).click()
    await page.getByRole('button', { name: /The old text works for$/ }).click()
    await page.getByRole('option', { name: /^Not at all/ }).click()
    await dialog(page, 'Rotate Rotated').getByRole('button', { name: 'Make the new text' }).click()
    await expect(shown(page)).not.toHaveText(key)
    await expect.poll(() => listStatus(key), { timeout: 2_000 }).toBe(401)
  })

  test('are revoked after a question, and refused within two seconds', async ({ page }) => {
    await open(page)
    const { key } = await make(page, 'Leaked')
    await page.reload()
    await page.getByRole('button', { name: 'Revoke Leaked' }).click()
    await dialog(page, 'Revoke Leaked').getByRole('button', { name: 'Revoke' }).click()
    await expect(notifications(page)).toContainText('“Leaked” is revoked.')
    await expect(row(page, 'Leaked')).toHaveCount(0)
    await expect.poll(() => listStatus(String(key)), { timeout: 2_000 }).toBe(401)
    await page.getByRole('radio', { name: 'Revoked' }).click()
    await expect(row(page, 'Leaked')).toContainText('revoked')
  })

  test('that end soon say so', { tag: '@full' }, async ({ page }) => {
    await open(page)
    const soon = new Date(Date.now() + 2 * 86_400_000).toISOString()
    await make(page, 'Ending', { preset: 'agent', expires_at: soon })
    await page.reload()
    await expect(row(page, 'Ending')).toContainText('expires soon')
  })

  test('of others are not seen, and one’s own do no more than oneself', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    await make(page, 'Of the owner')
    await open(page, VIEWER)
    await expect(row(page, 'Of the owner')).toHaveCount(0)
    await page.getByRole('button', { name: 'New key' }).click()
    const form = dialog(page, 'New API key')
    await expect(form.getByRole('button', { name: /Belongs to$/ })).toHaveCount(0)
    await form.getByText(/What it may do/).click()
    await expect(form.getByRole('checkbox', { name: /^Write prompts/ })).toBeDisabled()
    await expect(form.getByText('Your role does not include it.').first()).toBeVisible()
    await form.getByRole('radio', { name: 'Full' }).click()
    await form.getByLabel('Name').fill('All that I may')
    await form.getByRole('button', { name: 'Make the key' }).click()
    await expect(shown(page)).toHaveText(/^inc_/)
    await page.getByRole('button', { name: 'Done' }).click()
    await expect(row(page, 'All that I may')).toContainText('yours')
  })
})

test.describe('connected clients', () => {
  test('are added with a secret that is shown once, listed with their rights in words, and cut off', async ({
    page,
  }) => {
    await open(page)
    await page.getByRole('button', { name: 'Add a client' }).click()
    const form = dialog(page, 'Add a client')
    await form.getByLabel('Name').fill('Nightly report')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    const made = dialog(page, 'The client is made')
    const id = (await made.locator('code').first().textContent()) ?? ''
    const secret = (await made.locator('code').last().textContent()) ?? ''
    expect(secret).not.toBe(id)
    await made.getByRole('button', { name: 'Done' }).click()
    const client = page.locator('[data-client="Nightly report"]')
    await expect(client).toContainText('Reads and renders prompts')
    await page.reload()
    expect(await page.content()).not.toContain(secret)
    await page.getByRole('button', { name: 'Cut off Nightly report' }).click()
    await dialog(page, 'Cut off Nightly report').getByRole('button', { name: 'Cut off' }).click()
    await expect(notifications(page)).toContainText('Nightly report is cut off.')
    await expect(client).toHaveCount(0)
  })
})

for (const colorScheme of THEMES)
  test(`keys have no accessibility violation in the ${colorScheme} theme, and fit 320 px`, {
    tag: colorScheme === 'light' ? [] : ['@full'],
  }, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await open(page)
    await make(page, `Looked at in the ${colorScheme}`)
    await page.reload()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'New key' }).click()
    await dialog(page, 'New API key')
      .getByText(/What it may do/)
      .click()
    await expectNoViolations(page)
    await dialog(page, 'New API key').getByLabel('Name').fill(`Shown in the ${colorScheme}`)
    await page.getByRole('button', { name: 'Make the key' }).click()
    await expect(shown(page)).toBeVisible()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.setViewportSize({ width: 320, height: 640 })
    await expectNoSidewaysScroll(page)
  })
