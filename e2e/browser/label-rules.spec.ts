import { expectNoViolations, tabTo } from './accessible.ts'
import { type Account, type AccountsApp, addMember, OWNER, own, signIn, startAccounts } from './accounts.ts'
import { uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

const person = (name: string): Account => ({
  name,
  email: `${name.split(' ')[0]?.toLowerCase()}@example.org`,
  password: 'a long way to the hills',
})
const EDITOR = person('Eda Editor')
const VIEWER = person('Vic Viewer')
const PUBLISHER = person('Pat Publisher')

const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })

let accounts: AccountsApp
test.beforeAll(async ({ request }) => {
  accounts = await startAccounts(OWNER)
  await signIn(request, accounts.url, OWNER)
  await addMember(request, accounts.url, { ...EDITOR, role: 'editor' })
  await addMember(request, accounts.url, { ...VIEWER, role: 'viewer' })
  await addMember(request, accounts.url, { ...PUBLISHER, role: 'publisher' })
})
test.afterAll(() => accounts.stop())

/** A prompt of the owner with two versions, the first of which agents get. */
async function makePrompt(request: APIRequestContext): Promise<string> {
  const name = uniqueName('guarded')
  await signIn(request, accounts.url, OWNER)
  const { etag } = await own(request, accounts.url, 'POST', '/api/prompts', { name, template_content: 'One' })
  const answer = await request.post(`${accounts.url}/api/prompts/${name}/versions`, {
    data: { template_content: 'Two' },
    headers: { origin: accounts.url, 'if-match': String(etag) },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return name
}

test.describe('label rules', () => {
  test('protect a label from those who write, and the refusal names who may move it', async ({ page }) => {
    const name = await makePrompt(page.request)
    await page.goto(`${accounts.url}/settings/labels`)
    await expect(page.getByText('Always protected')).toBeVisible()
    await expect(page.getByText(`Who may release now: ${OWNER.name}, ${PUBLISHER.name}.`)).toBeVisible()
    await page.getByLabel('Another label').fill('staging')
    await page.getByLabel('Another label').press('Enter')
    await expect(notifications(page)).toContainText('staging is protected.')
    const rule = page.getByRole('switch', { name: 'staging is protected' })
    await expect(rule).toBeChecked()
    await expectNoViolations(page)

    await signIn(page.request, accounts.url, EDITOR)
    await page.goto(`${accounts.url}/prompts/${name}/versions`)
    await label(page, 2, 'staging')
    await expect(notifications(page)).toContainText('staging was not moved to version 2.')
    await expect(notifications(page)).toContainText(`Ask ${OWNER.name} or ${PUBLISHER.name}.`)
    await expect(notifications(page).getByRole('button', { name: 'Retry' })).toHaveCount(0)

    await signIn(page.request, accounts.url, OWNER)
    await page.goto(`${accounts.url}/settings/labels`)
    await rule.click()
    await expect(notifications(page)).toContainText('staging is open to all who write.')
    await signIn(page.request, accounts.url, EDITOR)
    await page.goto(`${accounts.url}/prompts/${name}/versions`)
    await label(page, 2, 'staging')
    await expect(notifications(page)).toContainText('staging names version 2')
  })

  test('are made and taken back by keyboard alone', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    await page.goto(`${accounts.url}/settings/labels`)
    await tabTo(page, page.getByLabel('Another label'))
    await page.keyboard.type('canary')
    await page.keyboard.press('Enter')
    const rule = page.getByRole('switch', { name: 'canary is protected' })
    await expect(rule).toBeChecked()
    await tabTo(page, rule)
    await page.keyboard.press('Space')
    await expect(notifications(page)).toContainText('canary is open to all who write.')
    await expect(rule).not.toBeChecked()
  })

  test('hold production: who may not release is told so before and after, who may moves it', async ({
    page,
  }) => {
    const name = await makePrompt(page.request)
    await signIn(page.request, accounts.url, EDITOR)
    await page.goto(`${accounts.url}/prompts/${name}/versions`)
    await page.getByRole('button', { name: 'Promote version 2' }).click()
    const promotion = page.getByRole('dialog', { name: 'Promote version 2 to production' })
    await expect(promotion).toContainText('production is protected. This takes the role publisher or above')
    await promotion.getByRole('button', { name: 'Promote to production' }).click()
    await expect(notifications(page)).toContainText(`Ask ${OWNER.name} or ${PUBLISHER.name}.`)
    await signIn(page.request, accounts.url, PUBLISHER)
    await page.reload()
    await page.getByRole('button', { name: 'Promote version 2' }).click()
    await promotion.getByRole('button', { name: 'Promote to production' }).click()
    await expect(notifications(page)).toContainText('production moved from version 1 to version 2')
  })

  test('let a prompt be saved without production by who may not release', async ({ page }) => {
    await signIn(page.request, accounts.url, EDITOR)
    await page.goto(`${accounts.url}/prompts/new`)
    await page.getByRole('textbox', { name: 'Title' }).fill(uniqueName('Written'))
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const saving = page.getByRole('dialog', { name: 'Save the prompt' })
    await expect(saving.getByRole('checkbox', { name: 'production' })).toBeDisabled()
    await expect(saving).toContainText('production is protected.')
    await expect(saving).toContainText('Agents get nothing until production names a version.')
  })
})

/** Sets a label that the prompt does not have yet, by its dialog. */
async function label(page: Page, version: number, name: string) {
  await page.getByRole('button', { name: `Label version ${version}` }).click()
  const dialog = page.getByRole('dialog', { name: `Label version ${version}` })
  await dialog.getByRole('radio', { name: 'Another label' }).check()
  await dialog.getByLabel('Name of the label').fill(name)
  await dialog.getByRole('button', { name: `Set ${name}`, exact: true }).click()
}

test.describe('a viewer', () => {
  test('reads every page', async ({ page }) => {
    const name = await makePrompt(page.request)
    await signIn(page.request, accounts.url, VIEWER)
    for (const path of [
      '/prompts',
      `/prompts/${name}`,
      `/prompts/${name}/versions?from=1&to=2`,
      `/prompts/${name}/generations`,
      `/prompts/${name}/usage`,
      `/playground?prompt=${name}`,
      '/generations',
      '/categories',
      '/usage',
      '/connect',
      '/settings/keys',
      '/settings/appearance',
    ]) {
      const answer = await page.goto(accounts.url + path)
      expect([path, answer?.status()]).toEqual([path, 200])
    }
  })

  test('finds in the palette the sections that are open to them, and no others', async ({ page }) => {
    await signIn(page.request, accounts.url, VIEWER)
    await page.goto(`${accounts.url}/prompts`)
    await page.keyboard.press('ControlOrMeta+k')
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await expect(palette.getByRole('searchbox')).toBeFocused()
    await page.keyboard.type('settings')
    const sections = palette.getByRole('group', { name: 'Settings', exact: true })
    await expect(sections.getByRole('menuitem')).toHaveText(['Keys', 'Appearance'])
    await palette.getByRole('searchbox').fill('account')
    await expect(palette.getByRole('menuitem', { name: /^Account/ })).toBeVisible()
  })

  test('finds what they may not do where they look for it, with the reason', async ({ page }) => {
    const name = await makePrompt(page.request)
    await signIn(page.request, accounts.url, VIEWER)
    await page.goto(`${accounts.url}/prompts/${name}`)
    const reason = 'This takes the role editor or above; yours is viewer.'
    for (const action of ['Save', 'Run', 'Properties', 'New prompt']) {
      const button = page.getByRole('button', { name: action, exact: true })
      await expect(button).toHaveAttribute('aria-disabled', 'true')
      await expect(button).toHaveAccessibleDescription(reason)
    }
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await expect(notifications(page)).toContainText(reason)
    await notifications(page).getByRole('button', { name: 'Close' }).click()
    await page.keyboard.press('ControlOrMeta+s')
    await expect(notifications(page)).toContainText(reason)
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expectNoViolations(page)
    await page.goto(`${accounts.url}/prompts`)
    await page.keyboard.press('n')
    await expect(notifications(page)).toContainText(reason)
    await expect(page).toHaveURL(`${accounts.url}/prompts`)
    await page.goto(`${accounts.url}/categories`)
    await page.getByRole('button', { name: 'New category' }).press('Enter')
    await expect(notifications(page)).toContainText(reason)
  })
})

test('who writes in some categories alone is told which, in others', async ({ page }) => {
  const narrow = person('Nora Narrow')
  await signIn(page.request, accounts.url, OWNER)
  const { url: link } = await own(page.request, accounts.url, 'POST', '/api/invitations', {
    email: narrow.email,
    role: 'editor',
    categories: ['techniques'],
  })
  const body = { token: String(link).split('#')[1], name: narrow.name, password: narrow.password }
  const headers = { origin: accounts.url }
  await page.request.post(`${accounts.url}/api/auth/invitation/accept`, { data: body, headers })
  await signIn(page.request, accounts.url, narrow)
  await page.goto(`${accounts.url}/prompts/few_shot`)
  await expect(page.getByRole('button', { name: 'Save', exact: true })).not.toHaveAttribute('aria-disabled')
  await page.goto(`${accounts.url}/prompts/api_design`)
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveAccessibleDescription(
    'You may change prompts in these categories alone: techniques.',
  )
})
