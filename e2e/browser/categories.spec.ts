import { createPrompt, uniqueName } from './api.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

const row = (page: Page, slug: string) => page.locator(`[data-category="${slug}"]`)
const menu = (page: Page, slug: string) => row(page, slug).getByRole('button', { name: /^Actions for/ })
const notifications = (page: Page) => page.getByRole('region', { name: 'Notifications' })
const slugs = (page: Page) =>
  page
    .locator('[data-category]')
    .evaluateAll((rows) => rows.map((each) => each.getAttribute('data-category')))

async function makeCategory(request: APIRequestContext, name = uniqueName('Sorted')) {
  const slug = name.toLowerCase().replaceAll('_', '-')
  const response = await request.post('/api/categories', { data: { slug, name } })
  expect(response.status()).toBe(201)
  return { slug, name }
}

test.describe('the categories', () => {
  test('are created with a slug made of the name, and listed at the side of the prompts', async ({
    page,
  }) => {
    await page.goto('/categories')
    await page.getByRole('button', { name: 'New category' }).click()
    const dialog = page.getByRole('dialog', { name: 'New category' })
    const name = uniqueName('New One')
    const slug = name.toLowerCase().replace(' ', '-')
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
    await expect(dialog.getByRole('textbox', { name: 'Slug' })).toHaveValue(slug)
    await dialog.getByRole('textbox', { name: 'Description' }).fill('What belongs here.')
    await dialog.getByRole('radio', { name: 'Violet' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Create' }).click()
    await expect(row(page, slug)).toContainText('What belongs here.')
    await row(page, slug).getByRole('link', { name }).click()
    await expect(page).toHaveURL(`/prompts?category=${slug}`)
    const side = page.getByRole('complementary', { name: 'Filters' })
    await expect(side.getByRole('link', { name: new RegExp(`^${name}`) })).toHaveAttribute(
      'aria-current',
      'true',
    )
  })

  test('say at the field what is wrong', { tag: '@full' }, async ({ page }) => {
    await page.goto('/categories')
    await page.getByRole('button', { name: 'New category' }).click()
    await page.getByRole('textbox', { name: 'Slug' }).fill('data')
    await page.getByRole('button', { name: 'Create' }).click()
    await expect(page.getByText('Give it a name.')).toBeVisible()
    await expect(page.getByText('Another category has this slug.')).toBeVisible()
  })

  test('statement 16: an edit shows at once, a failure reverts it and Retry does it', {
    tag: '@full',
  }, async ({ page, request }) => {
    const { slug, name } = await makeCategory(request)
    await page.goto('/categories')
    await page.route(`**/api/categories/${slug}`, (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        json: { status: 503, code: 'unavailable', title: 'Away', detail: 'The database is away.' },
      }),
    )
    await menu(page, slug).click()
    await page.getByRole('menuitem', { name: 'Edit…' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(`${name} anew`)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(notifications(page)).toContainText(`“${name}” was not changed.`)
    await expect(row(page, slug).getByRole('link')).toHaveText(name)
    await page.unroute(`**/api/categories/${slug}`)
    await notifications(page).getByRole('button', { name: 'Retry' }).click()
    await expect(row(page, slug).getByRole('link')).toHaveText(`${name} anew`)
    await expect(notifications(page)).toContainText(`“${name} anew” changed.`)
    await notifications(page).getByRole('button', { name: 'Undo' }).click()
    await expect(row(page, slug).getByRole('link')).toHaveText(name)
  })

  test('move by key, by button and by drag', { tag: '@full' }, async ({ page, request }) => {
    const { slug: upper } = await makeCategory(request)
    const { slug: lower } = await makeCategory(request)
    const order = async () => {
      const all = await slugs(page)
      return all.indexOf(upper) < all.indexOf(lower)
    }
    await page.goto('/categories')
    await row(page, lower).getByRole('link').focus()
    await expect(async () => {
      if (!(await order())) return
      const saved = page.waitForResponse('**/api/categories/order')
      await page.keyboard.press('Alt+ArrowUp')
      await saved
      expect(await order()).toBe(false)
    }).toPass()
    await expect(row(page, lower).getByRole('link')).toBeFocused()
    const dropped = page.waitForResponse('**/api/categories/order')
    await row(page, upper).dragTo(row(page, lower))
    await expect.poll(order).toBe(true)
    await dropped
    await page.reload()
    expect(await order()).toBe(true)
    const saved = page.waitForResponse('**/api/categories/order')
    await row(page, upper)
      .getByRole('button', { name: /^Move .* down$/ })
      .click()
    expect((await saved).status()).toBe(200)
  })

  test('merge after telling how many prompts move, and Undo brings both back', { tag: '@full' }, async ({
    page,
    request,
  }) => {
    const from = await makeCategory(request)
    const into = await makeCategory(request)
    const { name } = await createPrompt(request, {
      name: uniqueName('merged'),
      category: from.slug,
      template_content: 'x',
    })
    await page.goto('/categories')
    await menu(page, from.slug).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Not empty' })
    await expect(dialog).toContainText('holds 1 prompt. Only an empty category can be deleted.')
    await dialog.getByRole('button', { name: /Choose a category/ }).click()
    await page.getByRole('option', { name: into.name }).click()
    await expect(dialog).toContainText(`1 prompt moves to ${into.name}`)
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
    await expect(row(page, from.slug)).toHaveCount(0)
    await expect(notifications(page)).toContainText(`1 prompt moved to ${into.name}`)
    const categoryOf = async () =>
      ((await (await request.get(`/api/prompts/${name}`)).json()) as { category: string }).category
    expect(await categoryOf()).toBe(into.slug)
    await notifications(page).getByRole('button', { name: 'Undo' }).click()
    await expect(row(page, from.slug)).toBeVisible()
    await expect.poll(categoryOf).toBe(from.slug)
  })

  test('are deleted when they are empty, with Undo', { tag: '@full' }, async ({ page, request }) => {
    const { slug, name } = await makeCategory(request)
    await page.goto('/categories')
    await menu(page, slug).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(row(page, slug)).toHaveCount(0)
    await expect(notifications(page)).toContainText(`“${name}” deleted.`)
    await notifications(page).getByRole('button', { name: 'Undo' }).click()
    await expect(row(page, slug)).toBeVisible()
  })
})
