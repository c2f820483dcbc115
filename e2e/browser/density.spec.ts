import { createPrompt, generate, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

test.use({ viewport: { width: 1440, height: 900 } })

/** How many rows of the list are wholly on the screen. */
function rowsInSight(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...document.querySelectorAll('[data-index]')].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return top >= 0 && bottom <= window.innerHeight
      }).length,
  )
}

test('24: both lists have a compact density that stays, with fifteen rows on a screen of 900 px', {
  tag: '@full',
}, async ({ page, request }) => {
  // The seed has thirteen.
  const names = [uniqueName('dense'), uniqueName('dense'), uniqueName('dense')]
  await Promise.all(names.map((name) => createPrompt(request, { name, template_content: 'Say {{ x }}.' })))
  const runs = Array.from({ length: 15 }, (_, run) => ({ x: `it ${run}` }))
  await Promise.all(
    runs.map((variables) => generate(request, { prompt: names[0], configuration: 'echo', variables })),
  )
  await page.goto('/prompts')
  const compact = page.getByRole('button', { name: 'One line a row' })
  await expect(compact).toHaveAttribute('aria-pressed', 'false')
  expect(await rowsInSight(page)).toBeLessThan(10)
  await compact.click()
  await expect(compact).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => rowsInSight(page)).toBeGreaterThanOrEqual(15)
  await page.reload()
  await expect(compact).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => rowsInSight(page)).toBeGreaterThanOrEqual(15)
  await page.goto('/generations')
  await expect(compact).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => rowsInSight(page)).toBeGreaterThanOrEqual(15)
})

test('the table of generations is sorted, searched, narrowed by time, and saved as a file', {
  tag: '@full',
}, async ({ page, request }) => {
  const { name } = await createPrompt(request, {
    name: uniqueName('table'),
    template_content: 'Say {{ x }}.',
  })
  const words = ['one', 'one two three four five', 'one two three']
  for (const x of words) await generate(request, { prompt: name, configuration: 'echo', variables: { x } })
  await page.goto(`/prompts/${name}/generations`)
  const rows = page.getByRole('table', { name: 'Generations' }).locator('[data-index]')
  await expect(rows).toHaveCount(3)
  await page.getByRole('button', { name: 'Tokens' }).click()
  await expect(page).toHaveURL(/sort=-output_tokens/)
  await expect(page.getByRole('columnheader', { name: 'Tokens' })).toHaveAttribute('aria-sort', 'descending')
  await expect(rows.first()).toContainText('6 in')
  await page.getByRole('button', { name: 'Tokens' }).click()
  await expect(rows.first()).toContainText('2 in')
  await page.getByRole('searchbox', { name: 'Search the generations' }).fill('three four')
  await expect(rows).toHaveCount(1)
  await expect(page).toHaveURL(/q=three(\+|%20)four/)
  await page.getByRole('radio', { name: '24 hours' }).click()
  await expect(page).toHaveURL(/range=24h/)
  await expect(rows).toHaveCount(1)
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Cost' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Cost' })).toHaveCount(0)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download what is filtered' }).click()
  await page.getByRole('menuitem', { name: /^CSV the columns/ }).click()
  const file = (await (await (await download).createReadStream()).toArray()).join('')
  const [heading = '', ...lines] = file.trimEnd().split('\r\n')
  expect(heading).toMatch(/^id,status,prompt,version,label,configuration,/)
  expect(heading).not.toContain('cost')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(`,succeeded,${name},1,`)
})
