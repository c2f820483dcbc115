import { withClient } from '#lib/testing/database.ts'
import { startApp } from '../start-app.ts'
import { expectNoViolations, THEMES } from './accessible.ts'
import { expect, test } from './test.ts'

const PARTS = [
  'Instances',
  'Database',
  'Work',
  'Upkeep',
  'Last warnings and errors',
  'Slowest statements',
  'Caches',
]

test('the system page tells how the installation is, and goes on by itself', async ({ page }) => {
  await page.goto('/settings/system')
  for (const name of PARTS) await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Instances', exact: true })).toContainText('(this one)')
  const upkeep = page.getByRole('region', { name: 'Upkeep', exact: true })
  await expect(upkeep.getByRole('row', { name: /make partitions/ })).toContainText('1 h')
  const asOf = page.locator('#system + p, section[aria-labelledby=system] > p > time')
  const before = await asOf.last().getAttribute('datetime')
  await expect(asOf.last()).not.toHaveAttribute('datetime', before ?? '', { timeout: 15_000 })
})

for (const theme of THEMES)
  test(`the system page has no accessibility violation in ${theme}, and fits 360 px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width: 360, height: 800 })
    await page.goto('/settings/system')
    await expect(page.getByRole('heading', { name: 'Caches', exact: true })).toBeVisible()
    await expectNoViolations(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })

test('messages that were refused again and again are sent again or given up from the system page', async ({
  page,
}) => {
  const app = await startApp()
  try {
    await withClient(app.databaseUrl ?? '', (client) =>
      client.query(
        `INSERT INTO outbox (workspace_id, id, target, subject, name, data, tries, written_at, due_at)
         SELECT w.id, 'refused-' || s, 'mail', s, 'mail/nothing', '{}', 1000, now(), now()
         FROM workspace w, unnest(ARRAY['somebody', 'nobody']) AS s WHERE w.slug = 'default'`,
      ),
    )
    await page.goto(`${app.url}/settings/system`)
    await expect(page.getByText('2 messages refused again and again')).toBeVisible()
    await page.getByRole('button', { name: 'Give up: mail/nothing about nobody' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Give this message up' })
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'Give up', exact: true }).press('Enter')
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('is given up')
    await expect(page.getByText('1 message refused again and again')).toBeVisible()
    await page.getByRole('button', { name: 'Send again: mail/nothing about somebody' }).press('Enter')
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('is sent again')
    await expect(page.getByText('1 message refused again and again')).toBeHidden()
  } finally {
    await app.stop()
  }
})
