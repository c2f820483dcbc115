import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expectNoViolations } from './accessible.ts'
import { type AccountsApp, OWNER, startAccounts } from './accounts.ts'
import { expect, type Page, test } from './test.ts'

const create = (page: Page) => page.getByRole('button', { name: 'Create the owner account' })

async function fillIn(page: Page, { name, email, password } = OWNER) {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
}

test.describe('on this machine', () => {
  let accounts: AccountsApp
  test.beforeAll(async () => {
    accounts = await startAccounts()
  })
  test.afterAll(() => accounts.stop())

  test('the banner leads to the owner account, and from then on everybody signs in', async ({
    page,
    browser,
  }) => {
    await page.goto(`${accounts.url}/prompts`)
    await page.getByRole('complementary', { name: 'Access' }).getByRole('link').click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create the owner account')
    await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(0)
    await fillIn(page, { ...OWNER, password: 'short' })
    await expect(page.getByText('Too short: 7 more.')).toBeVisible()
    await create(page).click()
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
    await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
    await expect(page.getByLabel('E-mail')).toHaveValue(OWNER.email)
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
    await create(page).click()
    await expect(page).toHaveURL(`${accounts.url}/prompts`)
    await expect(page.getByRole('complementary', { name: 'Access' })).toHaveCount(0)
    await expect(page.getByRole('button', { name: `Account of ${OWNER.name}` })).toBeVisible()

    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(`${accounts.url}/prompts/few_shot?version=1`)
    await expect(stranger).toHaveURL(`${accounts.url}/sign-in?next=%2Fprompts%2Ffew_shot%3Fversion%3D1`)
    await stranger.goto(`${accounts.url}/set-up`)
    await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Set up already')
    await stranger.context().close()
  })
})

test.describe('where other machines can come', () => {
  let accounts: AccountsApp
  test.beforeAll(async () => {
    accounts = await startAccounts(undefined, { config: { security: { allow_open: true } } })
  })
  test.afterAll(() => accounts.stop())

  test('the owner comes by the link, which leaves the address at once and is in no request', async ({
    page,
  }) => {
    const link = (await readFile(path.join(accounts.app.dataDir, 'set-up-link'), 'utf8')).trim()
    const secret = link.split('#')[1] ?? ''
    expect(secret).toHaveLength(43)
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.url()} ${JSON.stringify(request.headers())}`))

    await page.goto(`${accounts.url}/set-up`)
    await expect(page.getByText('set-up-link')).toBeVisible()
    await expectNoViolations(page)
    await page.getByLabel('Set-up link').fill('https://prompts.example/set-up')
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect(page.getByLabel('Set-up link')).toBeFocused()
    await expect(page.getByText('This is no set-up link')).toBeVisible()

    await page.goto(`${accounts.url}/set-up#${'x'.repeat(43)}`)
    await expect(page).toHaveURL(`${accounts.url}/set-up`)
    await fillIn(page)
    await create(page).click()
    await expect(page.getByRole('main').getByRole('alert')).toContainText('This link is not valid any more')
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue(OWNER.password)

    await page.goto('about:blank')
    await page.goto(`${accounts.url}/set-up#${secret}`)
    await expect(page).toHaveURL(`${accounts.url}/set-up`)
    await fillIn(page)
    await create(page).click()
    await expect(page).toHaveURL(`${accounts.url}/prompts`)
    expect(asked.filter((each) => each.includes(secret))).toEqual([])
    await page.goBack()
    expect(page.url()).not.toContain('#')
  })
})
