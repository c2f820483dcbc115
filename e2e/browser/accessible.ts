import axe from 'axe-core'
import { expect, type Locator, type Page } from './test.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Pages as they are worked with, in each theme, are looked at in the full run; the gate looks at some as they open. */
export const THEMES = ['light', 'dark'] as const

/** Asks axe about a page as it stands, WCAG 2.2 AA and best practice. */
export async function expectNoViolations(page: Page): Promise<void> {
  // The page keeps it from one look to the next.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const faults = await page.evaluate(async (values) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe }
    const { violations } = await inPage.run({ runOnly: { type: 'tag', values }, reporter: 'no-passes' })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`)
  }, RULES)
  expect(faults).toEqual([])
}

/** Waits until nothing is wider than the page. Behind a dialog the place of the scrollbar is left free. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wider = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  await expect.poll(wider, `px that ${page.url()} of it are beside its window`).toBeLessThanOrEqual(0)
}

/** Most stops of a page before the one that is looked for. */
const STOPS = 80

/** Goes by Tab alone to an element, from wherever the focus is. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible()
  for (let stop = 0; stop < STOPS; stop++) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`${STOPS} stops, and none of them was ${String(target)}`)
}
