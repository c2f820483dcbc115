import { type Account, type AccountsApp, addMember, OWNER, signIn, startAccounts } from './accounts.ts'
import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const OTHER: Account = { name: 'Otto Other', email: 'otto@example.org', password: 'a long way to the hills' }
const TEXT = 'Only I have written this'

let accounts: AccountsApp
test.beforeAll(async ({ request }) => {
  accounts = await startAccounts(OWNER)
  await signIn(request, accounts.url, OWNER)
  await addMember(request, accounts.url, { ...OTHER, role: 'editor' })
})
test.afterAll(() => accounts.stop())

const title = (page: Page) => page.getByRole('textbox', { name: 'Title' })

async function write(page: Page) {
  await page.goto(`${accounts.url}/prompts/few_shot`)
  await title(page).fill(TEXT)
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain(TEXT)
}

/** Signs out. @param answer what becomes of text that is not saved; left out: there is none */
async function signOut(page: Page, answer?: string) {
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  // What is not saved asks before a page is left; here the person was asked already.
  page.once('dialog', (dialog) => void dialog.accept())
  if (answer !== undefined)
    await page.getByRole('dialog', { name: 'Sign out' }).getByRole('button', { name: answer }).click()
  await expect(page).toHaveURL(`${accounts.url}/sign-in`)
}

async function comeAs(page: Page, who: Account, path: string) {
  await signIn(page.request, accounts.url, who)
  await page.goto(accounts.url + path)
}

test.describe('what a browser keeps', () => {
  test('belongs to one person: a draft that was kept at sign-out is there for its author alone', async ({
    page,
  }) => {
    await signIn(page.request, accounts.url, OWNER)
    await write(page)
    await signOut(page, 'Keep and sign out')

    await comeAs(page, OTHER, '/prompts/few_shot')
    await expect(title(page)).toHaveValue('Few-shot')
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+k')
    await expect(page.getByRole('dialog')).not.toContainText(TEXT)
    await page.keyboard.press('Escape')

    await comeAs(page, OWNER, '/prompts/few_shot')
    await expect(title(page)).toHaveValue(TEXT)
    await expect(page.getByText(/^Your draft of .* is back/)).toBeVisible()
  })

  test('goes at sign-out, recent prompts and all, when nothing shall be kept', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    await write(page)
    const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('/')))
    expect(kept.some((key) => key.endsWith('/incipit-recent'))).toBe(true)
    await signOut(page, 'Discard and sign out')
    const left = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('/')))
    expect(left).toEqual([])
    await comeAs(page, OWNER, '/prompts/few_shot')
    await expect(title(page)).toHaveValue('Few-shot')
  })

  test('is hidden at once in every tab when somebody signs out, or in as somebody else', async ({
    page,
    context,
  }) => {
    await signIn(page.request, accounts.url, OWNER)
    await page.goto(`${accounts.url}/prompts`)
    const other = await context.newPage()
    await other.goto(`${accounts.url}/prompts/few_shot`)
    await signOut(page)
    await expect(other).toHaveURL(/\/sign-in\?next=/)
    await expect(other.getByText('Few-shot')).toHaveCount(0)

    await comeAs(page, OWNER, '/prompts')
    await other.goto(`${accounts.url}/settings/members`)
    await expect(other.getByRole('heading', { name: 'Members' })).toBeVisible()
    await comeAs(page, OTHER, '/prompts')
    await expect(other.getByRole('heading', { name: 'Not open to your role' })).toBeVisible()
  })

  test('is not shown again by Back after signing out', { tag: '@full' }, async ({ page }) => {
    await comeAs(page, OWNER, '/prompts/few_shot')
    await signOut(page)
    await page.goBack()
    await expect(page.getByText('Few-shot')).toHaveCount(0)
    await expect(page).toHaveURL(/\/sign-in/)
  })
})

test('what an older release kept stays with the owner of this machine', async ({ page, request }) => {
  const { name } = await createPrompt(request, { name: uniqueName('older'), template_content: 'Hello' })
  await page.goto('/connect')
  await page.evaluate((each) => {
    for (const key of Object.keys(localStorage)) if (key.includes('/')) localStorage.removeItem(key)
    localStorage.setItem('incipit-recent', JSON.stringify([{ name: each, title: 'From before' }]))
  }, name)
  await page.reload()
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('menuitem', { name: /From before/ })).toBeVisible()
  expect(await page.evaluate(() => localStorage.getItem('incipit-recent'))).toBeNull()
})
