import type { Page } from '@playwright/test'

/** Where things are in the panel that tests a draft. */
export const valueOf = (page: Page, variable: string) => page.locator(`#value-${variable}`)
export const result = (page: Page) => page.getByRole('region', { name: 'Rendered text' })
export const rendered = (page: Page) => result(page).locator('[data-rendered]')

/** Chooses in a field that is a list. */
export async function choose(page: Page, variable: string, choice: string): Promise<void> {
  await valueOf(page, variable).click()
  await page.getByRole('option', { name: choice, exact: true }).click()
}
