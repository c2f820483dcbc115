import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const rows = (page: Page) => page.locator('[data-row-link]')
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search the prompts' })

test.describe('the list of prompts', () => {
  test('is what the start page leads to', async ({ page }) => {
    await page.goto('/')
    await expect(page).toHaveURL('/prompts')
    await expect(page).toHaveTitle('Prompts · Incipit')
    // Which one that is depends on what other tests have made.
    await expect(rows(page).first()).toBeVisible()
  })

  test('finds words while they are typed, and says when nothing fits', async ({ page }) => {
    await page.goto('/prompts')
    await search(page).fill('business_logic')
    await expect(rows(page).first()).toHaveText('Implement business logic')
    await expect(page).toHaveURL(/q=business_logic/)
    await search(page).fill('zzqqzz')
    await expect(page.getByRole('heading', { name: 'Nothing fits' })).toBeVisible()
    await page.getByRole('button', { name: 'Show all prompts' }).click()
    await expect(search(page)).toHaveValue('')
    await expect(rows(page).first()).toBeVisible()
  })

  test('statement 17: filters and sort live in the URL, and Back restores them', async ({ page }) => {
    await page.goto('/prompts')
    const side = page.getByRole('complementary', { name: 'Filters' })
    await side.getByRole('link', { name: /^Techniques/ }).click()
    await expect(page).toHaveURL('/prompts?category=techniques')
    await expect(rows(page)).toHaveCount(8)
    await page.getByRole('button', { name: /Sort by/ }).click()
    await page.getByRole('option', { name: 'Last changed first' }).click()
    await expect(page).toHaveURL('/prompts?category=techniques&sort=-updated_at')
    await page.getByRole('link', { name: 'Few-shot' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Few-shot' })).toBeVisible()
    await page.goBack()
    await expect(page).toHaveURL('/prompts?category=techniques&sort=-updated_at')
    await expect(page.getByRole('button', { name: /Sort by/ })).toContainText('Last changed first')
    await expect(rows(page)).toHaveCount(8)
    await page.goBack()
    await expect(page).toHaveURL('/prompts?category=techniques')
    await page.goBack()
    await expect(page).toHaveURL('/prompts')
    await expect(side.getByRole('link', { name: 'All' })).toHaveAttribute('aria-current', 'true')
    // A search is an entry as well, however many letters it has.
    await search(page).pressSequentially('few shot', { delay: 30 })
    await expect(page).toHaveURL('/prompts?q=few+shot')
    await page.goBack()
    await expect(page).toHaveURL('/prompts')
    await expect(search(page)).toHaveValue('')
  })

  test('opens with the filters of its address', { tag: '@full' }, async ({ page }) => {
    await page.goto('/prompts?tag=requirements&q=logic')
    await expect(rows(page)).toHaveCount(1)
    await page.getByRole('link', { name: 'Remove the filter Tag: requirements' }).click()
    await expect(page).toHaveURL('/prompts?q=logic')
    await expect(rows(page)).not.toHaveCount(0)
  })

  test('is walked through by keyboard', async ({ page }) => {
    await page.goto('/prompts?category=techniques')
    await page.keyboard.press('/')
    await expect(search(page)).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(rows(page).nth(0)).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(rows(page).nth(1)).toBeFocused()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await expect(search(page)).toBeFocused()
    await page.keyboard.press('ArrowDown')
    const title = await rows(page).nth(0).innerText()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  })

  test('shows a prompt that was just written over REST', async ({ page, request }) => {
    const name = uniqueName('seen')
    await createPrompt(request, { name, title: 'Seen at once', template_content: 'Hello {{ who }}' })
    await page.goto(`/prompts?q=${name}`)
    await expect(rows(page).first()).toHaveText('Seen at once')
  })

  test('goes on where the first page ends', { tag: '@full' }, async ({ page, request }) => {
    const tag = uniqueName('many').replaceAll('_', '-')
    for (let made = 0; made < 60; made++)
      await createPrompt(request, { name: uniqueName('paged'), tags: [tag], template_content: 'x' })
    await page.goto(`/prompts?tag=${tag}`)
    await expect(rows(page)).toHaveCount(50)
    await rows(page).last().scrollIntoViewIfNeeded()
    await expect(rows(page)).toHaveCount(60)
    await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)
  })
})
