import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const importButton = (page: Page) => page.getByRole('button', { name: /^Import \d/ })

/** Brings one prompt file to the page. */
async function bringFile(page: Page, name: string, front = '') {
  const buffer = Buffer.from(`---\nname: ${name}\n${front}---\nSame.\n`)
  await page.goto('/import')
  const choice = page.locator('input[data-choice=files]').first()
  await choice.setInputFiles([{ name: `${name}.md`, mimeType: 'text/markdown', buffer }])
}

test('an import that ends after somebody went on is told where they are, and leads nowhere', async ({
  page,
  request,
}) => {
  const name = uniqueName('left')
  await bringFile(page, name)
  await expect(importButton(page)).toBeEnabled()
  const held = Promise.withResolvers<void>()
  await page.route('**/api/import?dry_run=false', async (route) => {
    await held.promise
    await route.continue()
  })
  await importButton(page).click()
  await expect(page.getByRole('progressbar', { name: 'Import' })).toBeVisible()
  await page.getByRole('navigation').getByRole('link', { name: 'Usage' }).first().click()
  await expect(page).toHaveURL(/\/usage/)
  held.resolve()
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('1 prompt imported.')
  expect((await request.get(`/api/prompts/${name}`)).status()).toBe(200)
  await expect(page).toHaveURL(/\/usage/)
})

test('an import that changes nothing but a category can be made', async ({ page, request }) => {
  const [name, category] = [uniqueName('shelf'), uniqueName('room').replaceAll('_', '-')]
  await request.post('/api/categories', { data: { slug: category, name: category } })
  await createPrompt(request, { name, template_content: 'Same.' })
  await bringFile(page, name, `category: ${category}\n`)
  await expect(page.getByText(`Its category is "${category}" then`).first()).toBeVisible()
  await expect(importButton(page)).toHaveText('Import 1 prompt')
  await importButton(page).click()
  await expect(page).toHaveURL(/\/import\/[0-9a-f-]{36}$/)
  const now = await request.get(`/api/prompts/${name}`)
  expect(await now.json()).toMatchObject({ category, version: 1 })
})
