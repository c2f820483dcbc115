import { readFile } from 'node:fs/promises'
import { type RunningApp, startApp } from '../start-app.ts'
import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { createPrompt, createVersion, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

test.use({ timezoneId: 'Europe/Berlin', contextOptions: { reducedMotion: 'reduce' } })

const figure = (page: Page, name: string) =>
  page.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]')
const chart = (page: Page, name: string) => page.getByRole('figure', { name })

/** A prompt that was rendered over REST 5 times, once in vain, and 3 times over MCP, all as one client. */
async function makeUsedPrompt(request: APIRequestContext) {
  const prompt = await createPrompt(request, {
    name: uniqueName('counted'),
    template_content: 'Hello {{ who }}',
  })
  const client = uniqueName('counter')
  const headers = { 'user-agent': `${client}/1.0` }
  for (const variables of [{ who: 'a' }, { who: 'b' }, { who: 'c' }, { who: 'd' }, {}])
    await request.post(`/api/prompts/${prompt.name}/render`, { data: { variables }, headers })
  for (const who of ['e', 'f', 'g']) {
    const params = { name: prompt.name, arguments: { who } }
    const data = { jsonrpc: '2.0', id: 1, method: 'prompts/get', params }
    await request.post('/mcp/prompts/get', { data, headers })
  }
  await waitForUses(request, prompt.name, 8)
  return { prompt, client }
}

/** Uses are written now and then; a page that is opened too early would wait for its next reading. */
async function waitForUses(request: APIRequestContext, name: string, uses: number) {
  await expect(async () => {
    const stats = (await (await request.get('/api/stats', { params: { prompt: name } })).json()) as {
      totals: { uses: number }
    }
    expect(stats.totals.uses).toBe(uses)
  }).toPass({ timeout: 10_000 })
}

async function downloadOf(page: Page, name: string): Promise<{ fileName: string; lines: string[] }> {
  const waiting = page.waitForEvent('download')
  await page.getByRole('button', { name: `Download as CSV: ${name}` }).click()
  const download = await waiting
  const text = await readFile(await download.path(), 'utf8')
  return { fileName: download.suggestedFilename(), lines: text.split('\r\n') }
}

test.describe('usage', () => {
  test('shows what was rendered over REST and MCP, by surface and client', async ({ page, request }) => {
    const { prompt, client } = await makeUsedPrompt(request)
    await page.goto(`/usage?range=24h&prompt=${prompt.name}&client=${client}`)
    await expect(figure(page, 'Uses')).toContainText(/^8/)
    await expect(figure(page, 'Success')).toContainText('87.5%')
    await page.getByRole('radio', { name: 'Surfaces' }).click()
    const surfaces = page.getByRole('table', { name: 'Usage by surface' })
    await expect(surfaces.getByRole('row', { name: /^MCP 3/ })).toBeVisible()
    await expect(surfaces.getByRole('row', { name: /^REST 5/ })).toBeVisible()
    await page.getByRole('radio', { name: 'Clients' }).click()
    const clients = page.getByRole('table', { name: 'Usage by client' })
    await expect(clients.getByRole('row', { name: new RegExp(`^${client} 8`) })).toBeVisible()
  })

  test('17: range, filters, sort and what is ranked live in the URL, and Back restores them', {
    tag: '@full',
  }, async ({ page, request }) => {
    const { prompt } = await makeUsedPrompt(request)
    await page.goto('/usage')
    await page.getByRole('radio', { name: '7 days' }).click()
    await expect(page).toHaveURL('/usage?range=7d')
    await page.getByRole('button', { name: /Surface/ }).click()
    await page.getByRole('option', { name: 'MCP' }).click()
    await expect(page).toHaveURL('/usage?range=7d&surface=mcp')
    await page.getByRole('radio', { name: 'Clients' }).click()
    await page.getByRole('button', { name: 'Gets' }).click()
    await expect(page).toHaveURL('/usage?range=7d&surface=mcp&rank=client&sort=-gets')
    await expect(page.getByRole('columnheader', { name: 'Gets' })).toHaveAttribute('aria-sort', 'descending')
    await page.reload()
    await expect(page.getByRole('columnheader', { name: 'Gets' })).toHaveAttribute('aria-sort', 'descending')
    await page.goBack()
    await expect(page.getByRole('columnheader', { name: 'Uses' })).toHaveAttribute('aria-sort', 'descending')
    await page.goBack()
    await expect(page.getByRole('radio', { name: 'Prompts' })).toBeChecked()
    await page.goBack()
    await expect(page).toHaveURL('/usage?range=7d')
    await expect(page.getByRole('button', { name: /Surface/ })).toContainText('All surfaces')
    await page.getByRole('link', { name: prompt.name }).click()
    await expect(page).toHaveURL(`/prompts/${prompt.name}/usage?range=7d`)
    await page.goBack()
    await expect(page.getByRole('radio', { name: '7 days' })).toBeChecked()
  })

  test('takes two days by keyboard, in the reader’s time zone', { tag: '@full' }, async ({ page }) => {
    await page.goto('/usage')
    await page.getByRole('button', { name: 'Other days' }).press('Enter')
    const days = page.getByRole('dialog', { name: 'From one day to another' })
    await expect(days.getByRole('spinbutton', { name: /day, From/ })).toBeFocused()
    await page.keyboard.type('01032026')
    await page.keyboard.press('Tab')
    await expect(days.getByRole('spinbutton', { name: /day, To/ })).toBeFocused()
    await page.keyboard.type('28022026')
    await page.keyboard.press('Enter')
    await expect(days.getByRole('alert')).toHaveText('The first day is after the last: swap them.')
    await days.getByRole('spinbutton', { name: /day, To/ }).focus()
    await page.keyboard.type('02032026')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL('/usage?from=2026-03-01&to=2026-03-02')
    await expect(page.locator('[data-span]')).toHaveText(
      '1 Mar 2026, 00:00 to 3 Mar 2026, 00:00, Europe/Berlin time',
    )
  })
})

test.describe('20: a chart of usage', () => {
  test('has a table in its place, and both as a file', { tag: '@full' }, async ({ page, request }) => {
    const { prompt } = await makeUsedPrompt(request)
    await page.goto(`/prompts/${prompt.name}/usage?range=24h&by=surface&surface=rest`)
    for (const name of ['Uses', 'Success', 'Time taken']) {
      const height = (await chart(page, name).boundingBox())?.height
      await page.getByRole('button', { name: `Table of ${name}` }).click()
      await expect(page.getByRole('table', { name, exact: true })).toBeVisible()
      expect((await chart(page, name).boundingBox())?.height).toBe(height)
    }
    await expect(
      page.getByRole('table', { name: 'Uses', exact: true }).getByRole('row').last(),
    ).toBeAttached()
    const { fileName, lines } = await downloadOf(page, 'Uses')
    expect(fileName).toMatch(new RegExp(`^${prompt.name}-uses-\\d{4}-\\d\\d-\\d\\dT\\d\\dh\\.csv$`))
    expect(lines[0]).toBe('Time,Uses,REST')
    const sums = lines.slice(1, -1).map((line) => line.split(',').slice(1).map(Number))
    expect(sums.reduce(([uses = 0], [more = 0]) => [uses + more], [0])[0]).toBe(5)
    expect(lines.at(-1)).toBe('')
    const versions = await downloadOf(page, 'Usage by version')
    expect(versions.lines[0]).toBe(
      'Version,Uses,Renders,Gets,Tool calls,Failed,Success,Median,95th percentile,Cost,Last used',
    )
    expect(versions.lines[1]).toMatch(new RegExp(`^${prompt.name} v1,5,`))
  })

  test('is read point by point with the arrows', async ({ page, request }) => {
    const { prompt } = await makeUsedPrompt(request)
    await page.goto(`/prompts/${prompt.name}/usage?range=7d&by=surface&surface=mcp`)
    const slider = page.getByRole('slider', { name: 'Uses, point in time' })
    await slider.focus()
    await expect(slider).toHaveAttribute('aria-valuetext', /, MCP 3, .*version 1 saved/)
    await page.keyboard.press('ArrowLeft')
    await expect(slider).toHaveAttribute('aria-valuetext', /, MCP 0$/)
    await expect(chart(page, 'Success')).toContainText('–')
    await page.keyboard.press('Home')
    await expect(slider).toHaveValue('0')
  })
})

test('the usage of a prompt marks its versions and the moves of its labels', async ({ page, request }) => {
  const { prompt } = await makeUsedPrompt(request)
  const second = await createVersion(request, prompt, {
    template_content: 'Good day {{ who }}',
    message: 'Be polite',
  })
  await request.put(`/api/prompts/${prompt.name}/labels/production`, {
    data: { version: second.version },
    headers: { 'if-match': second.etag },
  })
  await request.post(`/api/prompts/${prompt.name}/render`, { data: { variables: { who: 'h' } } })
  await waitForUses(request, prompt.name, 9)
  // Opening a page reads the prompt, which counts as a get by the browser.
  await page.goto(`/prompts/${prompt.name}/usage?range=24h&surface=rest`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const changes = page.getByRole('table', { name: 'What changed' })
  await expect(changes.getByRole('row').nth(1)).toContainText('production moved from v1 to v2')
  await expect(changes.getByRole('row', { name: /version 2 saved/ })).toContainText('Be polite')
  const versions = page.getByRole('table', { name: 'Usage by version' })
  await expect(versions.getByRole('row', { name: new RegExp(`${prompt.name} v2 1 `) })).toBeVisible()
  await versions.getByRole('link', { name: `${prompt.name} v2` }).click()
  await expect(page).toHaveURL(`/prompts/${prompt.name}/usage?range=24h&version=2&surface=rest`)
  await expect(figure(page, 'Uses')).toContainText(/^1/)
})

test.describe('a workspace of its own', () => {
  let app: RunningApp
  test.beforeAll(async () => {
    app = await startApp()
  })
  test.afterAll(async () => {
    await app.stop()
  })

  test('saves more rows than it shows of what was used most, and of what was not used', async ({
    page,
    request,
  }) => {
    const post = (path: string, data: object) => request.post(`${app.url}${path}`, { data })
    const shown = 50
    const named = (kind: string) => Array.from({ length: shown + 2 }, (_, index) => `${kind}_${index}`)
    const [used, unused] = [named('used'), named('unused')]
    for (const name of [...used, ...unused])
      await post('/api/prompts', { name, template_content: 'x', labels: ['production'] })
    for (const name of used) await post(`/api/prompts/${name}/render`, { variables: {} })
    await expect
      .poll(async () => (await (await request.get(`${app.url}/api/stats`)).json()).totals.uses)
      .toBe(used.length)
    await page.goto(`${app.url}/usage?range=24h`)
    const ranking = page.getByRole('table', { name: 'Usage by prompt' })
    await expect(ranking.getByRole('row')).toHaveCount(1 + shown)
    await expect(page.getByText('These are the 50 most used; the files have up to 200.')).toBeVisible()
    const namesIn = async (table: string) =>
      (await downloadOf(page, table)).lines.slice(1, -1).map((line) => line.split(',')[0])
    expect(new Set(await namesIn('Usage by prompt, up to 200 rows'))).toEqual(new Set(used))
    await expect(page.getByText('These are the first 50; the files have all.')).toBeVisible()
    expect(await namesIn('Prompts not used, up to 200 rows')).toEqual(expect.arrayContaining(unused))
  })

  test('lists a prompt that nobody uses, which is archived from there and brought back', {
    tag: '@full',
  }, async ({ page }) => {
    const name = 'never_used'
    await fetch(`${app.url}/api/prompts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, template_content: 'x' }),
    })
    await page.goto(`${app.url}/usage?range=24h`)
    const idle = page.getByRole('table', { name: 'Prompts not used' }).getByRole('row', { name })
    await expect(idle).toContainText('never')
    await idle.getByRole('button', { name: `Archive ${name}` }).click()
    await expect(idle).toHaveCount(0)
    // Asked in a list: reading a prompt by itself would be a use.
    const isListed = async () => {
      const list = (await (await fetch(`${app.url}/api/prompts`)).json()) as { items: { name: string }[] }
      return list.items.some((prompt) => prompt.name === name)
    }
    expect(await isListed()).toBe(false)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(idle).toHaveCount(1)
    expect(await isListed()).toBe(true)
  })
})

test('a span without uses says so and leads to a longer one', { tag: '@full' }, async ({ page, request }) => {
  await page.goto('/usage?from=2024-01-01&to=2024-01-02')
  await expect(page.getByRole('heading', { name: 'Not used in this span' })).toBeVisible()
  await page.getByRole('button', { name: 'Back to 30 days' }).last().click()
  await expect(page).toHaveURL('/usage')
  const { name } = await createPrompt(request, { name: uniqueName('unused'), template_content: 'x' })
  await page.goto(`/prompts/${name}/usage?surface=mcp`)
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page).toHaveURL(`/prompts/${name}/usage`)
})

for (const colorScheme of THEMES)
  test.describe(`20: in the ${colorScheme} theme`, { tag: '@full' }, () => {
    test.use({ colorScheme })

    test('usage has no accessibility violation, as charts and as tables', async ({ page, request }) => {
      const { prompt } = await makeUsedPrompt(request)
      for (const path of ['/usage', `/prompts/${prompt.name}/usage`]) {
        await page.goto(path)
        await expect(chart(page, 'Uses')).toBeVisible()
        // What stood for another time zone is dimmed until the figures of this one are there.
        await expect(page.locator('[data-span]')).toContainText('Europe/Berlin')
        await expect(page.locator('[aria-busy=false]')).toHaveCSS('opacity', '1')
        await expectNoViolations(page)
        for (const name of ['Uses', 'Success', 'Time taken'])
          await page.getByRole('button', { name: `Table of ${name}` }).click()
        await expectNoViolations(page)
      }
      await page.getByRole('button', { name: 'Other days' }).click()
      await expect(page.getByRole('dialog', { name: 'From one day to another' })).toBeVisible()
      await expect(page.getByRole('button', { name: 'Show these days' })).toBeVisible()
      await expectNoViolations(page)
    })
  })

test('20: usage fits 320 px without scrolling sideways', { tag: '@full' }, async ({ page, request }) => {
  const { prompt } = await makeUsedPrompt(request)
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of [
    '/usage',
    `/prompts/${prompt.name}/usage?range=24h`,
    '/usage?surface=browser&range=90d',
  ]) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectNoSidewaysScroll(page)
  }
})
