import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from './test.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Both themes are made of the same parts: the gate looks at one, the full run at both. */
export const THEMES: { colorScheme: 'light' | 'dark'; tag: string[] }[] = [
  { colorScheme: 'light', tag: [] },
  { colorScheme: 'dark', tag: ['@full'] },
]

/** Asks axe about a page as it stands, WCAG 2.2 AA and best practice. */
export async function expectNoViolations(page: Page): Promise<void> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(RULES)
  const { violations } = await axe.analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`)).toEqual([])
}
