import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { expectNoViolations, THEMES } from './accessible.ts'
import { uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

const KEY = 'sk-never-to-be-seen-again'

const row = (page: Page, name: string) => page.locator(`[data-configuration="${name}"]`)
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
/** It offers what the catalogue knows, so it is no plain text box. */
const model = (page: Page) => page.getByRole('combobox', { name: 'Model' })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })

let double: ProviderDouble
test.beforeAll(async () => {
  double = await startProviderDouble()
})
test.afterAll(() => double.close())

/** One that calls the double; the model's name says how it behaves. */
async function make(request: APIRequestContext, body: Record<string, unknown> = {}) {
  const name = uniqueName('model')
  const data = { provider: 'openai-compatible', base_url: double.openaiUrl, model: 'double', ...body, name }
  const response = await request.post('/api/ai/configurations', { data })
  expect(response.status(), await response.text()).toBe(201)
  return name
}

async function patch(request: APIRequestContext, name: string, data: Record<string, unknown>) {
  const address = `/api/ai/configurations/${name}`
  const { etag } = await (await request.get(address)).json()
  const response = await request.patch(address, { data, headers: { 'if-match': etag } })
  expect(response.status(), await response.text()).toBe(200)
}

async function open(page: Page) {
  await page.goto('/settings/ai')
  await expect(page.getByRole('heading', { name: 'AI configurations' })).toBeVisible()
}

async function edit(page: Page, name: string) {
  await row(page, name).getByRole('button', { name, exact: true }).click()
  await expect(dialog(page, `Edit ${name}`)).toBeVisible()
}

test.describe('AI configurations in the settings', () => {
  test('are made, tried and seen to spend, by keyboard alone', async ({ page }) => {
    const name = uniqueName('typed')
    await open(page)
    await page.getByRole('button', { name: 'New configuration' }).focus()
    await page.keyboard.press('Enter')
    await expect(field(page, 'Name')).toBeFocused()
    await page.keyboard.type(name)
    await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: /Provider$/ })).toBeFocused()
    await expect(model(page)).toHaveValue(/^gpt/)
    await expect(field(page, 'Input price')).toHaveValue(/\d/)
    await page.keyboard.press('ArrowRight')
    await expect(model(page)).toHaveValue(/^claude/)
    await page.keyboard.press('ArrowRight')
    await expect(field(page, 'Input price')).toHaveValue('')
    await page.keyboard.press('Tab')
    await page.keyboard.type('double')
    await page.keyboard.press('Tab')
    await expect(page.getByLabel('Key', { exact: true })).toBeFocused()
    await page.keyboard.press('Tab')
    await page.keyboard.type(double.openaiUrl)
    await page.keyboard.press('Enter')
    await expect(notifications(page)).toContainText(`“${name}” created.`)
    await expect(row(page, name)).toContainText('This month: not used')

    await notifications(page).getByRole('button', { name: 'Test it' }).press('Enter')
    await page.getByRole('button', { name: 'Ask it' }).press('Enter')
    const answer = dialog(page, `Test ${name}`)
    await expect(answer).toContainText('It answered')
    await expect(answer).toContainText('Hello from the provider double.')
    await expect(answer).toContainText(/Took\s*[\d,]+ ms/)
    await expect(answer).toContainText(/Tokens\s*\d+ in, \d+ out/)
    await expect(answer).toContainText('unknown without prices')
    await page.keyboard.press('Escape')
    await expect(row(page, name)).toContainText(/This month: 1 request · \d+ tokens/)
  })

  test('bring the sizes and prices of a model that the catalogue knows', { tag: '@full' }, async ({
    page,
  }) => {
    await open(page)
    await page.getByRole('button', { name: 'New configuration' }).click()
    await model(page).fill('gpt-6.1-terra')
    await expect(dialog(page, 'New AI configuration')).toContainText('1.05M tokens of context')
    await expect(dialog(page, 'New AI configuration')).toContainText(/as of \d+ \w+ 20\d\d/)
    await expect(field(page, 'Input price')).toHaveValue('1')
    await expect(field(page, 'Output price')).toHaveValue('5')
  })

  test('have prices with dates: a later one is planned and taken back, those before stay on record', async ({
    page,
    request,
  }) => {
    const name = await make(request, { input_price_per_million: 1, output_price_per_million: 2 })
    await patch(request, name, { input_price_per_million: 3 })
    await open(page)
    await edit(page, name)
    const prices = page.getByRole('list', { name: 'Prices by date' })
    await expect(prices.getByRole('listitem')).toHaveText([
      /\$3\.00 in, \$2\.00 out\s*valid now/,
      /\$1\.00 in, \$2\.00 out/,
    ])
    await field(page, 'Input price').fill('4')
    await page.getByLabel('Valid from').fill('2020-01-01')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Choose a day to come')).toBeVisible()
    await page.getByLabel('Valid from').fill('2999-01-01')
    // What was saved stands there although the list comes late.
    const late = Promise.withResolvers<void>()
    await page.route(/\/api\/ai\/configurations(?:\?|$)/, (route) =>
      late.promise.then(() => route.continue()),
    )
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(dialog(page, `Edit ${name}`)).toBeHidden()
    await edit(page, name)
    await expect(field(page, 'Input price')).toHaveValue('3')
    await expect(prices.getByRole('listitem').first()).toContainText('1 Jan 2999')
    late.resolve()
    await page.unrouteAll({ behavior: 'wait' })
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Remove the price planned for 1 Jan 2999' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(dialog(page, `Edit ${name}`)).toBeHidden()
    const { prices: left } = await (await request.get(`/api/ai/configurations/${name}`)).json()
    expect(left).toMatchObject([{ input_price_per_million: 3 }, { input_price_per_million: 1 }])
  })

  test('say at the field what is wrong, also in a part that was folded', async ({ page, request }) => {
    const taken = await make(request)
    await open(page)
    await page.getByRole('button', { name: 'New configuration' }).click()
    await field(page, 'Name').fill('Not So')
    await page.getByText('Limits and quotas').click()
    await field(page, 'Requests a minute').fill('many')
    await page.getByText('Limits and quotas').click()
    await page.getByRole('button', { name: 'Create' }).click()
    await expect(page.getByText('Use lower-case letters')).toBeVisible()
    await expect(field(page, 'Name')).toBeFocused()
    await field(page, 'Name').fill(taken)
    await page.getByRole('button', { name: 'Create' }).click()
    await expect(field(page, 'Requests a minute')).toBeFocused()
    await expect(page.getByText('This must be a whole number.')).toBeVisible()
    await field(page, 'Requests a minute').fill('10')
    await page.getByRole('button', { name: 'Create' }).click()
    await expect(page.getByText('is taken by another AI configuration.')).toBeVisible()
    await field(page, 'Base URL').fill('https://user:password@example.org')
    await field(page, 'Name').fill(uniqueName('refused'))
    await page.getByRole('button', { name: 'Create' }).click()
    await expect(page.getByText('no user name and no password')).toBeVisible()
  })

  test('take a key and never show it again', async ({ page, request }) => {
    const name = await make(request)
    const bodies: string[] = []
    page.on('response', (response) => {
      void response.text().then(
        (body) => bodies.push(body),
        () => undefined,
      )
    })
    await open(page)
    await edit(page, name)
    await page.getByLabel('Key', { exact: true }).fill(KEY)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(row(page, name)).toContainText('Key stored')
    await edit(page, name)
    await expect(page.getByLabel('Key', { exact: true })).toHaveValue('')
    await field(page, 'Base URL').fill('https://elsewhere.example.org/v1')
    await expect(page.getByText('does not go along')).toBeVisible()
    await field(page, 'Base URL').fill(double.openaiUrl)
    await page.getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByText('is removed when you save')).toBeVisible()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(row(page, name)).toContainText('Needs no key')
    await page.reload()
    expect(await page.content()).not.toContain(KEY)
    expect(bodies.filter((body) => body.includes(KEY))).toEqual([])
  })

  test('tell why a provider refused, with a hint', { tag: '@full' }, async ({ page, request }) => {
    const name = await make(request, { model: 'quote-key', api_key: KEY })
    await open(page)
    await page.getByRole('button', { name: `Test ${name}` }).click()
    await page.getByRole('button', { name: 'Ask it' }).click()
    await expect(dialog(page, `Test ${name}`)).toContainText('It did not answer')
    await expect(dialog(page, `Test ${name}`)).toContainText('401')
    await expect(dialog(page, `Test ${name}`)).toContainText('Check the key')
    await expect(dialog(page, `Test ${name}`)).not.toContainText(KEY)
  })

  test('say when a quota is used up and when it begins anew, and that a call can be given up', {
    tag: '@full',
  }, async ({ page, request }) => {
    const name = await make(request, { monthly_token_quota: 2000, model: 'words-400' })
    const silent = await make(request, { model: 'hang' })
    await open(page)
    await page.getByRole('button', { name: `Test ${name}` }).click()
    await page.getByRole('button', { name: 'Ask it' }).click()
    await expect(dialog(page, `Test ${name}`)).toContainText('It answered')
    await expect(row(page, name)).toContainText(/[\d,]+ of 2,000 tokens\s*\d+ %/)
    await expect(async () => {
      await page.getByRole('button', { name: 'Ask it' }).click()
      await expect(dialog(page, `Test ${name}`)).toContainText('It was not asked', { timeout: 2000 })
    }).toPass()
    await expect(dialog(page, `Test ${name}`)).toContainText('monthly_token_quota of 2000')
    await expect(dialog(page, `Test ${name}`)).toContainText(/begins anew at 20\d\d-\d\d-01 00:00 UTC/)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: `Test ${silent}` }).click()
    await page.getByRole('button', { name: 'Ask it' }).click()
    await dialog(page, `Test ${silent}`).getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByRole('button', { name: 'Ask it' })).toBeEnabled()
  })

  test('are switched on and off at once; a failure takes it back and Retry does it', {
    tag: '@full',
  }, async ({ page, request }) => {
    const name = await make(request)
    await open(page)
    const active = page.getByRole('switch', { name: `${name} is active` })
    await page.route(`**/api/ai/configurations/${name}`, (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        json: { status: 503, code: 'unavailable', title: 'Away', detail: 'The database is away.' },
      }),
    )
    await active.click()
    await expect(notifications(page)).toContainText(`“${name}” was not switched off.`)
    await expect(active).toBeChecked()
    await page.unroute(`**/api/ai/configurations/${name}`)
    await notifications(page).getByRole('button', { name: 'Retry' }).click()
    await expect(active).not.toBeChecked()
    await expect(notifications(page)).toContainText(`“${name}” is off.`)
    await notifications(page).getByRole('button', { name: 'Undo' }).click()
    await expect(active).toBeChecked()
  })

  test('statement 15: show what somebody else changed, and join what does not overlap', async ({
    page,
    request,
  }) => {
    const name = await make(request, { max_tokens: 10 })
    await open(page)
    await edit(page, name)
    await patch(request, name, { model: 'theirs' })
    await field(page, 'Longest answer').fill('20')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const notice = dialog(page, `Edit ${name}`).getByRole('alert')
    await expect(notice).toContainText('Somebody changed it meanwhile')
    await expect(notice).toContainText('double → theirs')
    await notice.getByRole('button', { name: 'Save what I changed' }).click()
    await expect(notifications(page)).toContainText(`“${name}” changed.`)
    const saved = await (await request.get(`/api/ai/configurations/${name}`)).json()
    expect(saved).toMatchObject({ model: 'theirs', max_tokens: 20 })

    await edit(page, name)
    await patch(request, name, { max_tokens: 30 })
    await field(page, 'Longest answer').fill('40')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await notice.getByRole('button', { name: 'Take theirs' }).click()
    await expect(field(page, 'Longest answer')).toHaveValue('30')
  })

  test('show the chain of fallbacks, and refuse a circle', { tag: '@full' }, async ({ page, request }) => {
    const last = await make(request)
    const middle = await make(request, { fallback: last, active: false })
    const first = await make(request, { fallback: middle })
    await open(page)
    await expect(row(page, first)).toContainText(`Falls back to ${middle} (off), then ${last}`)
    await edit(page, last)
    await page.getByRole('button', { name: /Fallback$/ }).click()
    await page.getByRole('option', { name: first }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('Fallbacks would go round in a circle')).toBeVisible()
  })

  test('are deleted after a question that says what stays', { tag: '@full' }, async ({ page, request }) => {
    const name = await make(request, { api_key: KEY })
    const other = await make(request, { fallback: name })
    await open(page)
    await row(page, name)
      .getByRole('button', { name: `Actions for ${name}` })
      .click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const question = dialog(page, `Delete ${name}`)
    await expect(question).toContainText('What it generated stays.')
    await expect(question).toContainText('cannot be brought back')
    await expect(question).toContainText(`Without a fallback then: ${other}.`)
    await question.getByRole('button', { name: 'Delete' }).click()
    await expect(notifications(page)).toContainText(`“${name}” deleted.`)
    await expect(row(page, name)).toHaveCount(0)
  })

  test('appear when somebody else makes them, and in the palette', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const listening = page.waitForResponse((response) => response.url().includes('/api/changes'))
    await open(page)
    await listening
    const name = await make(request)
    await expect(row(page, name)).toBeVisible()
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type(`Test ${name}`)
    await page.getByRole('menuitem', { name: `Test ${name}`, exact: true }).click()
    await expect(dialog(page, `Test ${name}`)).toBeVisible()
  })

  for (const colorScheme of THEMES)
    test(`have forms without an accessibility violation in the ${colorScheme} theme`, {
      tag: '@full',
    }, async ({ page, request }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const name = await make(request, { monthly_cost_quota: 0 })
      await open(page)
      await expectNoViolations(page)
      await edit(page, name)
      const folded = page.locator('details:not([open]) > summary')
      while ((await folded.count()) > 0) await folded.first().click()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: `Test ${name}` }).click()
      await page.getByRole('button', { name: 'Ask it' }).click()
      await expect(dialog(page, `Test ${name}`)).toContainText('It answered')
      await expectNoViolations(page)
    })
})

test.describe('without any AI configuration', () => {
  let app: RunningApp
  test.beforeAll(async () => {
    app = await startApp({ config: { ai: { echo: false } } })
  })
  test.afterAll(() => app.stop())

  test('the settings say what one is for, and echo is not offered where it is off', { tag: '@full' }, async ({
    page,
  }) => {
    await page.goto(`${app.url}/settings/ai`)
    await expect(page.getByRole('heading', { name: 'Choose a model' })).toBeVisible()
    await page.getByRole('button', { name: 'Create an AI configuration' }).click()
    await page.getByRole('button', { name: /Provider$/ }).click()
    await expect(page.getByRole('option')).toHaveText([/OpenAI/, /Anthropic/, /compatible/])
  })
})
