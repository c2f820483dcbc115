import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const code = (page: Page) => page.getByRole('textbox', { name: 'Text', exact: true })
const problems = (page: Page) => page.getByRole('region', { name: 'Problems' })

async function openEditor(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
}

test.describe('a text in another template language', () => {
  test('becomes Liquid at the press of a button, and what it was with one undo', async ({
    page,
    request,
  }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('fstring'),
      template_content: 'Answer {question} with {context}.',
    })
    await openEditor(page, `/prompts/${name}`)
    await expect(problems(page)).toContainText('A variable is written {{ question }}')
    await problems(page).getByRole('button', { name: 'Turn {x} into {{ x }}' }).click()
    await expect(code(page)).toHaveText('Answer {{ question }} with {{ context }}.')
    await expect(code(page)).toBeFocused()
    await page.keyboard.press('Control+z')
    await expect(code(page)).toHaveText('Answer {question} with {context}.')
  })

  test('is kept as it stands between raw', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('raw'), template_content: 'x' })
    await openEditor(page, `/prompts/${name}`)
    await code(page).fill('{{ "kind": "note" }}')
    await problems(page).getByRole('button', { name: 'Wrap in raw' }).click()
    await expect(code(page)).toHaveText('{% raw %}{{ "kind": "note" }}{% endraw %}')
    await expect(problems(page)).toContainText('No problems')
  })

  test('with roles becomes a chat, and a text again', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('roles'),
      template_content: 'system:\nYou help.\n\nuser:\n{{ q }}',
    })
    await openEditor(page, `/prompts/${name}`)
    await problems(page).getByRole('button', { name: 'Split into messages' }).click()
    await expect(page.locator('[data-message] .cm-content')).toHaveText(['You help.', '{{ q }}'])
    await expect(page.getByRole('button', { name: /Role of message 1/ })).toContainText('System')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(code(page)).toContainText('You help.')
  })

  test('is explained on a page that needs no script', { tag: '@full' }, async ({ page }) => {
    await openEditor(page, '/prompts/new')
    const opened = page.waitForEvent('popup')
    await page.getByRole('link', { name: 'Language' }).click()
    const language = await opened
    await expect(language.getByRole('heading', { name: 'raw: literal braces' })).toBeVisible()
    await expect(language.getByRole('cell', { name: 'upcase', exact: true })).toBeVisible()
  })
})
