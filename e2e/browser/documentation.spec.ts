import { expect, type Page, test } from '@playwright/test'
import { isFullRun } from '../extent.ts'
import { expectNoViolations, THEMES } from './accessible.ts'

/* The documentation: pages without the app's script, so nothing waits for React here. */

/** One of each kind; the full run looks at more of them, in both themes. */
const PAGES = ['/docs/templates', '/docs/architecture', '/docs/api/versions', '/docs/nothing']
const MORE = isFullRun
  ? ['/docs', '/docs/configuration', '/docs/api', '/docs/api/prompts', '/docs/api/schemas']
  : []
const PHONE = { width: 360, height: 740 }

/** What the browser refused or could not load. */
function faultsOf(page: Page): string[] {
  const faults: string[] = []
  page.on('console', (message) => {
    // It tells of a page that there is not, which is what was asked for.
    if (message.type() === 'error' && !message.text().includes('404')) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== new URL(page.url()).hostname && page.url() !== 'about:blank')
      faults.push(`asks ${request.url()}`)
  })
  return faults
}

const field = (page: Page) => page.getByRole('combobox', { name: 'Search the documentation' })

for (const theme of THEMES)
  test(`is accessible, whole and alone in the ${theme} theme, and fits a phone`, {
    tag: theme === 'dark' ? ['@full'] : [],
  }, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const faults = faultsOf(page)
    for (const path of [...PAGES, ...MORE]) {
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectNoViolations(page)
      await page.setViewportSize(PHONE)
      await expect(page.locator('.contents details')).not.toHaveAttribute('open')
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect([path, overflow]).toEqual([path, 0])
      await expectNoViolations(page)
    }
    expect(faults).toEqual([])
  })

test('large tables scroll within themselves on a phone', async ({ page }) => {
  await page.setViewportSize(PHONE)
  await page.goto('/docs/configuration')
  const table = page.getByRole('group', { name: /^Table: key, environment/ }).first()
  const sizes = await table.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])
  expect(sizes[0]).toBeGreaterThan(sizes[1] ?? 0)
  await table.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => table.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0)
})

test('is searched by keyboard, without any server but for its files', async ({ page, context }) => {
  await page.goto('/docs')
  await page.keyboard.press('/')
  await expect(field(page)).toBeFocused()
  await field(page).fill('protected labels')
  await expect(page.getByRole('option').first()).toHaveText(/Protected labels/)
  // What was loaded once finds on, whatever became of the network.
  await context.setOffline(true)
  await field(page).fill('upcase')
  await expect(page.getByRole('option').first()).toHaveText(/language of templates/i)
  await context.setOffline(false)
  await field(page).fill('zzqqzz')
  await expect(page.getByRole('status')).toHaveText('Nothing has “zzqqzz”.')
  await page.keyboard.press('Escape')
  await expect(field(page)).toBeHidden()
  await page.keyboard.press('ControlOrMeta+k')
  await expect(field(page)).toBeFocused()
  await field(page).fill('the lost secret')
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
  await expectNoViolations(page)
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/docs\/operating#secrets/)
})

test('finds an operation of the API, and its page shows what it takes', async ({ page }) => {
  await page.goto('/docs/api')
  await page.keyboard.press('/')
  await field(page).fill('createVersion')
  await page.getByRole('option').first().click()
  await expect(page).toHaveURL('/docs/api/versions#createVersion')
  await expect(page.getByText('POST /api/prompts/{name}/versions', { exact: true })).toBeVisible()
})

test('keeps the theme that was chosen, in the workbench too', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/docs')
  const button = page.getByRole('button', { name: /^Theme/ })
  await expect(button).toHaveText('Theme: system')
  await button.click()
  await button.click()
  await expect(button).toHaveText('Theme: dark')
  await page.goto('/docs/start')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.goto('/prompts')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('the workbench leads to it', async ({ page, context }) => {
  await page.goto('/prompts')
  const palette = page.getByRole('searchbox', { name: 'Go to a prompt or run an action' })
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+k')
    await expect(palette).toBeFocused({ timeout: 1_000 })
  }).toPass()
  await palette.fill('Documentation')
  const opened = context.waitForEvent('page')
  await page.keyboard.press('Enter')
  await expect((await opened).getByRole('heading', { level: 1, name: 'Documentation' })).toBeVisible()
})

test('is read without any script', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL && { baseURL }) })
  const page = await context.newPage()
  await page.goto('/docs/templates#filters')
  await expect(page.getByRole('heading', { name: /^Filters/ })).toBeInViewport()
  await expect(page.getByRole('link', { name: 'REST', exact: true })).toBeVisible()
  await expect(page.getByRole('button')).toHaveCount(0)
  await context.close()
})
