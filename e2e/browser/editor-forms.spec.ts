import { createPrompt, createVersion, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'
import { rendered, result, valueOf } from './test-panel.ts'

const CHAT = [
  { role: 'system', content: 'First.' },
  { role: 'user', content: 'Second.' },
  { role: 'assistant', content: 'Third.' },
]

async function openEditor(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
}

const texts = (page: Page) => page.locator('[data-message] .cm-content')

test.describe('a chat', () => {
  test('is brought into order by buttons, by Alt and arrows, and by dragging', async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('order'), messages: CHAT })
    await openEditor(page, `/prompts/${name}`)
    await page.getByRole('button', { name: 'Move message 1 down' }).click()
    await expect(texts(page)).toHaveText(['Second.', 'First.', 'Third.'])
    await page.getByRole('button', { name: /^Message 3: drag/ }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await expect(texts(page)).toHaveText(['Second.', 'Third.', 'First.'])
    await expect(page.getByRole('button', { name: /^Message 2: drag/ })).toBeFocused()
    await page
      .getByRole('button', { name: /^Message 3: drag/ })
      .dragTo(page.getByRole('listitem', { name: 'Message 1' }))
    await expect(texts(page)).toHaveText(['First.', 'Second.', 'Third.'])
  })

  test('gets and loses messages, with undo, and changes who says one', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name } = await createPrompt(request, { name: uniqueName('chat'), messages: CHAT })
    await openEditor(page, `/prompts/${name}`)
    await page.getByRole('button', { name: 'Remove message 2' }).click()
    await expect(texts(page)).toHaveText(['First.', 'Third.'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(texts(page)).toHaveText(['First.', 'Second.', 'Third.'])
    await page.getByRole('button', { name: 'Add a message' }).click()
    await expect(texts(page)).toHaveCount(4)
    await page.getByRole('button', { name: /Role of message 1/ }).click()
    await page.getByRole('option', { name: 'User' }).click()
    await expect(page.getByRole('button', { name: /Role of message 1/ })).toContainText('User')
  })

  test('becomes of a text, and a text of it, without losing a word', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('kind'),
      template_content: 'Say {{ x }}.',
    })
    await openEditor(page, `/prompts/${name}`)
    await page.getByText('Chat', { exact: true }).click()
    await expect(texts(page)).toHaveText(['Say {{ x }}.'])
    await page.getByText('Text', { exact: true }).click()
    await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toHaveText('Say {{ x }}.')
  })
})

test('a variable is renamed in its declaration and in the text', async ({ page, request }) => {
  const { name } = await createPrompt(request, {
    name: uniqueName('rename'),
    template_content: '{{ x }}, {{ x }}',
  })
  await openEditor(page, `/prompts/${name}`)
  await page.getByRole('button', { name: 'Details of x' }).click()
  await page.locator('[data-variable-row="x"]').getByRole('textbox', { name: 'Name' }).fill('topic')
  await page.keyboard.press('Enter')
  await expect(page.locator('.cm-content')).toHaveText('{{ topic }}, {{ topic }}')
  await expect(page.getByRole('button', { name: 'Details of topic' })).toHaveAttribute(
    'aria-expanded',
    'true',
  )
})

test('a save over a newer version opens both side by side and loses nothing', async ({ page, request }) => {
  const prompt = await createPrompt(request, { name: uniqueName('conflict'), template_content: 'A.\n\nB.' })
  await openEditor(page, `/prompts/${prompt.name}`)
  await page.locator('.cm-content').focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' Mine.')
  await createVersion(request, prompt, { template_content: 'Theirs. A.\n\nB.' })
  await page.keyboard.press('Control+s')
  await page.getByRole('textbox', { name: 'Message' }).fill('Mine')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toContainText('Theirs.')
  await page.keyboard.press('Escape')
  await expect(page.locator('.cm-content')).toContainText('B. Mine.')
})

test('a label that moved meanwhile is no conflict', { tag: '@full' }, async ({ page, request }) => {
  const prompt = await createPrompt(request, { name: uniqueName('etag'), template_content: 'A.' })
  await openEditor(page, `/prompts/${prompt.name}`)
  const moved = await request.put(`/api/prompts/${prompt.name}/labels/staging`, {
    data: { version: 1 },
    headers: { 'if-match': prompt.etag },
  })
  expect(moved.ok()).toBe(true)
  await page.locator('.cm-content').focus()
  await page.keyboard.type('Mine. ')
  await page.keyboard.press('Control+s')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(
    page.getByRole('region', { name: 'Notifications' }).getByRole('listitem').getByText('Saved version 2.'),
  ).toBeVisible()
})

test('a name is made of the title, with a number when it is taken, until another is typed', async ({
  page,
}) => {
  await openEditor(page, '/prompts/new')
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused()
  await page.keyboard.type('Few_Shot')
  const name = page.getByRole('textbox', { name: 'Name' })
  await expect(name).toHaveValue('few_shot-2')
  await expect(page.getByText('free', { exact: true })).toBeVisible()
  await name.fill('Few_Shot')
  await expect(name).toHaveValue('few_shot')
  await expect(page.getByText(/There is a prompt called/)).toBeVisible()
  await name.fill('')
  await expect(name).toHaveValue('few_shot-2')
  await expect(page.locator('main [aria-invalid="true"]')).toHaveCount(0)
})

test('a newcomer sees a first prompt rendered before it is saved, and keeps the values', {
  tag: '@full',
}, async ({ page }) => {
  const name = uniqueName('newcomer')
  await openEditor(page, '/prompts/new')
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await expect(page.getByText('free', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'A text with variables' }).click()
  await expect(page.locator('.cm-content')).toContainText('Summarise the text below')
  await page.getByRole('button', { name: 'Use the examples' }).click()
  await page.locator('#value-audience').fill('my neighbours')
  await expect(rendered(page)).toContainText(
    'Summarise the text below for my neighbours in at most 3 sentences.',
  )
  await page.keyboard.press('Control+s')
  await page.getByRole('textbox', { name: 'Message' }).fill('A beginning')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(`/prompts/${name}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Summary' })).toBeVisible()
  await expect(page.getByText('production')).toBeVisible()
  await expect(rendered(page)).toContainText('for my neighbours in at most 3')
  await page.goto('/prompts/new')
  await expect(page.locator('.cm-content')).toHaveText('')
  await expect(page.getByText('Nothing yet.')).toBeVisible()
})

test('a copy begins with everything that the other prompt says', { tag: '@full' }, async ({
  page,
  request,
}) => {
  const { name } = await createPrompt(request, {
    name: uniqueName('copied'),
    title: 'The first',
    template_content: 'Say {{ x }}.',
  })
  await openEditor(page, `/prompts/new?from=${name}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A copy of The first')
  await expect(page.locator('.cm-content')).toHaveText('Say {{ x }}.')
})

test('an older version is read-only, with a way back', { tag: '@full' }, async ({ page, request }) => {
  const prompt = await createPrompt(request, { name: uniqueName('older'), template_content: 'First.' })
  await createVersion(request, prompt, { template_content: 'Second.' })
  await page.goto(`/prompts/${prompt.name}?version=1`)
  await expect(page.getByText('You are reading version 1 of 2.')).toBeVisible()
  await expect(page.locator('.source-lines')).toContainText('First.')
  await page.getByRole('link', { name: 'To the editor' }).click()
  await expect(page.locator('.cm-content')).toHaveText('Second.')
})

test('an archived prompt says so at each of its addresses and can be restored', { tag: '@full' }, async ({
  page,
  request,
}) => {
  const names = { name: uniqueName('archived'), aliases: [uniqueName('alias')] }
  const { name, etag } = await createPrompt(request, { ...names, template_content: 'A.' })
  await request.delete(`/api/prompts/${name}`, { headers: { 'if-match': etag } })
  for (const path of [names.aliases[0], `${name}/versions`, `${name}/usage`, `${name}/generations`, name]) {
    await page.goto(`/prompts/${path}`)
    await expect(page.getByText('This prompt is archived.')).toBeVisible()
  }
  await page.getByRole('button', { name: 'Restore' }).click()
  await expect(page.locator('.cm-content')).toHaveText('A.')
})

test('properties that are refused stay in the form, with the fault at the field', async ({
  page,
  request,
}) => {
  const { name } = await createPrompt(request, { name: uniqueName('props'), template_content: 'A.' })
  const other = await createPrompt(request, { name: uniqueName('other'), template_content: 'A.' })
  await page.goto(`/prompts/${name}`)
  await page.getByRole('button', { name: 'Properties' }).click()
  const dialog = page.getByRole('dialog', { name: 'Properties' })
  const tags = dialog.getByRole('textbox', { name: 'Tags' })
  await tags.fill('Writing, <b>')
  await dialog.getByRole('textbox', { name: 'Aliases' }).fill(other.name)
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog.getByText('“<b>” cannot be a tag', { exact: false })).toBeVisible()
  await tags.fill('Writing, C#, 日本語')
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog.getByText(`"${other.name}" is the name of another prompt`)).toBeVisible()
  await expect(tags).toHaveValue('Writing, C#, 日本語')
  await dialog.getByRole('textbox', { name: 'Aliases' }).fill('')
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('list', { name: 'Tags' })).toHaveText(/c#.*writing.*日本語/)
})

test('the name of an archived prompt is told at once, with the way to restore it', { tag: '@full' }, async ({
  page,
  request,
}) => {
  const { name, etag } = await createPrompt(request, { name: uniqueName('gone'), template_content: 'A.' })
  await request.delete(`/api/prompts/${name}`, { headers: { 'if-match': etag } })
  await page.goto('/prompts/new')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await expect(page.getByText('An archived prompt has this name.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Restore it' })).toHaveAttribute('href', `/prompts/${name}`)
})

test('a literal text has no variables, problems or colours', { tag: '@full' }, async ({ page, request }) => {
  const { name } = await createPrompt(request, {
    name: uniqueName('literal'),
    template_content: 'Braces {{ x }} and {% if %} more',
    format: 'text',
  })
  await openEditor(page, `/prompts/${name}`)
  await expect(page.getByRole('checkbox', { name: 'Literal text' })).toBeChecked()
  await expect(page.getByRole('heading', { name: 'Variables' })).toBeHidden()
  await expect(result(page)).toContainText('Braces {{ x }} and {% if %} more')
  await page.getByRole('checkbox', { name: 'Literal text' }).uncheck()
  await expect(page.getByRole('heading', { name: 'Variables' })).toBeVisible()
})

test('a placeholder is added, named and filled in the form', { tag: '@full' }, async ({ page, request }) => {
  const { name } = await createPrompt(request, { name: uniqueName('placeholder'), messages: CHAT })
  await openEditor(page, `/prompts/${name}`)
  await page.getByRole('button', { name: 'Add a placeholder' }).click()
  await page.getByRole('textbox', { name: 'Name of the messages' }).fill('talk')
  await valueOf(page, 'talk').fill('What was said')
  await expect(result(page)).toContainText('What was said')
})

/** A picture of one dot. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

test('pictures are chosen, pasted, dropped, or given by address, and shown', async ({ page, request }) => {
  const { name } = await createPrompt(request, { name: uniqueName('pictures'), messages: CHAT })
  await openEditor(page, `/prompts/${name}`)
  const message = page.getByRole('listitem', { name: 'Message 2', exact: true })
  const pictures = message.getByRole('img', { name: 'What the message holds' })
  const add = async (item: string) => {
    await message.getByRole('button', { name: 'Add to message 2' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const chooser = page.waitForEvent('filechooser')
  await add('Picture …')
  await (await chooser).setFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') })
  await expect(pictures).toHaveCount(1)
  await expect.poll(() => pictures.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(1)

  const give = (event: 'paste' | 'drop') =>
    message
      .locator('.cm-content')
      .first()
      .evaluate(
        (text, { kind, data }) => {
          const given = new DataTransfer()
          const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0))
          given.items.add(new File([bytes], 'b.png', { type: 'image/png' }))
          const how = { bubbles: true, cancelable: true }
          text.dispatchEvent(
            kind === 'paste'
              ? new ClipboardEvent(kind, { ...how, clipboardData: given })
              : new DragEvent(kind, { ...how, dataTransfer: given }),
          )
        },
        { kind: event, data: DOT },
      )
  await give('paste')
  await expect(pictures).toHaveCount(2)
  await give('drop')
  await expect(pictures).toHaveCount(3)

  await add('Picture by its address')
  await valueOf(page, 'image_url').fill('https://pictures.example/cat.png')
  await expect(result(page)).toContainText('https://pictures.example/cat.png')
  await page.getByRole('button', { name: 'Remove part 3 of message 2' }).click()
  await expect(pictures).toHaveCount(2)
  await page.keyboard.press('Control+s')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Editing v2, agents get v1')).toBeVisible()
  const saved = await (await request.get(`/api/prompts/${name}?label=latest`)).json()
  expect(saved.messages[1].content).toMatchObject([
    { type: 'text' },
    { type: 'image', data: DOT, mimeType: 'image/png' },
    { type: 'image', data: DOT, mimeType: 'image/png' },
    { type: 'resource_link', uri: '{{ image_url }}' },
  ])
})
