import { expectNoSidewaysScroll, expectNoViolations, THEMES } from './accessible.ts'
import { createPrompt, createVersion, generate, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

const good = (page: Page) => page.getByRole('button', { name: 'Good: this answer' })
const bad = (page: Page) => page.getByRole('button', { name: 'Bad: this answer' })
const row = (page: Page, version: number) =>
  page
    .getByRole('table', { name: 'Quality by version' })
    .getByRole('row')
    .filter({ hasText: `v${version}` })

async function generated(request: APIRequestContext): Promise<{ prompt: string; id: string }> {
  const { name: prompt } = await createPrompt(request, {
    name: uniqueName('rated'),
    template_content: 'Say {{ x }}.',
  })
  const { id } = await generate(request, { prompt, configuration: 'echo', variables: { x: 'it' } })
  return { prompt, id }
}

/** Renders a version and tells what came of it. */
async function tell(request: APIRequestContext, name: string, version: number, told: object): Promise<void> {
  const rendered = await request.get(`/api/prompts/${name}/render?_version=${version}&x=it`)
  const { receipt } = (await rendered.json()) as { receipt: string }
  const answer = await request.post('/api/outcomes', { data: { receipt, ...told } })
  expect(answer.status()).toBe(201)
}

test('a generation is rated by keyboard, taken back, and the other way round', async ({ page, request }) => {
  const { prompt, id } = await generated(request)
  await page.goto(`/generations/${id}`)
  await expect(page.getByText('Nobody has rated it.')).toBeVisible()
  await good(page).focus()
  await page.keyboard.press('Enter')
  await expect(good(page)).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText('1 success, 0 failures')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(good(page)).toHaveAttribute('aria-pressed', 'false')
  await bad(page).click()
  await expect(bad(page)).toHaveAttribute('aria-pressed', 'true')
  await page.reload()
  await expect(bad(page)).toHaveAttribute('aria-pressed', 'true')
  await page.goto(`/prompts/${prompt}/generations?columns=rating`)
  await expect(page.getByRole('table', { name: 'Generations' }).locator('[data-index]')).toContainText('bad')
})

test('a comment and a score go along, and show on the page of quality', async ({ page, request }) => {
  const { prompt, id } = await generated(request)
  await page.goto(`/generations/${id}`)
  await page.getByRole('button', { name: 'Score and comment: this answer' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rate the answer' })
  await dialog.getByRole('radio', { name: 'Bad' }).click()
  await dialog.getByRole('button', { name: /Score/ }).click()
  await page.getByRole('option', { name: '2' }).click()
  await dialog.getByRole('textbox', { name: 'Comment' }).fill('It says too little.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('It says too little.')).toBeVisible()
  await expect(page.getByText('2 of 5')).toBeVisible()
  await page.goto(`/prompts/${prompt}/quality`)
  await expect(page.getByText('too few to tell (1 report)')).toBeVisible()
  await page.getByText('1 failure', { exact: true }).click()
  await expect(page.getByText('It says too little.')).toBeVisible()
})

test('an answer of the playground has thumbs', async ({ page, request }) => {
  const { name } = await createPrompt(request, {
    name: uniqueName('rated'),
    template_content: 'Say {{ x }}.',
  })
  await page.goto(`/playground?prompt=${name}&configurations=echo`)
  await page.locator('#value-x').fill('something')
  await page.keyboard.press('Control+Enter')
  const thumb = page.getByRole('button', { name: 'Good: the answer of echo' })
  await thumb.click()
  await expect(thumb).toHaveAttribute('aria-pressed', 'true')
  await page.reload()
  await expect(thumb).toHaveAttribute('aria-pressed', 'true')
})

test.describe('the quality of a prompt', () => {
  test('stands side by side by version, never without its interval, and filters live in the URL', async ({
    page,
    request,
  }) => {
    const prompt = await createPrompt(request, {
      name: uniqueName('judged'),
      template_content: 'Say {{ x }}.',
    })
    const { name } = prompt
    await createVersion(request, prompt, { template_content: 'Tell {{ x }}.' })
    for (let n = 0; n < 24; n++) {
      await tell(request, name, 1, { outcome: n < 12 ? 'success' : 'failure', note: `note ${n}` })
      await tell(request, name, 2, { outcome: n < 23 ? 'success' : 'failure', score: 0.8 })
    }
    await page.goto(`/prompts/${name}`)
    await page.getByRole('navigation', { name: 'Prompt' }).getByRole('link', { name: 'Quality' }).click()
    await expect(page).toHaveURL(`/prompts/${name}/quality`)
    await expect(row(page, 2)).toContainText('96 % (80–99 %)')
    await expect(row(page, 1)).toContainText('50 % (31–69 %)')
    await expect(page.getByText(/^\+46 points \(.*\) against v1: better$/)).toBeVisible()
    await page.getByText('12 failures', { exact: true }).click()
    await expect(page.getByText('note 23')).toBeVisible()
    await page.getByRole('radio', { name: '7 days' }).click()
    await expect(page).toHaveURL(/range=7d/)
    await page.goBack()
    await expect(page.getByRole('radio', { name: '90 days' })).toBeChecked()
    await page.goto(`/prompts/${name}/quality?label=nobody`)
    await expect(page.getByRole('heading', { name: 'Nothing fits' })).toBeVisible()
  })

  for (const theme of THEMES)
    test(`is accessible in ${theme}`, { tag: '@full' }, async ({ page, request }) => {
      const { prompt, id } = await generated(request)
      for (const outcome of ['success', 'failure'] as const)
        await tell(request, prompt, 1, { outcome, score: 0.5, note: 'Because', metadata: { a: 1 } })
      await page.emulateMedia({ colorScheme: theme })
      await page.goto(`/prompts/${prompt}/quality`)
      await page.getByText('1 failure', { exact: true }).click()
      await expect(page.getByText('Because')).toBeVisible()
      await expectNoViolations(page)
      await page.setViewportSize({ width: 360, height: 740 })
      await expectNoViolations(page)
      await expectNoSidewaysScroll(page)
      await page.goto(`/generations/${id}`)
      await good(page).click()
      await page.getByRole('button', { name: 'Score and comment: this answer' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectNoViolations(page)
    })
})
