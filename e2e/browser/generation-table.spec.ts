import { readFile } from 'node:fs/promises'
import { expectNoViolations, THEMES } from './accessible.ts'
import { createVersion, generate } from './api.ts'
import { makePrompt, rows, withProvider, x } from './generated.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

const { modelled } = withProvider()
const totals = (page: Page) => page.getByRole('region', { name: 'Totals' })
const chips = (page: Page) => page.getByRole('list', { name: 'Filters that are set' })
const headings = (page: Page) => page.getByRole('table', { name: 'Generations' }).getByRole('columnheader')
/** A prompt with two answers and one failure, of two configurations. */
async function threeOf(request: APIRequestContext) {
  const { name: prompt } = await makePrompt(request)
  const good = await modelled(request, 'words-8.every-5', PRICES)
  const bad = await modelled(request, 'status-401')
  const made = []
  for (const configuration of [good, bad, good])
    made.push(await generate(request, { prompt, configuration, ...x }))
  return { prompt, good, bad, made, list: `/prompts/${prompt}/generations` }
}
const PRICES = { input_price_per_million: 1_000, output_price_per_million: 1_000 }

/** Opens the panel of further filters, once what it offers is there. */
async function openFilters(page: Page) {
  await page.getByRole('button', { name: 'More filters' }).click()
  const panel = page.getByRole('dialog', { name: 'More filters' })
  await expect(panel).toContainText('Counted over')
  return panel
}

test.describe('the table of generations', () => {
  test('is narrowed by a failure and by bounds, each in the address and taken away by itself', async ({
    page,
    request,
  }) => {
    const { list, bad } = await threeOf(request)
    await page.goto(list)
    await expect(rows(page)).toHaveCount(3)
    await expect(totals(page)).toContainText(/Generations\s*3/)
    await expect(totals(page)).toContainText(/Failed\s*1/)
    await expect(totals(page)).toContainText(/Cost\s*\$/)
    const panel = await openFilters(page)
    await panel.getByRole('button', { name: /Failure/ }).click()
    await page.getByRole('option', { name: /Key refused/ }).click()
    await panel.getByRole('button', { name: 'Apply' }).click()
    await expect(page).toHaveURL(`${list}?error=unauthorized`)
    await expect(rows(page)).toHaveCount(1)
    await expect(rows(page)).toContainText(bad)
    await expect(totals(page)).toContainText(/Generations\s*1/)
    const again = await openFilters(page)
    const seconds = again.getByRole('group', { name: 'Latency in seconds' })
    await seconds.getByLabel('at least').fill('5')
    await seconds.getByLabel('at most').fill('0.5')
    await again.getByRole('button', { name: 'Apply' }).click()
    await expect(again.getByRole('alert')).toHaveText('The least latency is above the most: swap them.')
    await seconds.getByLabel('at least').fill('')
    await again.getByRole('button', { name: 'Apply' }).click()
    await expect(page).toHaveURL(`${list}?error=unauthorized&latency_ms_max=500`)
    await chips(page).getByRole('button', { name: 'Without: Key refused' }).click()
    await expect(page).toHaveURL(`${list}?latency_ms_max=500`)
    await page.goBack()
    await expect(chips(page)).toContainText('Key refused')
    await chips(page).getByRole('button', { name: 'Clear' }).click()
    await expect(page).toHaveURL(list)
    await expect(rows(page)).toHaveCount(3)
  })

  test('is narrowed by version, model and who asked', { tag: '@full' }, async ({ page, request }) => {
    const made = await makePrompt(request)
    await generate(request, { prompt: made.name, configuration: 'echo', ...x })
    await createVersion(request, made, { template_content: 'Tell {{ x }}.', labels: ['production'] })
    const model = 'words-3'
    await generate(request, { prompt: made.name, configuration: await modelled(request, model), ...x })
    const list = `/prompts/${made.name}/generations`
    await page.goto(list)
    const panel = await openFilters(page)
    await panel.getByRole('button', { name: /Version/ }).click()
    await page.getByRole('option', { name: /^v2/ }).click()
    await panel.getByRole('button', { name: /Model/ }).click()
    await page.getByRole('option', { name: model }).click()
    await panel.getByRole('button', { name: /Who/ }).click()
    await page.getByRole('option').nth(1).click()
    await panel.getByRole('button', { name: 'Apply' }).click()
    await expect(page).toHaveURL(new RegExp(`\\?version=2&model=${model}&who=[0-9a-f-]{36}$`))
    await expect(rows(page)).toHaveCount(1)
    await page.reload()
    await expect(rows(page)).toHaveCount(1)
    await expect(chips(page)).toContainText('Version 2')
  })

  test('keeps columns, density and whether it is live in the address', async ({ page, request }) => {
    const { list } = await threeOf(request)
    await page.goto(`${list}?columns=latency,cost,when`)
    await expect(headings(page)).toHaveText(['Prompt', 'When', 'Latency', 'Cost'])
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Speed' }).click()
    await page.keyboard.press('Escape')
    await expect(headings(page)).toHaveText(['Prompt', 'When', 'Latency', 'Speed', 'Cost'])
    await expect(page).toHaveURL(`${list}?columns=when,latency,tokens_per_second,cost`)
    await page.getByRole('switch', { name: 'Live' }).click()
    await expect(page).toHaveURL(/live=off/)
    await page.getByRole('button', { name: 'One line a row' }).click()
    await expect(page).toHaveURL(/density=comfortable/)
    await expect(page.getByRole('table', { name: 'Generations' })).toHaveCount(0)
    const address = page.url()
    await page.goto('/generations?density=compact')
    await expect(page.getByRole('table', { name: 'Generations' })).toBeVisible()
    await page.goto(address)
    await expect(page.getByRole('table', { name: 'Generations' })).toHaveCount(0)
    await expect(page.getByRole('switch', { name: 'Live' })).not.toBeChecked()
  })

  test('follows what comes at once while it is live, and what was missed when it is again', async ({
    page,
    request,
  }) => {
    const { list, prompt } = await threeOf(request)
    await page.goto(list)
    await expect(rows(page)).toHaveCount(3)
    await generate(request, { prompt, configuration: 'echo', ...x })
    // Far sooner than any poll.
    await expect(rows(page)).toHaveCount(4, { timeout: 5_000 })
    await page.getByRole('switch', { name: 'Live' }).click()
    await expect(page).toHaveURL(/live=off/)
    await generate(request, { prompt, configuration: 'echo', ...x })
    await expect(rows(page)).toHaveCount(4)
    await page.getByRole('switch', { name: 'Live' }).click()
    await expect(rows(page)).toHaveCount(5, { timeout: 5_000 })
  })

  test('is sorted by what a heading says, and the sort is in the address', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { list } = await threeOf(request)
    await page.goto(list)
    for (const [name, sort] of [
      ['First token', 'first_token_ms'],
      ['Speed', 'tokens_per_second'],
      ['Queue', 'queue_ms'],
      ['Cost', 'cost'],
    ] as const) {
      await headings(page).getByRole('button', { name, exact: true }).click()
      await expect(page).toHaveURL(`${list}?sort=-${sort}`)
      await expect(headings(page).filter({ hasText: name })).toHaveAttribute('aria-sort', 'descending')
      await headings(page).getByRole('button', { name, exact: true }).click()
      await expect(page).toHaveURL(`${list}?sort=${sort}`)
    }
  })

  test('is taken along as CSV and as JSON Lines, as it is filtered', async ({ page, request }) => {
    const { list, good } = await threeOf(request)
    await page.goto(`${list}?status=succeeded&columns=configuration,cost`)
    await expect(rows(page)).toHaveCount(2)
    const save = async (name: string) => {
      await page.getByRole('button', { name: 'Download what is filtered' }).click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name, exact: true }).click(),
      ])
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
    }
    const csv = await save('CSV the columns of the table')
    expect(csv.name).toMatch(/^generations-[\d-]+\.csv$/)
    const lines = csv.text.trim().split('\r\n')
    expect(lines[0]).toBe('id,status,prompt,version,label,configuration,cost')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toContain(`,${good},0.0`)
    const jsonl = await save('JSON Lines with whole texts every column')
    const [first] = jsonl.text.trim().split('\n')
    expect(JSON.parse(first ?? '')).toMatchObject({ configuration: good, variables: { x: 'it' } })
  })

  test('20: is gone into from anywhere with j, and walked through', async ({ page, request }) => {
    const { list } = await threeOf(request)
    await page.goto(list)
    await expect(rows(page)).toHaveCount(3)
    await page.keyboard.press('j')
    await expect(rows(page).getByRole('link').first()).toBeFocused()
    await page.keyboard.press('j')
    await expect(rows(page).getByRole('link').nth(1)).toBeFocused()
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/generations\/[0-9a-f-]{36}$/)
  })

  test('shows a far-off figure beside the usual one, and says that few tell it', async ({
    page,
    request,
  }) => {
    const { name: prompt } = await makePrompt(request)
    // Times are what the machine makes of them; a cost is told by the words.
    const configuration = await modelled(request, 'words-40', PRICES)
    for (let n = 0; n < 3; n += 1) await generate(request, { prompt, configuration, ...x })
    const brief = { model: 'words-4' }
    const etag = (await request.get(`/api/ai/configurations/${configuration}`)).headers().etag ?? ''
    const changed = await request.patch(`/api/ai/configurations/${configuration}`, {
      data: brief,
      headers: { 'if-match': etag },
    })
    expect(changed.ok()).toBe(true)
    const { id } = await generate(request, { prompt, configuration, ...x })
    await page.goto(`/prompts/${prompt}/generations?columns=cost`)
    const row = rows(page).first()
    await expect(row).toContainText('far below the usual')
    await expect(row).toContainText(/usual \$\d.* of 4/)
    await page.goto(`/generations/${id}`)
    const cost = page.getByRole('region', { name: 'Facts' }).getByRole('term').filter({ hasText: 'Cost' })
    await expect(cost.locator('xpath=following-sibling::dd[1]')).toContainText('far below the usual')
  })
})

test.describe('days of the reader', () => {
  test.use({ timezoneId: 'Pacific/Auckland' })

  test('make the range, and a range of long ago is empty', { tag: '@full' }, async ({ page, request }) => {
    const { list } = await threeOf(request)
    await page.goto(list)
    const sent = page.waitForRequest((each) => /\/api\/generations\?.*from=/.test(each.url()))
    await page.getByRole('radio', { name: '7 days' }).click()
    const from = new URL((await sent).url()).searchParams.get('from') ?? ''
    const hour = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Pacific/Auckland',
      hour: '2-digit',
      hourCycle: 'h23',
    })
    expect(hour.format(new Date(from))).toBe('00')
    await expect(page).toHaveURL(`${list}?range=7d`)
    await expect(rows(page)).toHaveCount(3)
    await page.goto(`${list}?from=2001-01-01&to=2001-01-02`)
    await expect(page.getByRole('heading', { name: 'Nothing fits' })).toBeVisible()
    await expect(totals(page)).toContainText(/Generations\s*0/)
    await page.goto(`${list}?from=2025-01-01&to=2999-12-31`)
    await expect(rows(page)).toHaveCount(3)
  })
})

test.describe('where the time of a generation went', () => {
  test('stands in milliseconds: queue, attempts, the pause between them', async ({ page, request }) => {
    const { name: prompt } = await makePrompt(request)
    const fallback = await modelled(request, 'words-3.after-100')
    const configuration = await modelled(request, 'status-503', { fallback })
    const { id } = await generate(request, { prompt, configuration, ...x })
    await page.goto(`/generations/${id}`)
    const spent = page.getByRole('table', { name: 'What the time was spent on' })
    const names = spent.getByRole('rowheader')
    await expect(names.first()).toHaveText('Queued')
    await expect(names.filter({ hasText: `Attempt 1: ${configuration}` })).toHaveCount(1)
    await expect(names.filter({ hasText: 'Backoff' })).not.toHaveCount(0)
    await expect(names.filter({ hasText: fallback })).toHaveCount(1)
    const took = await spent
      .getByRole('row')
      .filter({ hasText: 'Backoff' })
      .first()
      .getByRole('cell')
      .allTextContents()
    expect(Number(took.at(-1)?.replace(/\D/g, ''))).toBeGreaterThan(500)
  })

  test('is told of one that was stopped, with its first token', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name: prompt } = await makePrompt(request)
    const configuration = await modelled(request, 'words-2000.every-40')
    const asked = await request.post('/api/generations', { data: { prompt, configuration, ...x } })
    const { id } = (await asked.json()) as { id: string }
    await page.goto(`/generations/${id}`)
    await expect(page.locator('[data-answer]')).toContainText('word3')
    await page.getByRole('button', { name: 'Stop' }).click()
    const fast = page.getByRole('region', { name: 'How fast it was' })
    await expect(fast).toContainText(/First token\s*\d/)
    await expect(fast).toContainText(/Total\s*\d/)
  })
})

for (const colorScheme of THEMES)
  test(`generations have no accessibility violation in the ${colorScheme} theme, and fit 360 px`, {
    tag: colorScheme === 'light' ? [] : ['@full'],
  }, async ({ page, request }) => {
    const { list, made } = await threeOf(request)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.goto(`${list}?latency_ms_max=600000`)
    await expect(totals(page)).toContainText('Tokens out')
    await expectNoViolations(page)
    await openFilters(page)
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 360, height: 800 })
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
    expect(await fits()).toBe(true)
    await expectNoViolations(page)
    for (const { id } of made.slice(0, 2)) {
      await page.goto(`/generations/${id}`)
      expect(await fits()).toBe(true)
      await expectNoViolations(page)
    }
  })

test.describe('the span of the table', () => {
  test.use({ timezoneId: 'UTC' })

  test('is narrowed to the minute, in a zone that the address names, and steps on', async ({
    page,
    request,
  }) => {
    const { list } = await threeOf(request)
    await page.goto(list)
    await page.getByRole('button', { name: 'Other days' }).click()
    const dialog = page.getByRole('dialog', { name: 'From one day to another' })
    await dialog.getByRole('switch', { name: 'To the minute' }).click()
    // Five past ten of the first day.
    await dialog.getByRole('spinbutton', { name: /^hour/ }).first().click()
    await page.keyboard.type('1005')
    await dialog.getByRole('button', { name: 'Show these minutes' }).click()
    await expect(page).toHaveURL(/from=20\d\d-\d\d-\d\dT10:05Z&to=20\d\d-\d\d-\d\dT00:00Z&tz=UTC/)
    await expect(rows(page)).toHaveCount(3)
    await page.getByRole('button', { name: /Time zone/ }).click()
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click()
    await expect(page).toHaveURL(/T10:05Z&.*tz=Asia\/Tokyo/)
    await expect(page.getByRole('button', { name: /, 19:05 – / })).toBeVisible()
    await page.getByRole('button', { name: 'Earlier' }).click()
    await expect(rows(page)).toHaveCount(0)
    await page.getByRole('button', { name: 'Back to all' }).click()
    await expect(rows(page)).toHaveCount(3)
  })
})
