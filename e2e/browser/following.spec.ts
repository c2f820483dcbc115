import { createPrompt, createVersion, setLabel, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

async function twoVersions(request: APIRequestContext) {
  const first = await createPrompt(request, { name: uniqueName('moved'), template_content: 'One {{ x }}' })
  return createVersion(request, first, { template_content: 'Two {{ x }}' })
}

async function openFollowing(page: Page, address: string) {
  const listening = page.waitForResponse((response) => response.url().includes('/api/changes'))
  await page.goto(address)
  await listening
}

/** Each page asks for what it shows by itself: the gate looks at one of text and one of a list. */
const FOLLOWING: Record<string, { address: (name: string) => string; tag?: string[] }> = {
  editor: { address: (name) => `/prompts/${name}` },
  list: { address: (name) => `/prompts?q=${name}` },
  versions: { address: (name) => `/prompts/${name}/versions`, tag: ['@full'] },
  generations: { address: (name) => `/prompts/${name}/generations`, tag: ['@full'] },
  usage: { address: (name) => `/prompts/${name}/usage`, tag: ['@full'] },
  'older version': { address: (name) => `/prompts/${name}?version=1`, tag: ['@full'] },
  playground: { address: (name) => `/playground?prompt=${name}`, tag: ['@full'] },
}

for (const [place, { address, tag = [] }] of Object.entries(FOLLOWING))
  test(`statement 23: a label that somebody else moved shows within a second, and says who: ${place}`, {
    tag: ['@timed', ...tag],
  }, async ({ page, request }) => {
    const { name } = await twoVersions(request)
    await openFollowing(page, address(name))
    const { etag } = await (await request.get(`/api/prompts/${name}`)).json()
    await setLabel(request, { name, etag }, 'production', 2)
    const told = page.getByText(`Local owner moved production of “${name}” to version 2.`)
    await expect(told.first()).toBeVisible({ timeout: 1_000 })
    if (page.url().includes('/playground')) await page.getByRole('button', { name: /Version$/ }).click()
    const shown = page.getByText(/^production( · )?v?2$|^productionv2$/)
    await expect(shown.first()).toBeVisible({ timeout: 1_000 })
  })

test('statement 16: a label moves at once; a refusal moves it back and offers to try again', {
  tag: '@full',
}, async ({ page, request }) => {
  const { name } = await twoVersions(request)
  await page.goto(`/prompts/${name}/versions`)
  const header = page.getByRole('banner').or(page.locator('main header')).last()
  await expect(header).toContainText('productionv1')
  const answer = Promise.withResolvers<void>()
  await page.route(`**/api/prompts/${name}/labels/production`, async (route) => {
    await answer.promise
    await route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        status: 503,
        code: 'unavailable',
        title: 'Away',
        detail: 'The database is away.',
      }),
    })
  })
  await page.getByRole('button', { name: 'Label version 2' }).click()
  await page.getByRole('dialog').getByText('production', { exact: true }).click()
  await page.getByRole('button', { name: 'Move production' }).click()
  await expect(header).toContainText('productionv2')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  answer.resolve()
  await expect(page.getByText('production was not moved to version 2.').first()).toBeVisible()
  await expect(header).toContainText('productionv1')
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('production moved from version 1 to version 2').first()).toBeVisible()
  await expect(header).toContainText('productionv2')
})

const text = (page: Page) => page.locator('.cm-content').first()
const write = async (page: Page, words: string) => {
  await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
  await text(page).click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.type(words)
  await expect(page.getByText('Unsaved changes')).toBeVisible()
}

test('two tabs on one prompt know of each other, and each keeps its own draft', { tag: '@full' }, async ({
  context,
  request,
}) => {
  const { name } = await twoVersions(request)
  const [one, two] = [await context.newPage(), await context.newPage()]
  const notice = (page: Page) => page.getByText('Also open in another tab.')
  await one.goto(`/prompts/${name}`)
  await expect(notice(one)).toHaveCount(0)
  await two.goto(`/prompts/${name}`)
  for (const page of [one, two]) await expect(notice(page)).toBeVisible()
  await one.bringToFront()
  await write(one, 'Mine. ')
  await two.bringToFront()
  await write(two, 'Yours. ')
  for (const [page, words, others] of [
    [one, 'Mine.', 'Yours.'],
    [two, 'Yours.', 'Mine.'],
  ] as const) {
    page.on('dialog', (asked) => void asked.accept())
    await page.bringToFront()
    await page.reload()
    await expect(text(page)).toContainText(words)
    await expect(text(page)).not.toContainText(others)
  }
  // What a tab leaves behind is found by the next one.
  await one.close()
  await expect(notice(two)).toHaveCount(0)
  await two.close()
  const found: string[] = []
  for (const page of [await context.newPage(), await context.newPage()]) {
    await page.goto(`/prompts/${name}`)
    await expect(text(page)).toContainText(/Mine|Yours/)
    found.push((await text(page).textContent()) ?? '')
  }
  expect(found.some((each) => each.includes('Mine.'))).toBe(true)
  expect(found.some((each) => each.includes('Yours.'))).toBe(true)
})

test('statement 29: what pages read never counts as use, and whoever only calls itself a page counts', {
  tag: '@full',
}, async ({ page, request }) => {
  const { name } = await twoVersions(request)
  for (const address of [
    `/prompts?q=${name}`,
    `/prompts/${name}`,
    `/prompts/${name}?version=1`,
    `/prompts/${name}/usage`,
    `/prompts/${name}/generations`,
    `/playground?prompt=${name}`,
    `/prompts/new?from=${name}`,
    `/prompts/${name}/versions`,
  ]) {
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  // Comparing reads both versions over the API, as does restoring.
  await page.getByRole('button', { name: 'Compare version 1' }).click()
  await page.getByRole('button', { name: 'Compare version 2' }).click()
  await expect(page.getByText('One').first()).toBeVisible()
  const stats = async () => (await request.get(`/api/stats?prompt=${name}`)).json()
  expect((await stats()).page_reads).toBeGreaterThan(0)
  await request.get(`/api/prompts/${name}`)
  const asPage = { 'incipit-surface': 'browser', 'user-agent': 'agent/1.0' }
  await request.get(`/api/prompts/${name}`, { headers: asPage })
  await expect.poll(async () => (await stats()).totals.uses).toBe(2)
  const { items } = await (await request.get(`/api/prompts?q=${name}`)).json()
  expect(items).toHaveLength(1)
})
