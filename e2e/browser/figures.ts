import { expect, type Page } from './test.ts'

/**
 * Waits until the figures of a page of usage are those of the reader's time zone. The page comes with those of UTC, and
 * its parts find their places anew when the others are there.
 */
export async function untilFiguresStand(page: Page): Promise<void> {
  const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  await expect(page.locator('[data-span]')).toContainText(zone)
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
}
