import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const link = (page: Page, name: string) => page.locator(`[data-row-link="${name}"]`)
const row = (page: Page, name: string) => page.getByRole('article').filter({ has: link(page, name) })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })

/** Prompts of one tag, which keeps them apart from those of other tests. */
async function makePrompts(request: Parameters<typeof createPrompt>[0], count: number) {
  const tag = uniqueName('edit').replaceAll('_', '-')
  const names: string[] = []
  for (let made = 0; made < count; made++) {
    const { name } = await createPrompt(request, {
      name: uniqueName('edit'),
      tags: [tag],
      template_content: 'x',
    })
    names.push(name)
  }
  return { tag, names: names.sort() }
}

/** Answers the next changes of a kind with a failure, until `mend` is called. */
async function breakCalls(page: Page, address: string) {
  await page.route(address, async (route) => {
    if (route.request().method() === 'GET') return route.fallback()
    await route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      json: { status: 503, code: 'unavailable', title: 'Away', detail: 'The database is away.' },
    })
  })
  return { mend: () => page.unroute(address) }
}

test.describe('statement 16: tag and rename edits are optimistic, a failure reverts and offers a retry', () => {
  test('a tag shows at once, goes away when the server refuses, and Retry sets it', async ({
    page,
    request,
  }) => {
    const { tag, names } = await makePrompts(request, 1)
    const [name = ''] = names
    await page.goto(`/prompts?tag=${tag}`)
    // The answer waits until the page has been looked at.
    const answer = Promise.withResolvers<void>()
    await page.route('**/api/prompts/bulk', async (route) => {
      await answer.promise
      await route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        json: { status: 503, code: 'unavailable', title: 'Away', detail: 'The database is away.' },
      })
    })
    await link(page, name).focus()
    await page.keyboard.press('t')
    await page.getByRole('textbox', { name: 'New tags' }).fill('zz-new')
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(row(page, name)).toContainText('zz-new')
    answer.resolve()
    await expect(notifications(page)).toContainText(`“${name}” was not changed.`)
    await expect(notifications(page)).toContainText('The database is away.')
    await expect(row(page, name)).not.toContainText('zz-new')

    await page.unroute('**/api/prompts/bulk')
    await notifications(page).getByRole('button', { name: 'Retry' }).click()
    await expect(row(page, name)).toContainText('zz-new')
    await expect(notifications(page)).toContainText('tagged anew')
    await page.reload()
    await expect(row(page, name)).toContainText('zz-new')
  })

  test('a new name shows at once, goes back on a failure, and Retry renames', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { tag, names } = await makePrompts(request, 1)
    const [name = ''] = names
    const renamed = uniqueName('renamed')
    await page.goto(`/prompts?tag=${tag}`)
    const broken = await breakCalls(page, `**/api/prompts/${name}`)
    await row(page, name).getByRole('button', { name: 'Actions for' }).click()
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(renamed)
    await page.getByRole('button', { name: 'Rename' }).click()
    await expect(notifications(page)).toContainText(`“${name}” was not changed.`)
    await expect(link(page, name)).toBeVisible()
    await expect(link(page, renamed)).toHaveCount(0)
    await broken.mend()
    await notifications(page).getByRole('button', { name: 'Retry' }).click()
    await expect(link(page, renamed)).toBeVisible()
    await expect(notifications(page)).toContainText(`“${name}” is now “${renamed}”.`)
    const answer = await request.get(`/api/prompts/${renamed}`)
    expect(((await answer.json()) as { aliases: string[] }).aliases).toContain(name)
  })
})

test.describe('the list of prompts, many at a time', () => {
  test('archives what is selected by keyboard, and Undo brings it back', async ({ page, request }) => {
    const { tag, names } = await makePrompts(request, 4)
    const [first = '', second = '', third = '', fourth = ''] = names
    await page.goto(`/prompts?tag=${tag}`)
    await link(page, first).focus()
    await page.keyboard.press('x')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await expect(link(page, third)).toBeFocused()
    await expect(page.getByRole('toolbar', { name: 'Selected prompts' })).toContainText('3 selected')
    await page.keyboard.press('e')
    await expect(link(page, fourth)).toBeFocused()
    for (const name of [first, second, third]) await expect(link(page, name)).toHaveCount(0)
    await expect(notifications(page)).toContainText('3 prompts archived.')
    expect((await request.get(`/api/prompts/${second}`)).status()).toBe(404)

    await page.keyboard.press('F6')
    await expect(notifications(page).getByRole('button', { name: 'Undo' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(link(page, second)).toBeVisible()
    await expect(link(page, fourth)).toBeFocused()
    expect((await request.get(`/api/prompts/${second}`)).status()).toBe(200)
  })

  test('tells which prompt could not be archived, and why', { tag: '@full' }, async ({ page, request }) => {
    const { tag, names } = await makePrompts(request, 2)
    const [free = '', included = ''] = names
    const including = uniqueName('including')
    await createPrompt(request, { name: including, template_content: `{% render "${included}" %}` })
    await page.goto(`/prompts?tag=${tag}`)
    await page.getByRole('checkbox', { name: `Select ${free}` }).check()
    await page.getByRole('checkbox', { name: `Select ${included}` }).check()
    await page.getByRole('button', { name: 'Archive', exact: true }).click()
    await expect(notifications(page)).toContainText(`“${free}” archived, 1 prompt left as it was.`)
    await expect(notifications(page)).toContainText(including)
    await expect(link(page, included)).toBeVisible()
    await expect(link(page, free)).toHaveCount(0)
  })

  test('moves by key, by menu and by drag', async ({ page, request }) => {
    const { tag, names } = await makePrompts(request, 3)
    const [byKey = '', byMenu = '', byDrag = ''] = names
    await page.goto(`/prompts?tag=${tag}`)
    await link(page, byKey).focus()
    await page.keyboard.press('m')
    await page.getByRole('option', { name: 'Data' }).click()
    await expect(row(page, byKey)).toContainText('Data')

    await row(page, byMenu).getByRole('button', { name: 'Actions for' }).click()
    await page.getByRole('menuitem', { name: 'Move to category…' }).click()
    await page.getByRole('option', { name: 'Quality' }).click()
    await expect(row(page, byMenu)).toContainText('Quality')

    const side = page.getByRole('complementary', { name: 'Filters' })
    await row(page, byDrag).dragTo(side.getByRole('link', { name: /^Architecture/ }))
    await expect(row(page, byDrag)).toContainText('Architecture')
    await expect(notifications(page)).toContainText(`“${byDrag}” moved to Architecture.`)
    const answer = await request.get(`/api/prompts/${byDrag}`)
    expect(((await answer.json()) as { category: string }).category).toBe('architecture')
  })

  test('duplicates and copies a name from the menu of a row, opened by keyboard', { tag: '@full' }, async ({
    page,
    request,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const { tag, names } = await makePrompts(request, 1)
    const [name = ''] = names
    await page.goto(`/prompts?tag=${tag}`)
    await link(page, name).focus()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: 'Copy name' }).press('Enter')
    await expect(notifications(page)).toContainText(`“${name}” copied.`)
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(name)
    await row(page, name).getByRole('button', { name: 'Actions for' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await expect(page.locator('[data-row-link]')).toHaveCount(2)
  })
})

test.describe('statement 17: filters, sort and place', () => {
  test('Back finds a long list where it was left', { tag: '@full' }, async ({ page, request }) => {
    const { tag } = await makePrompts(request, 130)
    await page.goto(`/prompts?tag=${tag}&sort=-created_at`)
    const links = page.locator('[data-row-link]')
    const target = page.locator('li[aria-setsize="130"][aria-posinset="90"] [data-row-link]')
    await expect(links.first()).toBeVisible()
    await page.mouse.move(640, 400)
    // Small steps: a row far behind is taken out of the page again.
    await expect(async () => {
      await page.mouse.wheel(0, 400)
      await expect(target).toBeInViewport({ timeout: 300 })
    }).toPass({ intervals: [0] })
    const name = await target.innerText()
    const top = await page.evaluate(() => window.scrollY)
    expect(top).toBeGreaterThan(2000)
    await target.click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
    await page.goBack()
    await expect(page).toHaveURL(`/prompts?tag=${tag}&sort=-created_at`)
    await expect(link(page, name)).toBeInViewport()
    // Only what is near stands in the page.
    await expect.poll(() => links.count()).toBeLessThan(60)
  })

  test('all of a long list are selected, and End and Home reach its ends', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const { tag, names } = await makePrompts(request, 110)
    await page.goto(`/prompts?tag=${tag}`)
    await expect(page.locator('[data-row-link]')).toHaveCount(50)
    await page.locator('[data-row-link]').first().focus()
    // All are all that the filters find, not those that were read by now.
    await page.keyboard.press('Control+a')
    await expect(page.getByRole('toolbar', { name: 'Selected prompts' })).toContainText('110 selected')
    await expect(page.locator('li[aria-setsize="110"]').first()).toBeAttached()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('toolbar', { name: 'Selected prompts' })).toHaveCount(0)
    await page.keyboard.press('End')
    const [first = ''] = names
    await expect(page.locator('li[aria-posinset="110"] [data-row-link]')).toBeFocused()
    await page.keyboard.press('Home')
    await expect(page.locator('li[aria-posinset="1"] [data-row-link]')).toBeFocused()
    expect(first).not.toBe('')
  })
})
