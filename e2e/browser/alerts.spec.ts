import { webhookReceiver } from '#lib/testing/webhook-receiver.ts'
import { expectNoViolations } from './accessible.ts'
import { type Account, type AccountsApp, addMember, OWNER, own, signIn, startAccounts } from './accounts.ts'
import { uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const VIEWER: Account = { name: 'Vic Viewer', email: 'vic@example.org', password: 'a long way to the hills' }

const rule = (page: Page, name: string) => page.locator(`[data-rule="${name}"]`)
const hook = (page: Page, name: string) => page.locator(`[data-webhook="${name}"]`)
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })
const bell = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Alerts/ })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })

let accounts: AccountsApp
test.beforeAll(async ({ request }) => {
  accounts = await startAccounts(OWNER, { config: { webhooks: { allowed_hosts: ['127.0.0.1'] } } })
  await signIn(request, accounts.url, OWNER)
  await addMember(request, accounts.url, { ...VIEWER, role: 'viewer' })
})
test.afterAll(() => accounts.stop())

async function open(page: Page, path: string, who: Account = OWNER) {
  await signIn(page.request, accounts.url, who)
  await page.goto(`${accounts.url}${path}`)
}

/** Releases a prompt of its own. */
async function release(page: Page): Promise<string> {
  const name = uniqueName('released')
  await own(page.request, accounts.url, 'POST', '/api/prompts', {
    name,
    template_content: 'One',
    labels: ['production'],
  })
  return name
}

test.describe('alerts', () => {
  test('are made with the keyboard, tested on the past, switched off, muted and deleted', async ({
    page,
  }) => {
    await open(page, '/settings/alerts')
    await page.getByRole('button', { name: 'New alert' }).focus()
    await page.keyboard.press('Enter')
    const form = dialog(page, 'New alert')
    await expect(form.getByLabel('Name')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(form.getByText('A name is needed')).toBeVisible()
    await page.keyboard.type('Failures')
    await form.getByLabel('Fires from (percent)').fill('500')
    await expect(form.getByRole('button', { name: 'Test on the past' })).toHaveAttribute(
      'aria-disabled',
      'true',
    )
    await form.getByLabel('Fires from (percent)').fill('12.5')
    await form.getByRole('button', { name: 'Test on the past' }).click()
    await expect(form.getByText('It would not have fired.')).toBeVisible()
    await expectNoViolations(page)
    await form.getByRole('textbox', { name: 'Only this prompt' }).fill('no_such_prompt')
    await form.getByRole('button', { name: 'Make the alert' }).click()
    await expect(form.getByText('There is no prompt "no_such_prompt"')).toBeVisible()
    await form.getByRole('textbox', { name: 'Only this prompt' }).fill('')
    await form.getByRole('button', { name: 'Make the alert' }).click()
    await expect(notifications(page)).toContainText('“Failures” is on.')
    await expect(rule(page, 'Failures')).toContainText('from 12.5 % on · within 1 h')

    await rule(page, 'Failures').getByRole('button', { name: 'Mute for a day: Failures' }).click()
    await expect(rule(page, 'Failures').getByText('muted', { exact: true })).toBeVisible()
    await rule(page, 'Failures').getByRole('switch').click()
    await expect(rule(page, 'Failures').getByText('off', { exact: true })).toBeVisible()
    await rule(page, 'Failures').getByRole('button', { name: 'Change Failures' }).click()
    await dialog(page, 'Failures').getByLabel('Least number of uses').fill('30')
    await dialog(page, 'Failures').getByRole('button', { name: 'Save' }).click()
    await expect(dialog(page, 'Failures')).toHaveCount(0)
    await rule(page, 'Failures').getByRole('button', { name: 'Delete Failures' }).click()
    await dialog(page, 'Delete Failures').getByRole('button', { name: 'Delete' }).click()
    await expect(rule(page, 'Failures')).toHaveCount(0)
  })

  test('ring the bell of everybody at once, who read it for themselves', async ({ page, browser }) => {
    await open(page, '/settings/alerts')
    await own(page.request, accounts.url, 'POST', '/api/alerts', {
      name: 'Releases',
      condition: { kind: 'label_moved' },
    })
    const viewer = await (await browser.newContext()).newPage()
    await signIn(viewer.request, accounts.url, VIEWER)
    await viewer.goto(`${accounts.url}/prompts`)
    await expect(bell(viewer)).toHaveAccessibleName('Alerts')
    const name = await release(page)
    await expect(bell(viewer)).toHaveAccessibleName('Alerts: 1 unread')
    await expect(page.getByRole('region', { name: 'What fired' })).toContainText(`production of ${name}`)

    await viewer.setViewportSize({ width: 360, height: 740 })
    await bell(viewer).focus()
    await viewer.keyboard.press('Enter')
    const panel = dialog(viewer, 'Alerts')
    await expect(panel).toContainText(`production of ${name} was set to version 1, by ${OWNER.name}.`)
    await expect(panel.getByRole('link', { name: 'Rules and history' })).toHaveCount(0)
    await expectNoViolations(viewer)
    expect(await viewer.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await panel.getByRole('button', { name: 'Mark as read' }).click()
    await expect(bell(viewer)).toHaveAccessibleName('Alerts')
    await viewer.keyboard.press('Escape')
    await expect(panel).toHaveCount(0)
    await expect(bell(viewer)).toBeFocused()
    await viewer.keyboard.press('Enter')
    await panel.getByRole('link', { name: 'Releases' }).click()
    await expect(viewer).toHaveURL(`${accounts.url}/prompts/${name}/versions`)
    await viewer.context().close()
    await expect(bell(page)).toHaveAccessibleName('Alerts: 1 unread')
  })
})

test('the bell says when it cannot be read, and is asked again', async ({ page }) => {
  const asked = '**/api/alerts/bell'
  const problem = { status: 503, code: 'unavailable', title: 'Unavailable', detail: 'The database is away.' }
  await page.route(asked, (route) => route.fulfill({ status: 503, json: problem }))
  await open(page, '/prompts')
  await bell(page).click()
  const panel = dialog(page, 'Alerts')
  const failure = panel.getByRole('alert')
  await expect(failure).toContainText('The alerts could not be read. The database is away.')
  await expect(panel).not.toContainText(/Looking…|Nothing has fired/)
  await page.unroute(asked)
  await failure.getByRole('button', { name: 'Try again' }).click()
  await expect(failure).toHaveCount(0)
  await expect(panel.getByText('Nothing has fired.').or(panel.getByRole('listitem').first())).toBeVisible()
})

test.describe('webhooks', () => {
  test('show their secret once, are pinged, and send again what was not taken', async ({ page }) => {
    const receiver = await webhookReceiver()
    receiver.answer = (response) => void response.writeHead(500).end('not today')
    await open(page, '/settings/webhooks')
    await page.getByRole('button', { name: 'New webhook' }).click()
    const form = dialog(page, 'New webhook')
    await form.getByLabel('Name').fill('Ops')
    await form.getByLabel('Address').fill('http://169.254.169.254/')
    await form.getByRole('button', { name: 'Make the webhook' }).click()
    await expect(form.getByText(/webhooks.allowed_hosts/)).toBeVisible()
    await expectNoViolations(page)
    await form.getByLabel('Address').fill(receiver.url)
    await form.getByRole('button', { name: 'Make the webhook' }).click()
    const made = dialog(page, 'Secret of “Ops”')
    const secret = await made.getByRole('region', { name: 'Signing secret' }).textContent()
    expect(secret).toMatch(/^whsec_/)
    await page.keyboard.press('Escape')
    await made.getByRole('button', { name: 'Done' }).click()
    await expect(hook(page, 'Ops')).toContainText(receiver.url)
    expect(await page.content()).not.toContain(secret)

    await hook(page, 'Ops').getByRole('button', { name: 'Ping Ops' }).click()
    const deliveries = dialog(page, 'Deliveries of Ops')
    await expect(deliveries).toContainText('It answered with 500.')
    await expect(deliveries.getByText('waits', { exact: true })).toBeVisible()
    receiver.answer = (response) => void response.writeHead(200).end('thank you')
    await expect(deliveries.getByText('delivered', { exact: true })).toBeVisible({ timeout: 30_000 })
    await deliveries.getByText('What was sent and answered').click()
    await expect(deliveries).toContainText('thank you')
    await expectNoViolations(page)
    await deliveries.getByRole('button', { name: 'Send again: ping' }).click()
    await expect(deliveries.getByText('again', { exact: true })).toBeVisible()
    await page.keyboard.press('Escape')

    await hook(page, 'Ops').getByRole('button', { name: 'New secret for Ops' }).click()
    await dialog(page, 'New secret for Ops').getByRole('button', { name: 'Make the secret' }).click()
    await dialog(page, 'Secret of “Ops”').getByRole('button', { name: 'Done' }).click()
    await expect(hook(page, 'Ops')).toContainText('The secret before signs as well until')
    await hook(page, 'Ops').getByRole('switch').click()
    await expect(hook(page, 'Ops').getByText('off', { exact: true })).toBeVisible()
    await hook(page, 'Ops').getByRole('button', { name: 'Delete Ops' }).click()
    await dialog(page, 'Delete Ops').getByRole('button', { name: 'Delete' }).click()
    await expect(hook(page, 'Ops')).toHaveCount(0)
    await receiver.close()
  })

  test('are no matter of a viewer', async ({ page }) => {
    for (const path of ['/settings/webhooks', '/settings/alerts']) {
      await open(page, path, VIEWER)
      await expect(page.getByRole('heading', { name: 'Webhooks' })).toHaveCount(0)
      await expect(page.getByRole('button', { name: /^New (alert|webhook)$/ })).toHaveCount(0)
    }
  })
})
