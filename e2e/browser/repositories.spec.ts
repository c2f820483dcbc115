import { type GitHost, gitHost, hubHeaders, serves } from '#lib/repositories/testing.ts'
import { expectNoViolations } from './accessible.ts'
import { type AccountsApp, OWNER, signIn, startAccounts } from './accounts.ts'
import { expect, type Page, test } from './test.ts'

const row = (page: Page, name: string) => page.locator(`[data-repository="${name}"]`)
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

let accounts: AccountsApp
let host: GitHost
test.beforeAll(async () => {
  accounts = await startAccounts(OWNER, { config: { imports: { allowed_hosts: ['127.0.0.1'] } } })
  host = await gitHost()
})
test.afterAll(async () => {
  await accounts.stop()
  await host.close()
})

test('a repository shows its secret once; a push brings its prompts, which its row leads to', async ({
  page,
  request,
}) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await signIn(page.request, accounts.url, OWNER)
  await page.goto(`${accounts.url}/settings/repositories`)
  await page.getByRole('button', { name: 'New repository' }).click()
  const form = dialog(page, 'New repository')
  await form.getByRole('textbox', { name: 'Name' }).fill('Ours')
  await form.getByLabel('Address of a zip of the branch').fill('http://169.254.169.254/')
  await form.getByRole('button', { name: 'Add the repository' }).click()
  await expect(form.getByText(/imports.allowed_hosts/)).toBeVisible()
  await expectNoViolations(page)
  await form.getByLabel('Address of a zip of the branch').fill(`${host.url}/main.zip`)
  await form.getByLabel('Authorization').fill('Bearer abc')
  await form.getByRole('button', { name: /Category of new prompts/ }).click()
  await page.getByRole('option', { name: 'Techniques' }).click()
  await form.getByRole('button', { name: 'Add the repository' }).click()
  const made = dialog(page, 'Hook of “Ours”')
  const secret = (await made.getByRole('region', { name: 'Secret of the hook' }).textContent()) ?? ''
  const hook = (await made.getByRole('region', { name: 'Address of the hook' }).textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  await expectNoViolations(page)
  await made.getByRole('button', { name: 'Done' }).click()
  await expect(row(page, 'Ours')).toContainText('Nothing was pushed yet')

  await row(page, 'Ours').getByRole('button', { name: 'Look now at Ours' }).click()
  await expect(row(page, 'Ours')).toContainText('answered with 404')
  host.answer = serves({ 'prompts/x.md': '---\nname: from_git\n---\nHello\n' })
  const data = JSON.stringify({ ref: 'refs/heads/main', after: '1f0c2a7d9b3e4f5061728394a5b6c7d8e9f00112' })
  const headers = { 'content-type': 'application/json', ...hubHeaders(data, secret) }
  const path = new URL(hook).pathname
  expect((await request.post(`${accounts.url}${path}`, { data, headers })).status()).toBe(202)
  await page.reload()
  await expect(row(page, 'Ours')).toContainText('1f0c2a7d9b3e')
  await expectNoViolations(page)
  expect(host.requests.at(-1)?.authorization).toBe('Bearer abc')
  await row(page, 'Ours').getByRole('link', { name: 'See the import' }).click()
  await expect(page.getByText('from_git').first()).toBeVisible()
  const brought = await page.request.get(`${accounts.url}/api/prompts/from_git`)
  expect(await brought.json()).toMatchObject({ category: 'techniques' })
})
