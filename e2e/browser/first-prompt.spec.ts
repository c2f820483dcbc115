import { type RunningApp, startApp } from '../start-app.ts'
import { expect, test } from './test.ts'

test.describe('statement 18: a workspace without prompts', () => {
  let app: RunningApp
  test.beforeAll(async () => {
    app = await startApp()
    const list = (await (await fetch(`${app.url}/api/prompts`)).json()) as {
      items: { name: string; etag: string }[]
    }
    for (const { name, etag } of list.items) {
      const headers = { 'if-match': etag, 'content-type': 'application/json' }
      await fetch(`${app.url}/api/prompts/${name}`, { method: 'DELETE', headers })
    }
  })
  test.afterAll(async () => {
    await app.stop()
  })

  test('offers one action, a sample, which can be tried at once', async ({ page }) => {
    await page.goto(`${app.url}/prompts`)
    await expect(page.getByRole('heading', { name: 'Begin with a prompt' })).toBeVisible()
    await page.getByRole('button', { name: 'Create a sample prompt' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Release note' })).toBeVisible()
    await page.getByRole('button', { name: 'Use the examples' }).click()
    await expect(page.locator('[data-rendered]')).toContainText('in at most 4 sentences')
    await page.getByRole('link', { name: 'Prompts', exact: true }).first().click()
    await expect(page.getByRole('link', { name: 'Release note' })).toBeVisible()
  })
})
