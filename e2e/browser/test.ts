import { test as base, type Page } from '@playwright/test'

export { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test'

/** As Playwright's own, but a page that was opened or reloaded can be used: its script has taken hold of it. */
export const test = base.extend<{ page: Page }>({
  page: async ({ page }, use) => {
    const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)]
    // Who says how long to wait does not want more.
    page.goto = async (url, options) => {
      const response = await goto(url, options)
      if (options?.waitUntil === undefined) await untilUsable(page)
      return response
    }
    page.reload = async (options) => {
      const response = await reload(options)
      if (options?.waitUntil === undefined) await untilUsable(page)
      return response
    }
    await use(page)
  },
})

/**
 * Waits for a page that another one led to by itself. React marks the elements it has taken over; effects have run
 * once there is nothing else to do.
 */
export async function untilUsable(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const main = document.querySelector('main')
    return main === null || Object.keys(main).some((key) => key.startsWith('__react'))
  })
  await page.evaluate(() =>
    new Promise((done) => requestIdleCallback(done, { timeout: 2000 })).then(() => null),
  )
}
