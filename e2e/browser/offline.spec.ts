import { createConfiguration, createPrompt, createVersion, generate, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

/** A way to something that opens over a page. */
interface Door {
  name: string
  open: (page: Page) => Promise<unknown>
  shows: (page: Page) => ReturnType<Page['locator']>
}

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const dialog = (name: string | RegExp) => (page: Page) => page.getByRole('dialog', { name })
const key = (keys: string) => (page: Page) => page.keyboard.press(keys)
const door = (name: string, open: Door['open'], shows: string | RegExp): Door => ({
  name,
  open,
  shows: dialog(shows),
})

const EVERYWHERE: Door[] = [
  door('palette', key('Control+k'), 'Command palette'),
  door('keys', key('?'), 'Keys'),
]

const fromMenu = (item: string) => async (page: Page) => {
  await page
    .getByRole('button', { name: /^Actions for/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: item }).click()
}
const forSelected = (name: string) => async (page: Page) => {
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await press(name)(page)
}
const saveTyped = async (page: Page) => {
  await page.locator('.cm-content').first().click()
  await page.keyboard.type('More. ')
  await page.keyboard.press('Control+s')
}

interface Made {
  prompt: string
  generation: string
}

/** Every page, with what opens over it and has a name; menus and lists are found by their buttons. */
const PAGES: Record<string, { address: (made: Made) => string; doors: Door[] }> = {
  prompts: {
    address: ({ prompt }) => `/prompts?q=${prompt}`,
    doors: [
      door('move', forSelected('Move the selected prompts'), 'Move to category'),
      door('tags', key('t'), 'Tags'),
      door('rename', fromMenu('Rename…'), 'Rename'),
    ],
  },
  editor: {
    address: ({ prompt }) => `/prompts/${prompt}`,
    doors: [
      door('properties', press('Properties'), 'Properties'),
      door('full screen', press('Full screen'), 'Preview'),
      door('save', saveTyped, 'Save version 3'),
      door(
        'leave',
        (page) => page.getByRole('link', { name: 'Usage' }).last().click(),
        'Leave without saving?',
      ),
    ],
  },
  versions: {
    address: ({ prompt }) => `/prompts/${prompt}/versions`,
    doors: [
      door('restore', press('Restore version 1'), /Restore version 1/),
      door('label', press('Label version 1'), 'Label version 1'),
      door('promote', press(/^(Promote|Roll back)/), /Promote|Roll back/),
    ],
  },
  'usage of a prompt': {
    address: ({ prompt }) => `/prompts/${prompt}/usage`,
    doors: [door('days', press('Other days'), 'From one day to another')],
  },
  categories: {
    address: () => '/categories',
    doors: [door('category', press('New category'), /New category/)],
  },
  settings: {
    address: () => '/settings/ai',
    doors: [
      door('configuration', press('New configuration'), /New/),
      door('test', press(/^Test /), /^Test /),
      door('delete', fromMenu('Delete…'), /^Delete/),
    ],
  },
  playground: { address: ({ prompt }) => `/playground?prompt=${prompt}`, doors: [] },
  generation: { address: ({ generation }) => `/generations/${generation}`, doors: [] },
  connect: { address: () => '/connect', doors: [] },
}
/** The gate looks at the page with the most to open, the full run at all. */
const IN_GATE = 'editor'

async function makeEverything(request: APIRequestContext): Promise<Made> {
  const first = await createPrompt(request, { name: uniqueName('away'), template_content: 'Hello' })
  await createVersion(request, first, { template_content: 'Hello again' })
  const configuration = await createConfiguration(request, {})
  const { id } = await generate(request, { prompt: first.name, configuration })
  return { prompt: first.name, generation: id }
}

async function openWhole(page: Page, address: string) {
  await page.goto(address)
  await expect(page.locator('html')).toHaveAttribute('data-parts', 'here')
}

/** Every button of the page that says that it opens something. */
async function openPanels(page: Page) {
  const buttons = page.locator('main button[aria-haspopup]:visible, header button[aria-haspopup]:visible')
  const seen = new Set<string>()
  for (const button of await buttons.all()) {
    const kind = `${await button.getAttribute('aria-haspopup')} ${(await button.getAttribute('aria-label')) ?? ''}`
    if (seen.has(kind.replace(/ .* /, ' '))) continue
    seen.add(kind.replace(/ .* /, ' '))
    await button.click()
    await expect(page.locator('[role=menu], [role=listbox], [role=dialog]').first(), kind).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.locator('[role=menu], [role=listbox], [role=dialog]')).toHaveCount(0)
  }
}

for (const [name, { address, doors }] of Object.entries(PAGES))
  test(`statement 21: while the server is away every dialog, menu and panel opens: ${name}`, {
    tag: name === IN_GATE ? [] : ['@full'],
  }, async ({ page, context, request }) => {
    await openWhole(page, address(await makeEverything(request)))
    await context.setOffline(true)
    await expect(page.getByText('The server is not reached.')).toBeVisible()
    await openPanels(page)
    for (const { name, open, shows } of [...EVERYWHERE, ...doors]) {
      await open(page)
      await expect(shows(page), name).toBeVisible()
      await expect(page.getByRole('alertdialog')).toHaveCount(0)
      await page.keyboard.press('Escape')
      await expect(shows(page)).toBeHidden()
    }
    await context.setOffline(false)
    await expect(page.getByText('The server is not reached.')).toBeHidden()
  })

test('statement 21: a link that is followed while the server is away opens when it is back', async ({
  page,
  context,
  request,
}) => {
  const { prompt } = await makeEverything(request)
  await openWhole(page, `/prompts/${prompt}`)
  const text = page.locator('.cm-content').first()
  await text.click()
  await page.keyboard.type('Not lost. ')
  await context.setOffline(true)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Usage' }).click()
  await page.getByRole('button', { name: 'Leave, keep the draft' }).click()
  await expect(page.getByText('The page you chose opens then.')).toBeVisible()
  await expect(text).toContainText('Not lost.')
  await context.setOffline(false)
  await expect(page).toHaveURL('/usage')
  await page.goBack()
  await expect(page.locator('.cm-content').first()).toContainText('Not lost.')
})

/** Leaves the page what it came with; whatever is asked for later is not there, as after a deploy. */
async function withoutLateFiles(page: Page) {
  let html = ''
  await page.route('**/prompts?q=*', async (route) => {
    const response = await route.fetch()
    html += await response.text()
    await route.fulfill({ response })
  })
  await page.route('**/_next/static/chunks/**', (route) =>
    html.includes(new URL(route.request().url()).pathname)
      ? route.continue()
      : route.fulfill({ status: 404, body: 'Not found' }),
  )
}

test('statement 21: what is not there is told in its place; the page stays, and goes on by itself', {
  tag: '@full',
}, async ({ page, request }) => {
  const { prompt } = await makeEverything(request)
  await withoutLateFiles(page)
  await page.goto(`/prompts?q=${prompt}`)
  const search = page.getByRole('searchbox', { name: 'Search the prompts' })
  const missing = page.getByRole('alertdialog', { name: 'Not loaded' })

  // The server answers, with other files: it was updated.
  await page.keyboard.press('Control+k')
  await expect(missing).toContainText('Incipit was updated')
  await expect(missing.getByRole('button', { name: 'Load the page again' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(missing).toBeHidden()
  await expect(page.getByText('Incipit was updated while this page was open.')).toBeVisible()
  await expect(search).toHaveValue(prompt)
  await page.getByRole('button', { name: /Sort by/ }).click()
  await expect(page.getByText('This cannot be opened now.', { exact: true })).toBeVisible()

  // It does not answer: what was opened opens when it is back.
  await page.route('**/health/live', (route) => route.abort())
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(missing).toContainText('The server is not reached.')
  await expect(page.getByText('This page did not come out right')).toHaveCount(0)
  await page.unrouteAll()
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible()
  await expect(missing).toHaveCount(0)
})

test('a page that takes its time shows a bar, one that does not shows none', async ({ page }) => {
  await page.goto('/prompts')
  const answer = Promise.withResolvers<void>()
  await page.route('**/usage?_rsc=*', async (route) => {
    if (!('next-router-prefetch' in route.request().headers())) await answer.promise
    await route.continue()
  })
  const main = page.getByRole('navigation', { name: 'Main' })
  await main.getByRole('link', { name: 'Usage' }).click()
  await expect(page.locator('[data-going]')).toBeVisible()
  await expect(page.getByText('The page is loading.')).toBeAttached()
  answer.resolve()
  await expect(page).toHaveURL('/usage')
  await expect(page.locator('[data-going]')).toHaveCount(0)
})
