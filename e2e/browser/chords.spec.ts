import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

/** One of each kind of thing in the page that can have the focus, marked so that it is found again. */
async function markFocusable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const kinds = new Map<string, Element>()
    const focusable =
      'a[href], button, input, textarea, select, summary, [contenteditable="true"], [tabindex]:not([tabindex="-1"])'
    for (const element of document.querySelectorAll(`main :is(${focusable}), header :is(${focusable})`)) {
      if (!element.checkVisibility() || element.matches(':disabled')) continue
      const { tagName } = element
      const of = (name: string) => element.getAttribute(name) ?? ''
      const kind = [
        tagName,
        of('type'),
        of('role'),
        of('aria-haspopup'),
        of('aria-expanded') && 'opens',
        of('aria-pressed') && 'switch',
      ]
      kinds.set(kind.join(' ').toLowerCase().trim(), element)
    }
    for (const [kind, element] of kinds) element.setAttribute('data-focus-kind', kind)
    return [...kinds.keys()]
  })
}

async function fromEverywhere(page: Page, check: (kind: string) => Promise<void>) {
  const kinds = await markFocusable(page)
  expect(kinds.length).toBeGreaterThan(1)
  for (const kind of kinds) {
    const element = page.locator(`[data-focus-kind="${kind}"]`)
    await element.focus()
    await check(kind)
  }
}

const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' })
const closes = async (page: Page, dialog: ReturnType<typeof palette>, why: string) => {
  await expect(dialog, why).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog, why).toBeHidden()
}

test.describe('statement 30: every chord works from whatever has the focus', () => {
  for (const [place, address, tag] of [
    ['editor', (name: string) => `/prompts/${name}`, []],
    ['playground', (name: string) => `/playground?prompt=${name}`, ['@full']],
  ] as const)
    test(`run, save and palette in the ${place}`, { tag: [...tag] }, async ({ page, request }) => {
      const { name } = await createPrompt(request, {
        name: uniqueName('chords'),
        template_content: 'Hello {{ who }}',
        variables: [{ name: 'who', type: 'string', required: true }],
      })
      await page.goto(address(name))
      await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
      await page.locator('.cm-content').first().click()
      await page.keyboard.type('More. ')
      await expect(page.getByText('Unsaved changes')).toBeVisible()
      const field = page.locator('#value-who')
      const save = page.getByRole('dialog', { name: 'Save version 2' })
      await fromEverywhere(page, async (kind) => {
        await page.keyboard.press('Control+s')
        await closes(page, save, `save from ${kind}`)
        await page.keyboard.press('Control+k')
        await closes(page, palette(page), `palette from ${kind}`)
        // Without a value Run leads to the field.
        await page.keyboard.press('Control+Enter')
        await expect(field, `run from ${kind}`).toBeFocused()
        await expect(page.locator('[role=menu], [role=listbox]')).toHaveCount(0)
      })
      // Over an open menu, too.
      await page
        .getByRole('button', { name: 'More for this prompt' })
        .or(page.getByRole('button', { name: /Version$/ }))
        .first()
        .click()
      await expect(page.locator('[role=menu], [role=listbox]')).toBeVisible()
      await page.keyboard.press('Control+k')
      await expect(palette(page)).toBeVisible()
      await page.keyboard.press('Escape')
      // In a dialog save confirms it.
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+s')
      await expect(save).toBeVisible()
      await page.keyboard.press('Control+s')
      await expect(save).toBeHidden()
      await expect(page.getByText('Saved version 2.').first()).toBeVisible()
    })

  test('palette and keys on every other page', { tag: '@full' }, async ({ page }) => {
    for (const address of ['/prompts', '/generations', '/categories', '/settings', '/usage', '/connect'])
      await test.step(address, async () => {
        await page.goto(address)
        await fromEverywhere(page, async (kind) => {
          await page.keyboard.press('Control+k')
          await closes(page, palette(page), `${address}: palette from ${kind}`)
        })
        await page.locator('main').focus()
        await page.keyboard.press('?')
        await closes(page, page.getByRole('dialog', { name: 'Keys' }), `${address}: keys`)
      })
  })
})

test('statement 24: j and k work from anywhere outside a field, and m, t and e act on what is selected', async ({
  page,
  request,
}) => {
  const word = uniqueName('walked')
  for (const end of ['a', 'b']) await createPrompt(request, { name: `${word}_${end}`, template_content: 'x' })
  await page.goto(`/prompts?q=${word}`)
  const row = (end: string) => page.locator(`[data-row-link="${word}_${end}"]`)
  await expect(row('b')).toBeVisible()
  await page.getByRole('button', { name: /Sort by/ }).focus()
  await page.keyboard.press('j')
  await expect(page.locator('[data-row-link]:focus')).toHaveCount(1)
  await page.keyboard.press('j')
  await page.locator('main').focus()
  await page.keyboard.press('k')
  await expect(page.locator('[data-row-link]').nth(1)).toBeFocused()
  // In a field they are letters.
  const search = page.getByRole('searchbox', { name: 'Search the prompts' })
  await search.fill(word)
  await page.keyboard.press('End')
  await expect(search).toBeFocused()
  // Ticked with the mouse, from wherever the focus is then.
  await page.getByRole('checkbox', { name: new RegExp(`${word}_a`) }).click()
  await page.locator('main').focus()
  await page.keyboard.press('m')
  await closes(page, page.getByRole('dialog', { name: 'Move to category' }), 'm')
  await page.keyboard.press('t')
  await closes(page, page.getByRole('dialog', { name: 'Tags' }), 't')
  await page.getByRole('button', { name: 'Clear the selection' }).focus()
  await page.keyboard.press('e')
  await expect(row('a')).toBeHidden()
  await expect(row('b')).toBeVisible()
})
