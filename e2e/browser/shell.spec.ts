import { createPrompt, createVersion, uniqueName } from './api.ts'
import { expect, test } from './test.ts'

test.describe('statement 20: a prompt on paper', () => {
  test('shows name, version, text and variables, and nothing to press', async ({ page, request }) => {
    const name = uniqueName('paper')
    const first = await createPrompt(request, { name, title: 'On paper', template_content: 'Dear {{ who }}' })
    await createVersion(request, first, { template_content: 'Dear {{ who }}, the second time' })
    await page.goto(`/prompts/${name}`)
    await expect(page.getByRole('heading', { level: 1, name: 'On paper' })).toBeVisible()
    await expect(page.locator('.cm-content').first()).toBeVisible()
    await page.emulateMedia({ media: 'print' })
    const sheet = page.getByRole('article', { name: 'To print' })
    await expect(sheet).toContainText('Version 2')
    await expect(sheet).toContainText('Dear {{ who }}, the second time')
    await expect(sheet).toContainText('who string, required')
    await expect(page.getByRole('heading', { level: 1, name: 'On paper' })).toBeVisible()
    await expect(page.getByRole('button')).toHaveCount(0)
    await expect(page.getByRole('navigation')).toHaveCount(0)
    await expect(page.locator('.cm-content').first()).toBeHidden()
    await page.emulateMedia({ media: 'screen' })
    await expect(sheet).toBeHidden()
  })
})

test('where one is: prompt, tab and version, each with its title', { tag: '@full' }, async ({
  page,
  request,
}) => {
  const name = uniqueName('crumbs')
  await createPrompt(request, { name, template_content: 'Hello' })
  const trail = page.getByRole('navigation', { name: 'Breadcrumb' })
  await page.goto(`/prompts/${name}/versions`)
  await expect(trail.getByRole('link')).toHaveText(['Prompts', name, 'Versions'])
  await expect(page).toHaveTitle(`Versions · ${name} · Incipit`)
  await page.goto(`/prompts/${name}/usage`)
  await expect(trail.getByRole('link')).toHaveText(['Prompts', name, 'Usage'])
  await expect(page).toHaveTitle(`Usage · ${name} · Incipit`)
  await page.goto(`/prompts/${name}?version=1`)
  await expect(trail.getByRole('link')).toHaveText(['Prompts', name, 'Version 1'])
  await trail.getByRole('link', { name }).click()
  await expect(page).toHaveURL(`/prompts/${name}`)
})

test('a page that is not there offers a search with the words of the address, and recent prompts', async ({
  page,
  request,
}) => {
  const name = uniqueName('lost')
  await createPrompt(request, { name, title: 'Lost and found', template_content: 'Hello' })
  await page.goto(`/prompts/${name}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Lost and found' })).toBeVisible()
  await page.waitForFunction((seen) => JSON.stringify(localStorage).includes(seen), name)
  const answer = await page.goto('/prompt/lost-and-found')
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('link', { name: 'Lost and found' })).toBeVisible()
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page).toHaveURL('/prompts?q=lost+and+found')
})

test('a server that is not reached is told of, and that it is back', async ({ page, context }) => {
  await page.goto('/connect')
  const notice = page.getByText('The server is not reached.')
  await expect(async () => {
    await context.setOffline(true)
    await expect(notice).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await context.setOffline(false)
  await expect(notice).toBeHidden()
})
