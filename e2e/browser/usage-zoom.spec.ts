import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { createPrompt, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

test.use({ timezoneId: 'Europe/Berlin', contextOptions: { reducedMotion: 'reduce' } })

const uses = (page: Page) => page.getByRole('figure', { name: 'Uses' })
const slider = (page: Page) => uses(page).getByRole('slider')
const HOURS = /from=20\d\d-\d\d-\d\dT\d\d:00Z&to=20\d\d-\d\d-\d\dT\d\d:00Z/

/** A prompt that was rendered three times just now. */
async function makeUsed(request: APIRequestContext): Promise<string> {
  const { name } = await createPrompt(request, { name: uniqueName('zoomed'), template_content: 'Hello' })
  for (let n = 0; n < 3; n++) await request.post(`/api/prompts/${name}/render`, { data: { variables: {} } })
  await expect
    .poll(
      async () => (await (await request.get('/api/stats', { params: { prompt: name } })).json()).totals.uses,
    )
    .toBe(3)
  return name
}

/** The span of an address, in hours. */
function hoursOf(page: Page): number {
  const query = new URL(page.url()).searchParams
  return (Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')) / 3_600_000
}

/** Drags over a share of a chart, from the left. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  await slider(page).scrollIntoViewIfNeeded()
  const box = await slider(page).boundingBox()
  if (box === null) throw new Error('The chart has no place.')
  const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const
  await page.mouse.move(...at(from))
  await page.mouse.down()
  await page.mouse.move(...at((from + to) / 2))
  await page.mouse.move(...at(to))
  await page.mouse.up()
}

test('a drag goes from days to hours and on, and Back, Zoom out and the range lead out again', async ({
  page,
  request,
}) => {
  const name = await makeUsed(request)
  await page.goto(`/prompts/${name}/usage?range=7d`)
  // Within the last of seven days.
  await drag(page, 0.9, 0.99)
  await expect(page).toHaveURL(/range=7d&from=(20\d\d-\d\d-\d\d)&to=\1$/)
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /, \d\d:00, /)
  await page.goto(`/prompts/${name}/usage?range=24h`)
  await drag(page, 0.8, 0.99)
  await expect(page).toHaveURL(HOURS)
  await expect(page).toHaveURL(/tz=Europe%2FBerlin|tz=Europe\/Berlin/)
  expect(hoursOf(page)).toBe(5)
  await expect(page.getByRole('button', { name: /\d\d:00 – .*\d\d:00/ })).toBeVisible()
  await uses(page).getByRole('button', { name: 'Table of Uses' }).click()
  await expect(page.getByRole('table', { name: 'Uses' }).getByRole('row')).toHaveCount(1 + 5)
  await page.getByRole('button', { name: 'Zoom out' }).click()
  await expect.poll(() => hoursOf(page)).toBe(10)
  await page.goBack()
  await expect.poll(() => hoursOf(page)).toBe(5)
  await page.getByRole('button', { name: 'Back to 24 hours' }).click()
  await expect(page).not.toHaveURL(/from=/)
})

test('the keyboard selects and zooms down to one hour, whose single uses are one click away', async ({
  page,
  request,
}) => {
  const name = await makeUsed(request)
  await page.goto(`/prompts/${name}/usage?range=24h&compare=before`)
  await slider(page).focus()
  await expect(slider(page)).toHaveAccessibleDescription(/Enter zooms/)
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /^3 points selected, from .* to /)
  await page.keyboard.press('Escape')
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /^\w{3}, \d/)
  await page.keyboard.press('End')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(HOURS)
  expect(hoursOf(page)).toBe(2)
  await expect(slider(page)).toBeFocused()
  await expect(page.getByRole('status').filter({ hasText: /Shown: / })).toContainText(/\d\d:00 – /)
  await expect(page.getByRole('region', { name: 'Figures' })).toContainText('Uses3')
  // The same, as REST tells of these hours.
  const query = new URL(page.url()).searchParams
  const [from, to] = ['from', 'to'].map((end) => new Date(query.get(end) ?? '').toISOString())
  const stats = await request.get('/api/stats', { params: { prompt: name, from: from ?? '', to: to ?? '' } })
  expect((await stats.json()).totals.uses).toBe(3)
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect.poll(() => hoursOf(page)).toBe(1)
})

test('one hour is the shortest span, and says where its single uses are', async ({ page, request }) => {
  const name = await makeUsed(request)
  const { items } = await (await request.get('/api/uses', { params: { prompt: name } })).json()
  const hour = new Date(items[0].occurred_at).setUTCMinutes(0, 0, 0)
  const text = (time: number) => `${new Date(time).toISOString().slice(0, 16)}Z`
  const at = (first: number) =>
    `from=${text(hour + first * 3_600_000)}&to=${text(hour + (first + 1) * 3_600_000)}`
  await page.goto(`/prompts/${name}/usage?${at(0)}`)
  await expect(page.getByText('This is the shortest span')).toBeVisible()
  await slider(page).focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(text(hour)))
  await page.getByRole('link', { name: 'Its single uses, to the second' }).click()
  await expect(page).toHaveURL(/\/usage\/uses\?from=/)
  await expect(page.getByRole('table', { name: 'Uses' }).getByRole('row')).toHaveCount(1 + 3)
  // The same span in the list, which can be narrowed further there.
  await expect(page.getByRole('button', { name: /\d\d:00 – .*\d\d:00/ })).toBeVisible()
  await page.goBack()
  // The hour before is empty: it says so, and the way back has the focus.
  await page.getByRole('button', { name: 'Earlier' }).click()
  await expect(page.getByRole('heading', { name: 'Not used in this span' })).toBeVisible()
  await page.getByRole('button', { name: 'Back to 30 days' }).last().click()
  await expect(page.getByRole('region', { name: 'Figures' })).toContainText('Uses3')
})

test('hours are chosen by day and time, without a drag', async ({ page, request }) => {
  const name = await makeUsed(request)
  await page.goto(`/prompts/${name}/usage?range=24h`)
  await page.getByRole('button', { name: 'Other days' }).click()
  const dialog = page.getByRole('dialog', { name: 'From one day to another' })
  await dialog.getByRole('switch', { name: 'To the hour' }).click()
  await expect(dialog.getByRole('spinbutton', { name: /hour/ })).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Show these hours' }).click()
  await expect(page).toHaveURL(HOURS)
  expect(hoursOf(page)).toBe(48)
})

test.describe('where the clocks are half an hour off', () => {
  test.use({ timezoneId: 'Asia/Kolkata' })

  test('hours begin at half past, as they are counted, and the page says so', async ({ page, request }) => {
    const name = await makeUsed(request)
    await page.goto(`/prompts/${name}/usage?range=24h`)
    await expect(slider(page)).toHaveAttribute('aria-valuetext', /, \d\d:30, /)
    await expect(page.getByText(/whole hours of UTC/)).toBeVisible()
    await drag(page, 0.8, 0.99)
    await expect(page).toHaveURL(HOURS)
    await expect(page.locator('[data-span]')).toContainText(/:30 to .*Asia\/(Kolkata|Calcutta) time/)
  })
})

for (const colorScheme of THEMES) {
  test.describe(`in the ${colorScheme} theme`, { tag: '@full' }, () => {
    test.use({ colorScheme })

    test('some hours have no accessibility violation and fit a phone', async ({ page, request }) => {
      const name = await makeUsed(request)
      for (const width of [1440, 360]) {
        await page.setViewportSize({ width, height: 900 })
        await page.goto(`/prompts/${name}/usage?range=24h&compare=before`)
        await drag(page, 0.7, 0.99)
        await expect(page).toHaveURL(HOURS)
        // What was shown before is paler until the hours are there.
        await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
        await slider(page).focus()
        await page.keyboard.press('Shift+ArrowLeft')
        await expectNoViolations(page)
        await expectNoSidewaysScroll(page)
      }
    })
  })
}
