import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { createPrompt, createVersion, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

/** Version 2 asks for an audience that no caller of version 1 gives. */
async function breakingPrompt(page: Page): Promise<string> {
  const first = await createPrompt(page.request, {
    name: uniqueName('impact'),
    template_content: 'Tell of {{ topic }}.',
  })
  await createVersion(page.request, first, { template_content: 'Tell {{ audience }} of {{ topic }}.' })
  return usedOnce(page, first.name)
}

async function usedOnce(page: Page, name: string): Promise<string> {
  const rendered = await page.request.post(`/api/prompts/${name}/render`, {
    data: { variables: { topic: 'x' } },
  })
  expect(rendered.ok()).toBe(true)
  await expect
    .poll(async () => (await (await page.request.get(`/api/prompts/${name}/impact`)).json()).uses)
    .toBe(1)
  return name
}

const served = async (page: Page, name: string) =>
  (await (await page.request.get(`/api/prompts/${name}`)).json()).version as number

test('a move that breaks callers names them, asks again, and is done when it is meant', async ({ page }) => {
  const name = await breakingPrompt(page)
  await page.goto(`/prompts/${name}/versions`)
  await expect(page.getByRole('region', { name: 'Who gets production' })).toContainText('v2 would refuse it')
  await page.getByRole('button', { name: 'Promote version 2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Promote version 2 to production' })
  const notice = dialog.getByRole('region', { name: 'Version 2 would refuse 1 caller' })
  await expect(notice).toContainText('audience is new and required')
  await expect(notice).toContainText('Local owner')
  const promote = dialog.getByRole('button', { name: 'Promote to production' })
  await expect(promote).toBeDisabled()
  await notice.getByRole('checkbox', { name: 'Move production all the same' }).check()
  await promote.click()
  await expect.poll(() => served(page, name)).toBe(2)
})

test('a move whose impact cannot be read says so, and is made only when it is meant', async ({ page }) => {
  const name = await breakingPrompt(page)
  await page.goto(`/prompts/${name}/versions`)
  const problem = {
    type: 'about:blank',
    status: 503,
    code: 'unavailable',
    title: 'Away',
    detail: 'It is away.',
  }
  await page.route('**/impact?*', (route) => route.fulfill({ status: 503, json: problem }))
  await page.getByRole('button', { name: 'Promote version 2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Promote version 2 to production' })
  const promote = dialog.getByRole('button', { name: 'Promote to production' })
  await expect(dialog.getByRole('alert')).toContainText('Who uses production', { timeout: 20_000 })
  await expect(promote).toBeDisabled()
  await expectNoViolations(page)
  await page.unroute('**/impact?*')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expect(dialog.getByRole('region', { name: 'Version 2 would refuse 1 caller' })).toBeVisible()
})

test('saving asks before a label moves to what would refuse its callers, and names them', async ({
  page,
}) => {
  const { name } = await createPrompt(page.request, {
    name: uniqueName('impact'),
    template_content: 'Tell of {{ topic }}.',
  })
  await usedOnce(page, name)
  await page.goto(`/prompts/${name}`)
  await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
  await page.getByRole('textbox', { name: 'Text' }).focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' For {{ audience ')
  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: 'Save version 2' })
  const save = dialog.getByRole('button', { name: 'Save', exact: true })
  const notice = dialog.getByRole('region', { name: 'Version 2 would refuse 1 caller' })
  await expect(save).toBeEnabled()
  await expect(notice).toHaveCount(0)
  await dialog.getByRole('checkbox', { name: /^production/ }).check()
  await expect(notice).toContainText('audience is new and required')
  await expect(notice).toContainText('Local owner')
  await expect(save).toBeDisabled()
  await notice.getByRole('checkbox', { name: 'Move production all the same' }).check()
  await expectNoViolations(page)
  await save.click()
  await expect.poll(() => served(page, name)).toBe(2)
})

test('a move that breaks nobody says so and asks nothing', { tag: '@full' }, async ({ page }) => {
  const first = await createPrompt(page.request, { name: uniqueName('calm'), template_content: 'A {{ b }}' })
  await createVersion(page.request, first, { template_content: 'C {{ b }}' })
  await page.goto(`/prompts/${first.name}/versions`)
  await page.getByRole('button', { name: 'Label version 2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Label version 2' })
  await dialog.getByRole('radio', { name: /production/ }).check()
  await expect(dialog).toContainText('Version 2 takes all that they give.')
  await dialog.getByRole('button', { name: 'Move production' }).click()
  await expect.poll(() => served(page, first.name)).toBe(2)
})

test('the slider tells what the labels said, by keyboard, and the address keeps it', async ({ page }) => {
  const name = await breakingPrompt(page)
  const etag = (await page.request.get(`/api/prompts/${name}`)).headers().etag ?? ''
  await page.request.put(`/api/prompts/${name}/labels/production`, {
    data: { version: 2 },
    headers: { 'if-match': etag },
  })
  await page.goto(`/prompts/${name}/versions`)
  const past = page.getByRole('region', { name: 'What labels said' })
  await expect(past).toContainText('v2')
  const slider = past.getByRole('slider')
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(past).toContainText('v1')
  await expect(page).toHaveURL(/[?&]at=2/)
  await page.reload()
  await expect(past).toContainText('v1')
  const answer = await page.request.get((await past.getByRole('link').getAttribute('href')) ?? '')
  expect(await answer.json()).toMatchObject({ version: 1, label: 'production' })
  await slider.focus()
  await page.keyboard.press('End')
  await expect(past).toContainText('Now')
  await expect(page).not.toHaveURL(/[?&]at=/)
})

for (const colorScheme of THEMES) {
  test.describe(`in the ${colorScheme} theme`, { tag: '@full' }, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('what a move breaks has no accessibility violation and fits a phone', async ({ page }) => {
      const name = await breakingPrompt(page)
      await page.setViewportSize({ width: 360, height: 740 })
      await page.goto(`/prompts/${name}/versions`)
      await expectNoViolations(page)
      await page.getByRole('button', { name: 'Promote version 2' }).click()
      await expect(page.getByRole('checkbox', { name: 'Move production all the same' })).toBeVisible()
      await expectNoViolations(page)
      await expectNoSidewaysScroll(page)
    })
  })
}
