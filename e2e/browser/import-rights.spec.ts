import { expectNoViolations } from './accessible.ts'
import { type Account, type AccountsApp, addMember, OWNER, signIn, startAccounts } from './accounts.ts'
import { uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

/* Who may look and not write: told why, in the place of what would be refused. */

const VIEWER: Account = { name: 'Vic Viewer', email: 'vic@example.org', password: 'a long way to the hills' }

let accounts: AccountsApp
test.beforeAll(async ({ request }) => {
  accounts = await startAccounts(OWNER)
  await signIn(request, accounts.url, OWNER)
  await addMember(request, accounts.url, { ...VIEWER, role: 'viewer' })
})
test.afterAll(() => accounts.stop())

async function open(page: Page, path: string) {
  await signIn(page.request, accounts.url, VIEWER)
  await page.goto(`${accounts.url}${path}`)
}

/** An import that the owner made. @returns its id */
async function importOf(page: Page): Promise<string> {
  const name = uniqueName('brought')
  await signIn(page.request, accounts.url, OWNER)
  const response = await page.request.post(`${accounts.url}/api/import`, {
    headers: { origin: accounts.url },
    multipart: {
      file: {
        name: `${name}.md`,
        mimeType: 'text/markdown',
        buffer: Buffer.from(`---\nname: ${name}\n---\nText\n`),
      },
    },
  })
  expect(response.ok()).toBe(true)
  const { id } = (await response.json()) as { id: string }
  return id
}

test('a viewer sees why nothing can be imported, and nothing to import with', async ({ page }) => {
  await open(page, '/import')
  const main = page.getByRole('main')
  await expect(main).toContainText('Nothing can be imported with your role.')
  await expect(main).toContainText(/viewer/i)
  await expect(page.locator('input[type=file]')).toHaveCount(0)
  await expect(main.getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await expectNoViolations(page)
  await page.goto(`${accounts.url}/prompts`)
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'Import' })).toHaveCount(0)
})

test('the page of an import tells a viewer why it stays closed, and has no undo', async ({ page }) => {
  const id = await importOf(page)
  await open(page, `/import/${id}`)
  await expect(page.getByRole('main')).toContainText('Your role does not include this page.')
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toHaveCount(0)
})
