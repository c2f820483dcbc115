import { createPrompt, createVersion, setLabel, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

const TEXT = ['Greet the customer.', '', 'Be brief.', '', 'Sign as the team.'].join('\n')

const text = (page: Page) => page.locator('#editor .cm-content').first()
const newest = async (request: APIRequestContext, name: string) =>
  (await request.get(`/api/prompts/${name}?label=latest`)).json()

async function openPrompt(page: Page, word: string) {
  const prompt = await createPrompt(page.request, {
    name: uniqueName(word),
    template_content: TEXT,
    config: { temperature: 0.2 },
  })
  await page.goto(`/prompts/${prompt.name}`)
  await expect(text(page)).toContainText('Sign as the team.')
  return prompt
}

/** Writes at the end of a line of the text, as a person does. */
async function write(page: Page, line: string, more: string) {
  await text(page).getByText(line, { exact: true }).click()
  await page.keyboard.press('End')
  await page.keyboard.type(more)
  await expect(text(page)).toContainText(`${line}${more}`)
}

async function save(page: Page) {
  await page.keyboard.press('ControlOrMeta+s')
  const dialog = page.getByRole('dialog', { name: /Save version/ })
  await dialog.getByRole('textbox', { name: 'Message' }).fill('Mine')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
}

const conflict = (page: Page) => page.getByRole('dialog', { name: 'Two changes at the same time' })

test.describe('statement 15: a concurrent save shows the other person’s change as a diff; nothing is overwritten silently', () => {
  test('both are shown side by side; what does not overlap is joined and saved on top', async ({
    page,
    request,
  }) => {
    const prompt = await openPrompt(page, 'conflict_join')
    await write(page, 'Sign as the team.', ' Wish a good day.')
    await createVersion(request, prompt, {
      template_content: TEXT.replace('Greet the customer.', 'Greet the customer by name.'),
      config: { temperature: 0.9 },
      message: 'By name',
    })
    await save(page)
    const theirs = conflict(page).getByRole('region', { name: 'Their change', exact: true })
    const mine = conflict(page).getByRole('region', { name: 'Your change', exact: true })
    await expect(theirs.locator('[data-change="added"]').first()).toHaveText(
      /Added: Greet the customer by name\.$/,
    )
    await expect(theirs.getByRole('region', { name: 'Configuration' })).toContainText('0.9')
    await expect(mine.locator('[data-change="added"]')).toHaveText(
      /Added: Sign as the team\. Wish a good day\.$/,
    )
    await expect(conflict(page)).toContainText('do not overlap')
    expect(await newest(request, prompt.name)).toMatchObject({ version: 2, message: 'By name' })
    await conflict(page).getByRole('button', { name: 'Use both' }).click()
    await expect(text(page)).toContainText('Greet the customer by name.')
    await expect(text(page)).toContainText('Sign as the team. Wish a good day.')
    await save(page)
    await expect
      .poll(() => newest(request, prompt.name))
      .toMatchObject({
        version: 3,
        template_content: TEXT.replace('customer.', 'customer by name.').replace(
          'team.',
          'team. Wish a good day.',
        ),
        config: { temperature: 0.9 },
      })
  })

  test('what overlaps is chosen piece by piece, or written by hand', async ({ page, request }) => {
    const prompt = await openPrompt(page, 'conflict_choose')
    await write(page, 'Be brief.', ' Be kind.')
    await createVersion(request, prompt, { template_content: TEXT.replace('Be brief.', 'Be thorough.') })
    await save(page)
    const use = conflict(page).getByRole('button', { name: 'Use both' })
    await expect(use).toBeDisabled()
    await expect(conflict(page)).toContainText('1 place is still to choose.')
    await conflict(page).getByRole('button', { name: 'Take theirs', exact: true }).first().click()
    await expect(use).toBeEnabled()
    await conflict(page).getByRole('button', { name: 'Write it by hand' }).click()
    await conflict(page).getByRole('textbox', { name: 'Text in this place' }).fill('Be thorough and kind.')
    await use.click()
    await expect(text(page)).toContainText('Be thorough and kind.')
    await expect(text(page)).not.toContainText('Be brief')
    expect(await newest(request, prompt.name)).toMatchObject({ version: 2 })
  })

  test('either can be taken, and writing can go on', { tag: '@full' }, async ({ page, request }) => {
    const prompt = await openPrompt(page, 'conflict_either')
    await write(page, 'Be brief.', ' Be kind.')
    await createVersion(request, prompt, { template_content: TEXT.replace('Be brief.', 'Be thorough.') })
    await save(page)
    await conflict(page).getByRole('button', { name: 'Go on editing' }).click()
    await expect(conflict(page)).toBeHidden()
    await expect(text(page)).toContainText('Be brief. Be kind.')
    await save(page)
    await conflict(page).getByRole('contentinfo').getByRole('button', { name: 'Take theirs' }).click()
    await expect(text(page)).toContainText('Be thorough.')
    await expect(text(page)).not.toContainText('Be kind.')
    expect(await newest(request, prompt.name)).toMatchObject({ version: 2 })
  })

  test('a save shows at once in an open page, without touching the text there', async ({ page, request }) => {
    const prompt = await openPrompt(page, 'conflict_live')
    await write(page, 'Be brief.', ' Be kind.')
    await createVersion(request, prompt, {
      template_content: TEXT.replace('Greet', 'Welcome'),
      message: 'Welcome them',
    })
    await expect(page.getByText('saved version 2')).toBeVisible()
    await expect(page.getByText('Welcome them')).toBeVisible()
    await expect(text(page)).toContainText('Be brief. Be kind.')
    await expect(text(page)).toContainText('Greet the customer.')
    await expect(page.getByRole('link', { name: 'See the change' })).toHaveAttribute(
      'href',
      `/prompts/${prompt.name}/versions?from=1&to=2`,
    )
    await page.getByRole('button', { name: 'Merge' }).click()
    await conflict(page).getByRole('button', { name: 'Use both' }).click()
    await expect(text(page)).toContainText('Welcome the customer.')
    await expect(text(page)).toContainText('Be brief. Be kind.')
    await expect(page.getByText('saved version 2')).toBeHidden()
  })

  test('a label that moved meanwhile is no conflict of texts, and moves no further', {
    tag: '@full',
  }, async ({ page, request }) => {
    const prompt = await openPrompt(page, 'conflict_label')
    await write(page, 'Be brief.', ' Be kind.')
    await setLabel(request, prompt, 'staging', 1)
    await save(page)
    await expect.poll(() => newest(request, prompt.name)).toMatchObject({ version: 2, message: 'Mine' })
    const { items } = await (await request.get(`/api/prompts/${prompt.name}/labels`)).json()
    expect(items).toContainEqual(expect.objectContaining({ label: 'staging', version: 1 }))
  })
})

test('a list and a time line that are open follow what others change', { tag: '@full' }, async ({
  page,
  request,
}) => {
  const prompt = await createPrompt(request, { name: uniqueName('follow'), template_content: 'Text' })
  const listening = page.waitForResponse((response) => response.url().endsWith('/api/changes'))
  await page.goto(`/prompts/${prompt.name}/versions`)
  await listening
  const heading = (version: number) =>
    page
      .getByRole('region', { name: 'Versions', exact: true })
      .getByRole('heading', { name: `v${version}`, exact: true })
  await expect(heading(1)).toBeVisible()
  const second = await createVersion(request, prompt, { template_content: 'Another text' })
  await expect(heading(2)).toBeVisible()
  await setLabel(request, second, 'production', 2)
  await expect(page.getByRole('region', { name: 'Label moves' })).toContainText('moved from v1 to v2')
})
