import { refusalPage } from '#lib/door/edge/refusal-page.ts'
import { waitingPage } from '#lib/door/edge/waiting-page.ts'
import { appError } from '#lib/errors.ts'
import { expectNoViolations } from './accessible.ts'
import { expect, test } from './test.ts'

const PAPER = { light: 'oklch(0.984 0.004 85)', dark: 'oklch(0.178 0.006 65)' }

for (const theme of ['light', 'dark'] as const)
  test(`the page of a server that is away comes back by itself, in ${theme}`, async ({ page }) => {
    const { html, policy } = waitingPage('The database does not answer.', 1)
    const broken: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) broken.push(message.text())
    })
    await page.addInitScript((chosen) => localStorage.setItem('incipit-theme', chosen), theme)
    let isAway = true
    await page.route('**/prompts', (route) =>
      isAway
        ? route.fulfill({
            status: 503,
            body: html,
            contentType: 'text/html; charset=utf-8',
            headers: { 'content-security-policy': policy },
          })
        : route.continue(),
    )
    await page.route('**/health/ready', (route) =>
      isAway ? route.fulfill({ status: 503, body: '{}' }) : route.continue(),
    )
    const asked = page.waitForRequest('**/health/ready')
    await page.goto('/prompts', { waitUntil: 'commit' })
    await expect(page.getByRole('status')).toHaveText('The database does not answer.')
    await expect(page.locator('body')).toHaveCSS('background-color', PAPER[theme])
    await asked
    isAway = false
    await expect(page.getByRole('heading', { name: 'Prompts' })).toBeVisible()
    expect(broken).toEqual([])
  })

for (const theme of ['light', 'dark'] as const)
  test(`a page that is refused says why and comes back by itself, in ${theme}`, async ({ page }) => {
    const error = appError('rate_limited', 'More than 5 requests came in a second.', { retryAfter: 2 })
    const { html, policy } = refusalPage(error, 'a-request')
    const broken: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) broken.push(message.text())
    })
    await page.addInitScript((chosen) => localStorage.setItem('incipit-theme', chosen), theme)
    let isRefused = true
    await page.route('**/prompts', (route) =>
      isRefused
        ? route.fulfill({
            status: 429,
            body: html,
            contentType: 'text/html; charset=utf-8',
            headers: { 'content-security-policy': policy },
          })
        : route.continue(),
    )
    await page.goto('/prompts', { waitUntil: 'commit' })
    isRefused = false
    await expect(page.getByRole('alert')).toHaveText('More than 5 requests came in a second.')
    await expect(page.locator('body')).toHaveCSS('background-color', PAPER[theme])
    await expect(page.getByRole('heading', { name: 'Prompts' })).toBeVisible()
    expect(broken).toEqual([])
  })

test('a page that is refused has no accessibility violation', { tag: '@full' }, async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setContent(refusalPage(appError('forbidden', 'Not under that name.'), 'a-request').html)
    await expectNoViolations(page)
  }
})
