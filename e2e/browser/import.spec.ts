import { expectNoViolations, tabTo } from './accessible.ts'
import { createPrompt, createVersion, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

const table = (page: Page) => page.getByRole('table', { name: 'Items of the import' })
const rowOf = (page: Page, name: string) => table(page).getByRole('row', { name })
const nameField = (page: Page, title: string) => page.getByRole('textbox', { name: `Name of ${title}` })
const importButton = (page: Page) => page.getByRole('button', { name: /^Import \d/ })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })

function promptFile(
  name: string,
  text: string,
  more = '',
): { name: string; mimeType: string; buffer: Buffer } {
  const front = `---\nname: ${name}\ntitle: ${titleOf(name)}\n${more}---\n${text}\n`
  return { name: `${name}.md`, mimeType: 'text/markdown', buffer: Buffer.from(front) }
}

const titleOf = (name: string) => name.replaceAll('_', ' ')

async function bring(page: Page, ...files: ReturnType<typeof promptFile>[]) {
  await page.locator('input[data-choice=files]').first().setInputFiles(files)
  await expect(table(page)).toBeVisible()
}

async function promptOf(request: APIRequestContext, name: string) {
  const answer = await request.get(`/api/prompts/${name}?label=latest`)
  return {
    status: answer.status(),
    body: (await answer.json()) as { template_content?: string; category?: string | null; version?: number },
  }
}

test.describe('prompts come in from files', () => {
  test('labels that would refuse callers are asked about, and callers named', async ({ page, request }) => {
    const name = uniqueName('broken_by')
    const client = uniqueName('caller')
    await createPrompt(request, { name, template_content: 'Old {{ a }}' })
    await expect(async () => {
      const headers = { 'user-agent': `${client}/1.0` }
      await request.post(`/api/prompts/${name}/render`, { data: { variables: { a: 'x' } }, headers })
      const impact = await (await request.get(`/api/prompts/${name}/impact`)).text()
      expect(impact).toContain(client)
    }).toPass()
    await page.goto('/import')
    await bring(page, promptFile(name, 'New {{ b }}', 'labels: [production]\n'))
    await importButton(page).click()
    const question = page.getByRole('dialog', { name: 'Import what refuses callers?' })
    await expect(question).toContainText(`production: b is new and required. Meets ${client}`)
    await expectNoViolations(page)
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect(importButton(page)).toBeVisible()
    await importButton(page).click()
    await question.getByRole('button', { name: 'Import all the same' }).click()
    await expect(page).toHaveURL(/\/import\/[0-9a-f-]{36}$/)
  })

  test('a drop, one look, one click; and one undo takes all of it back', async ({ page, request }) => {
    const [one, two, there] = [uniqueName('in'), uniqueName('in'), uniqueName('in')]
    const renamed = uniqueName('renamed')
    await createPrompt(request, { name: there, template_content: 'Before.' })
    await page.goto('/import')
    await bring(
      page,
      promptFile(one, 'Say {{ word }}.'),
      promptFile(two, 'Second.'),
      promptFile(there, 'After.'),
      promptFile('broken', 'x', 'kind: nonsense\n'),
    )
    // Problems come first.
    await expect(table(page).getByRole('row').nth(1)).toContainText('Refused')
    await expect(rowOf(page, there)).toContainText('Version 2')

    await nameField(page, titleOf(two)).fill(renamed)
    await page.getByRole('button', { name: `Category of ${one}` }).click()
    await page.getByRole('option', { name: 'Quality' }).click()
    await expect(importButton(page)).toHaveText('Import 3 prompts')
    await importButton(page).click()

    await expect(page).toHaveURL(/\/import\/[0-9a-f-]{36}$/)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Imported')
    await expect(page.getByText('2 new, 1 new version, 1 refused').first()).toBeVisible()
    expect((await promptOf(request, one)).body).toMatchObject({
      template_content: 'Say {{ word }}.',
      category: 'quality',
    })
    expect((await promptOf(request, renamed)).body.template_content).toBe('Second.')
    expect((await promptOf(request, there)).body).toMatchObject({ template_content: 'After.', version: 2 })

    await page.reload()
    await expect(table(page).getByRole('link', { name: renamed })).toBeVisible()
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByRole('button', { name: 'Undo the import' }).click()
    await expect(notifications(page)).toContainText('The import is taken back.')
    await expect(page.getByText(/^Taken back/)).toBeVisible()
    await expect(page.getByRole('link', { name: 'To the prompts' })).toBeFocused()
    expect((await promptOf(request, there)).body).toMatchObject({ template_content: 'Before.', version: 3 })
    const listed = (await (await request.get(`/api/prompts?q=${one}`)).json()) as {
      items: { name: string }[]
    }
    // A search finds similar names as well, such as those of other tests.
    expect(listed.items.map(({ name }) => name)).not.toContain(one)
  })

  test('files that are dropped anywhere on the page are taken, and hidden ones are told', async ({
    page,
  }) => {
    const name = uniqueName('drop')
    await page.goto('/import')
    const files = await page.evaluateHandle(
      (given) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([given.text], `${given.name}.md`))
        transfer.items.add(new File(['x'], '.env'))
        return transfer
      },
      { name, text: `---\nname: ${name}\n---\nHello.\n` },
    )
    await page.dispatchEvent('h1', 'dragenter', { dataTransfer: files })
    await expect(page.getByText('Let go to bring them in')).toBeVisible()
    await page.dispatchEvent('h1', 'drop', { dataTransfer: files })
    await expect(table(page)).toContainText('New')
    await expect(page.getByText('Left out: 1 hidden file.')).toBeVisible()
    await expect(page.getByText('Let go to bring them in')).toBeHidden()
  })

  test('a text that is pasted on the page is recognized, and several are brought', async ({ page }) => {
    const [one, two] = [uniqueName('paste'), uniqueName('paste')]
    await page.goto('/import')
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
    }, `---\nname: ${one}\n---\nOne.\n`)
    await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toHaveValue(/One\./)
    await expect(page.getByRole('button', { name: 'What it is' })).toContainText('Markdown')
    await page.getByRole('button', { name: 'Another text' }).click()
    await page.getByRole('textbox', { name: 'Text 2' }).fill(`---\nname: ${two}\n---\nTwo.\n`)
    await page.getByRole('button', { name: 'Look at them' }).click()
    await expect(nameField(page, one)).toBeVisible()
    await expect(nameField(page, two)).toBeVisible()
    // Another page, and back: it is as it was.
    await page.getByRole('link', { name: 'Categories' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Categories')
    await page.goBack()
    await expect(nameField(page, two)).toBeVisible()
  })
})

test.describe('what is typed is not lost', () => {
  test('files are sent once, and again where the server has them no more', async ({ page }) => {
    const name = uniqueName('kept')
    const sent: boolean[] = []
    let isGone = false
    await page.route('**/api/import?*', async (route) => {
      const body = route.request().postDataBuffer()?.toString() ?? ''
      sent.push(body.includes('filename='))
      if (!isGone || !body.includes('name="kept"')) return route.continue()
      const errors = [{ in: 'body', path: ['kept'], code: 'not_kept', message: 'gone' }]
      const problem = { status: 404, code: 'not_found', title: 'Not found', detail: 'gone', errors }
      await route.fulfill({ status: 404, contentType: 'application/problem+json', json: problem })
    })
    await page.goto('/import')
    await bring(page, promptFile(name, 'Text.'))
    const rename = async (to: string) => {
      const answered = page.waitForResponse((answer) => answer.url().includes('/api/import') && answer.ok())
      await nameField(page, titleOf(name)).fill(to)
      await answered
    }
    await rename(`${name}_two`)
    isGone = true
    await rename(`${name}_three`)
    isGone = false
    await importButton(page).click()
    await expect(page).toHaveURL(/\/import\/[0-9a-f-]{36}$/)
    expect(sent).toEqual([true, false, false, true, false])
  })

  test('two items of one name are told at once; a failed look keeps the edits and tries again', async ({
    page,
  }) => {
    const [one, two] = [uniqueName('same'), uniqueName('same')]
    await page.goto('/import')
    await bring(page, promptFile(one, 'One.'), promptFile(two, 'Two.'))
    await nameField(page, titleOf(two)).fill(one)
    await expect(page.getByText(`Another item of this import is called ${one}.`)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()

    await page.route('**/api/import?*', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        json: { status: 503, code: 'unavailable', title: 'Away', detail: 'The database is away.' },
      }),
    )
    const better = uniqueName('better')
    await nameField(page, titleOf(two)).fill(better)
    await expect(page.getByRole('alert').filter({ hasText: 'It could not be looked at.' })).toBeVisible()
    await expect(nameField(page, titleOf(two))).toHaveValue(better)
    await page.unroute('**/api/import?*')
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await expect(importButton(page)).toHaveText('Import 2 prompts')
    await expect(nameField(page, titleOf(two))).toHaveValue(better)
  })

  test('an import that is stopped or refused leaves the table as it was', async ({ page, request }) => {
    const name = uniqueName('stop')
    await page.goto('/import')
    await bring(page, promptFile(name, 'Text.'))
    await expect(importButton(page)).toBeEnabled()
    const held = Promise.withResolvers<void>()
    await page.route('**/api/import?dry_run=false', async (route) => {
      await held.promise
      await route.abort().catch(() => undefined)
    })
    await importButton(page).click()
    await expect(page.getByRole('progressbar', { name: 'Import' })).toBeVisible()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect(notifications(page)).toContainText('The import was stopped.')
    held.resolve()
    await expect(importButton(page)).toBeEnabled()
    expect((await promptOf(request, name)).status).toBe(404)

    await page.unroute('**/api/import?dry_run=false')
    await page.route('**/api/import?dry_run=false', (route) =>
      route.fulfill({
        status: 413,
        contentType: 'application/problem+json',
        json: {
          status: 413,
          code: 'too_large',
          title: 'Too large',
          detail: 'An import has at most 3 files.',
        },
      }),
    )
    await importButton(page).click()
    await expect(page.getByRole('alert').filter({ hasText: 'Nothing was imported.' })).toContainText(
      'at most 3 files',
    )
    await expect(nameField(page, titleOf(name))).toHaveValue(name)
  })

  test('an undo that others stand against names what they changed', async ({ page, request }) => {
    const name = uniqueName('late')
    await page.goto('/import')
    await bring(page, promptFile(name, 'Text.'))
    await importButton(page).click()
    await expect(page).toHaveURL(/\/import\/[0-9a-f-]{36}$/)
    const { etag } = (await (await request.get(`/api/prompts/${name}`)).json()) as { etag: string }
    await createVersion(request, { name, etag }, { template_content: 'Of somebody else.' })
    await page.getByRole('button', { name: 'Undo', exact: true }).first().click()
    await page.getByRole('button', { name: 'Undo the import' }).click()
    await expect(notifications(page)).toContainText('The import was not taken back.')
    await expect(notifications(page)).toContainText(name)
  })

  test('an import of the past is taken back from their list, and the focus stays in it', async ({
    page,
    request,
  }) => {
    const [kept, undone] = [uniqueName('kept'), uniqueName('undone')]
    for (const name of [kept, undone]) {
      const made = await request.post('/api/import', {
        multipart: { file: { ...promptFile(name, 'Text.'), name: `${name}.md` } },
      })
      expect(made.ok()).toBe(true)
    }
    await page.goto('/import')
    const past = page.getByRole('region', { name: 'Past imports' })
    const undo = past.getByRole('button', { name: new RegExp(`^Undo the import of .*${undone}`) })
    await undo.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
    await expect(dialog).toContainText(`${undone}.md`)
    await dialog.getByRole('button', { name: 'Undo the import' }).click()
    await expect(notifications(page)).toContainText('1 archived.')
    await expect(undo).toHaveCount(0)
    await expect(past.getByRole('listitem').filter({ hasText: undone })).toContainText('Taken back')
    await expect(past.getByRole('button', { name: new RegExp(kept) })).toBeVisible()
    await expect(past.getByRole('link', { name: `${undone}.md` })).toBeFocused()
    expect((await promptOf(request, undone)).status).toBe(404)
    expect((await promptOf(request, kept)).status).toBe(200)
  })
})

const MANY = 10_000

test('ten thousand items are quick, and changed many at once', async ({ page }) => {
  await page.route('**/api/import?*', async (route) => {
    const items = Array.from({ length: MANY }, (_, at) => ({
      name: `item_${at}`,
      action: at === MANY - 1 ? 'refused' : 'create',
      title: `Item ${at}`,
      category: null,
      tags: [],
      notes: at === MANY - 1 ? [{ line: 7, message: 'It cannot be said.' }] : [],
      source: { path: `all/item-${at}.md`, format: 'incipit' },
    }))
    const counts = { create: MANY - 1, version: 0, unchanged: 0, skipped: 0, conflict: 0, refused: 1 }
    await route.fulfill({ json: { id: null, counts, items, unread: [] } })
  })
  await page.goto('/import')
  await bring(page, promptFile('one', 'x'))
  await expect(table(page).getByRole('row').nth(1)).toContainText('Line 7: It cannot be said.')
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(MANY + 1))
  expect(await table(page).getByRole('row').count()).toBeLessThan(120)
  await page.getByRole('searchbox', { name: 'Search the items' }).fill('item-9998')
  await expect(nameField(page, 'Item 9998')).toBeVisible()
  await expect(table(page).getByRole('row')).toHaveCount(2)
  await page.getByRole('searchbox', { name: 'Search the items' }).fill('')
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(MANY + 1))
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  const sent = page.waitForRequest((asked) => asked.url().includes('dry_run=true'))
  await page.getByRole('button', { name: 'Category of the selected items' }).click()
  await page.getByRole('option', { name: 'Techniques' }).click()
  expect((await sent).postDataBuffer()?.toString().split('"techniques"').length).toBe(MANY + 1)
})

for (const { view, width } of [
  { view: 'wide', width: 1280 },
  { view: 'phone', width: 360 },
])
  test(`every state is accessible, and nothing sticks out: ${view}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 })
    const fits = async () => {
      await expectNoViolations(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    }
    const [one, two] = [uniqueName('axe'), uniqueName('axe')]
    await page.goto('/import')
    await fits()
    for (const way of ['Paste', 'Langfuse', 'MCP server']) {
      await page.getByRole('radio', { name: way }).click()
      await fits()
    }
    await page.getByRole('button', { name: 'Look at its prompts' }).last().click()
    await expect(page.getByText('This is no address')).toBeVisible()
    await fits()
    await page.getByRole('radio', { name: 'Files' }).click()
    await bring(page, promptFile(one, 'x'), promptFile(two, 'y'), promptFile('bad', 'x', 'kind: nonsense\n'))
    await nameField(page, titleOf(two)).fill(one)
    await page.getByRole('checkbox', { name: `Select ${one}` }).check()
    await expect(page.getByText('Another item of this import')).toBeVisible()
    await fits()
    await page
      .getByRole('button', { name: `look at ${one}` })
      .first()
      .click()
    await expect(page.getByRole('dialog')).toContainText(`title: ${titleOf(one)}`)
    await fits()
    await page.keyboard.press('Escape')
    await nameField(page, titleOf(two)).fill(two)
    await importButton(page).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Imported')
    await fits()
  })

test('the whole way goes by keyboard alone', async ({ page }) => {
  const name = uniqueName('pressed')
  await page.goto('/prompts')
  // Keys do nothing until the page's script runs.
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+k')
    await expect(page.getByRole('searchbox', { name: 'Go to a prompt' })).toBeFocused({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })
  await page.keyboard.type('Import prompts')
  await expect(page.getByRole('menuitem', { name: 'Import prompts', exact: true })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/import')
  await tabTo(page, page.getByRole('button', { name: 'Choose files' }))
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles([promptFile(name, 'Text.')])
  await expect(importButton(page)).toBeEnabled()
  await page.keyboard.press('j')
  await expect(page.getByRole('button', { name: `look at ${name}` })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText('The file')
  await page.keyboard.press('Escape')
  await tabTo(page, importButton(page))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/import\/[0-9a-f-]{36}$/)
})
