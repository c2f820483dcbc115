import { readFile } from 'node:fs/promises'
import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { createConfiguration, createPrompt, generate, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

test.use({ timezoneId: 'Europe/Berlin', contextOptions: { reducedMotion: 'reduce' } })

const chart = (page: Page, name: string) => page.getByRole('figure', { name })
/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:59999/v1'

/** A prompt with two uses that were answered and one that lacked `who`, by a client of its own. */
async function makeFailing(request: APIRequestContext) {
  const { name } = await createPrompt(request, {
    name: uniqueName('failing'),
    template_content: 'Hello {{ who }}',
  })
  const client = uniqueName('agent')
  const headers = { 'user-agent': `${client}/1.0` }
  for (const variables of [{ who: 'a' }, { who: 'b' }, {}])
    await request.post(`/api/prompts/${name}/render`, { data: { variables }, headers })
  await expect
    .poll(
      async () => (await (await request.get('/api/stats', { params: { prompt: name } })).json()).totals.uses,
    )
    .toBe(3)
  return { name, client }
}

test('25: why a prompt failed stands on the page, and leads to the uses behind it', async ({
  page,
  request,
}) => {
  const { name, client } = await makeFailing(request)
  await page.goto(`/prompts/${name}/usage?range=24h`)
  const reasons = page.getByRole('table', { name: 'Why uses failed' })
  const reason = reasons.getByRole('row', { name: /^who is missing/ })
  await expect(reason).toContainText(client)
  await reason.getByRole('link', { name: '1 uses: who is missing' }).click()
  await expect(page).toHaveURL(/\/usage\/uses\?/)
  const uses = page.getByRole('table', { name: 'Uses' })
  await expect(uses.getByRole('row', { name: /failed who is missing/ })).toContainText(client)
  await expect(uses.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: /Reason/ }).click()
  await page.getByRole('option', { name: 'All reasons' }).click()
  await page.getByRole('button', { name: 'Not only who' }).click()
  await expect(uses.getByRole('row')).toHaveCount(4)
  const csv = await page.request.get(
    (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '',
  )
  expect((await csv.text()).split('\r\n')).toHaveLength(5)
  const json = await page.request.get(
    (await page.getByRole('link', { name: 'JSON Lines' }).getAttribute('href')) ?? '',
  )
  const items = (await json.text())
    .trim()
    .split('\n')
    .map((line): { outcome: string } => JSON.parse(line))
  expect(items.map(({ outcome }) => outcome).toSorted()).toEqual(['ok', 'ok', 'unprocessable'])
})

test('a live list shows a use that comes', { tag: '@full' }, async ({ page, request }) => {
  const { name } = await makeFailing(request)
  await page.goto(`/usage/uses?prompt=${name}`)
  const uses = page.getByRole('table', { name: 'Uses' })
  await expect(uses.getByRole('row')).toHaveCount(4)
  await page.getByRole('switch', { name: 'Live' }).click()
  await request.post(`/api/prompts/${name}/render`, { data: { variables: { who: 'c' } } })
  await expect(uses.getByRole('row')).toHaveCount(5)
})

test('a drag over a chart zooms into the address, and values stand at the pointer', async ({
  page,
  request,
}) => {
  const { name } = await makeFailing(request)
  await page.goto(`/prompts/${name}/usage?range=30d&by=surface`)
  const slider = chart(page, 'Uses').getByRole('slider')
  await slider.scrollIntoViewIfNeeded()
  const box = await slider.boundingBox()
  if (box === null) throw new Error('The chart has no place.')
  const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const
  await page.mouse.move(...at(0.99))
  await expect(chart(page, 'Uses')).toContainText(/(\d{4}|so far)REST3/)
  await page.mouse.move(...at(0.75))
  await page.mouse.down()
  await page.mouse.move(...at(0.85))
  await page.mouse.move(...at(0.995))
  await page.mouse.up()
  await expect(page).toHaveURL(/from=20\d\d-\d\d-\d\d&to=20/)
  await page.goBack()
  await expect(page).toHaveURL(/range=30d/)
})

test('a span is compared with another, in a time zone that is chosen', { tag: '@full' }, async ({ page }) => {
  await page.goto('/usage?range=7d')
  await page.getByRole('button', { name: /Compare/ }).click()
  await page.getByRole('option', { name: 'With the span before' }).click()
  await expect(page).toHaveURL('/usage?range=7d&compare=before')
  await page.getByRole('button', { name: /Time zone/ }).click()
  await page.getByRole('option', { name: 'Asia/Kolkata' }).click()
  await expect(page).toHaveURL('/usage?range=7d&compare=before&tz=Asia/Kolkata')
  await expect(page.locator('[data-span]')).toContainText('Asia/Kolkata time')
  await page.reload()
  await expect(page.locator('[data-span]')).toContainText('Asia/Kolkata time')
})

test('a comparison with the same weekdays names both dates at the pointer, and in the table', async ({
  page,
  request,
}) => {
  const { name } = await makeFailing(request)
  await page.goto(`/prompts/${name}/usage?range=30d&compare=weekdays`)
  await expect(page.getByText(/^Nothing was used in the same weekdays 5 weeks before, \w{3}, /)).toBeVisible()
  const slider = chart(page, 'Uses').getByRole('slider')
  const text = (await slider.getAttribute('aria-valuetext')) ?? ''
  const [today, before] = [...text.matchAll(/(\w{3}), (\d+ \w+ \d{4})/g)]
  expect(before?.[1]).toBe(today?.[1])
  expect(Date.parse(`${today?.[2]} UTC`) - Date.parse(`${before?.[2]} UTC`)).toBe(35 * 86_400_000)
  await slider.hover({ position: { x: 5, y: 40 } })
  const both = chart(page, 'Uses').getByText(/^\w{3}, \d+ \w+ \d{4}$/)
  await expect(both).toHaveCount(3)
  await chart(page, 'Uses').getByRole('button', { name: 'Table of Uses' }).click()
  const table = page.getByRole('table', { name: 'Uses' })
  await expect(table.getByRole('columnheader', { name: 'Time before' })).toBeVisible()
  await expect(table.getByRole('columnheader', { name: 'Uses before' })).toBeVisible()
})

test('a view is saved by name, opened and deleted', async ({ page }) => {
  const name = uniqueName('View')
  await page.goto('/usage?range=7d&surface=mcp')
  await page.getByRole('button', { name: 'Views' }).click()
  const views = page.getByRole('dialog', { name: 'Saved views' })
  await views.getByRole('textbox', { name: 'Save what is shown as' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(views).toBeHidden()
  await page.goto('/usage')
  await page.getByRole('button', { name: 'Views' }).click()
  await views.getByRole('link', { name }).click()
  await expect(page).toHaveURL('/usage?range=7d&surface=mcp')
  await page.getByRole('button', { name: 'Views' }).click()
  await views.getByRole('button', { name: `Delete the view ${name}` }).click()
  await expect(views.getByRole('link', { name })).toBeHidden()
})

test('a note stands in the list and on the charts', async ({ page, request }) => {
  const { name } = await makeFailing(request)
  await page.goto(`/prompts/${name}/usage?range=24h`)
  await page.getByRole('button', { name: 'Add a note' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a note' })
  await dialog.getByRole('textbox', { name: 'What happened' }).fill('A campaign began')
  await dialog.getByRole('button', { name: 'Add the note' }).click()
  const notes = page.getByRole('region', { name: 'Notes' })
  await expect(notes).toContainText('A campaign began')
  const slider = chart(page, 'Uses').getByRole('slider')
  await expect(slider).toHaveAttribute('aria-valuetext', /A campaign began/)
  const width = (await slider.boundingBox())?.width ?? 0
  await slider.hover({ position: { x: width - 2, y: 40 } })
  const beside = chart(page, 'Uses').locator('p').filter({ hasText: 'A campaign began' })
  await expect(beside).toBeVisible()
  await expect(beside).toContainText('version 1 saved')
  await notes.getByRole('button', { name: 'Delete the note A campaign began' }).click()
  await expect(notes).not.toContainText('A campaign began')
})

test('what generations cost stands by version, and each table is a file', async ({ page, request }) => {
  const { name } = await makeFailing(request)
  const configuration = await createConfiguration(request, {
    input_price_per_million: 200_000,
    output_price_per_million: 400_000,
  })
  await generate(request, { prompt: name, variables: { who: 'a' }, configuration })
  await page.goto(`/prompts/${name}/usage?range=24h`)
  const costs = page.getByRole('table', { name: 'Cost by version' })
  await expect(costs.getByRole('row').nth(1)).toContainText(`${name}@1`)
  await expect(costs.getByRole('row').nth(1)).toContainText('$')
  const waiting = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download as JSON Lines: Cost by version' }).click()
  const lines = (await readFile(await (await waiting).path(), 'utf8')).trim().split('\n')
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ key: `${name}@1`, generations: 1 }])
  // What the last change did to money: releases stand on the chart.
  const cost = chart(page, 'Cost').getByRole('slider')
  await expect(cost).toHaveAttribute('aria-valuetext', /version 1 saved/)
  await page.getByRole('button', { name: /What is drawn and ranked/ }).click()
  await page.getByRole('option', { name: 'Tokens' }).click()
  await expect(page).toHaveURL(/measure=tokens/)
  await expect(page.getByRole('table', { name: 'Tokens by version' })).toBeVisible()
  await expect(chart(page, 'Tokens').getByRole('slider')).toHaveAttribute('aria-valuetext', /@1 \d+/)
})

test('rows of costs lead to their generations, those that failed to these', async ({ page, request }) => {
  const { name } = await makeFailing(request)
  const configuration = await createConfiguration(request, {
    provider: 'openai',
    base_url: NOBODY,
    api_key: 'x',
    model: 'm',
  })
  const failed = await generate(request, { prompt: name, variables: { who: 'a' }, configuration })
  await page.goto(`/prompts/${name}/usage?range=24h`)
  await page.getByRole('link', { name: `1 failed generations of ${name}@1` }).click()
  await expect(page).toHaveURL(/\/generations\?.*status=failed/)
  await expect(page.locator(`a[href="/generations/${failed.id}"]`)).toBeVisible()
})

test('reasons beyond ten are shown when somebody wants them', async ({ page, request }) => {
  const { name } = await createPrompt(request, { name: uniqueName('reasons'), template_content: 'Hello' })
  for (let n = 0; n < 12; n++)
    await request.post(`/api/prompts/${name}/render`, { data: { variables: { [`odd_${n}`]: 'x' } } })
  await page.goto(`/prompts/${name}/usage?range=24h`)
  const rows = page.getByRole('table', { name: 'Why uses failed' }).getByRole('row')
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('button', { name: 'Show all 12 rows' })).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await expect(rows).toHaveCount(11)
  await page.getByRole('button', { name: 'Show all 12 rows' }).click()
  await expect(rows).toHaveCount(13)
})

test('costs say which calls they leave out, and that the files have all rows', async ({ page, request }) => {
  const { name } = await makeFailing(request)
  const configuration = await createConfiguration(request, { model: 'no-price' })
  await generate(request, { prompt: name, variables: { who: 'a' }, configuration })
  await page.route('**/api/stats/spending?*', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), row_count: 1234 } })
  })
  await page.goto(`/prompts/${name}/usage?range=24h`)
  const costs = page.getByRole('region', { name: 'What it cost' })
  await expect(costs).toContainText('The costs leave out 1 call that used tokens: no price is known for it.')
  await expect(costs.getByRole('link', { name: 'Prices of configurations' })).toHaveAttribute(
    'href',
    '/settings/ai',
  )
  await expect(costs).toContainText('These are the 1 largest of 1,234; the files have all.')
})

test('a quota has its month as a line, with the limit across', async ({ page, request }) => {
  const { name } = await makeFailing(request)
  const configuration = await createConfiguration(request, { monthly_token_quota: 5000 })
  await generate(request, { prompt: name, variables: { who: 'a' }, configuration })
  await page.goto(`/prompts/${name}/usage?range=24h`)
  const quota = page
    .getByRole('list', { name: 'Quotas of the month' })
    .getByRole('listitem')
    .filter({ hasText: configuration })
  await expect(quota).toContainText(/\d+ tokens of 5,000 tokens/)
  await expect(quota).toContainText('limit')
  await expect(quota).toContainText('Too early to tell how far it goes.')
})

for (const colorScheme of THEMES) {
  test.describe(`in the ${colorScheme} theme`, { tag: '@full' }, () => {
    test.use({ colorScheme })

    test('usage with its reasons, costs and notes has no accessibility violation and fits a phone', async ({
      page,
      request,
    }) => {
      const { name } = await makeFailing(request)
      await generate(request, { prompt: name, variables: { who: 'a' }, configuration: 'echo' })
      for (const width of [1440, 360]) {
        await page.setViewportSize({ width, height: 900 })
        for (const path of [`/prompts/${name}/usage?range=24h`, `/usage/uses?prompt=${name}`]) {
          await page.goto(path)
          await expect(page.getByRole('table').first()).toBeVisible()
          // Figures of the reader's time zone are read after the page, which is paler until then.
          await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
          await expectNoViolations(page)
          await expectNoSidewaysScroll(page)
        }
      }
    })
  })
}
