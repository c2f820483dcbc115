import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'
import { rendered, valueOf } from './test-panel.ts'

const source = (page: Page) => page.locator('.source-lines')

test.describe('a prompt', () => {
  test('opens with its newest text to write on, its variables and labels', async ({ page }) => {
    await page.goto('/prompts/business_logic_implementation')
    await expect(page).toHaveTitle('Implement business logic · Incipit')
    await expect(page.getByRole('textbox', { name: 'Text', exact: true })).toContainText(
      '{{ business_domain | strip }}',
    )
    await expect(page.getByText('also business_logic')).toBeVisible()
    await expect(page.getByText(/^production\s*v1$/)).toBeVisible()
    await expect(page.locator('[data-variable-row="requirements"]')).toBeVisible()
    await expect(valueOf(page, 'requirements')).toBeVisible()
  })

  test('shows a version to read: its text, variables, labels and versions', async ({ page }) => {
    await page.goto('/prompts/business_logic_implementation?label=production')
    await expect(page).toHaveTitle('Implement business logic · Incipit')
    await expect(source(page)).toContainText('{{ business_domain | strip }}')
    await expect(page.getByText('also business_logic')).toBeVisible()
    await expect(page.getByRole('button', { name: /Version/ })).toContainText('production · v1')
    await expect(valueOf(page, 'requirements')).toBeVisible()
    await expect(page.getByRole('link', { name: 'v1', exact: true })).toHaveAttribute('aria-current', 'true')
  })

  test('answers to an alias with its current address', { tag: '@full' }, async ({ page }) => {
    await page.goto('/prompts/business_logic?version=1')
    await expect(page).toHaveURL('/prompts/business_logic_implementation?version=1')
  })

  test('renders what it includes, and says who uses it', { tag: '@full' }, async ({ page, request }) => {
    const inner = await createPrompt(request, {
      name: uniqueName('inner'),
      template_content: 'Dear {{ who }},',
    })
    const outer = await createPrompt(request, {
      name: uniqueName('outer'),
      template_content: `{% render "${inner.name}", who: name %} welcome.`,
    })
    await page.goto(`/prompts/${outer.name}`)
    await valueOf(page, 'name').fill('Ada')
    await expect(rendered(page)).toHaveText('Dear Ada, welcome.')
    await page.getByRole('link', { name: `${inner.name} v1` }).click()
    await expect(page.getByRole('heading', { name: 'Used by' })).toBeVisible()
    await expect(page.getByRole('link', { name: `${outer.name} v1` })).toBeVisible()
  })

  test('is not used by being looked at', async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('looked'), template_content: 'x' })
    for (const query of ['', '?version=1', '?label=staging'])
      expect((await page.goto(`/prompts/${name}${query}`))?.status()).toBe(200)
    await page.goto(`/prompts/${name}/versions`)
    // What is counted is written in order: when this one use is there, all before it would be.
    expect((await request.get(`/api/prompts/${name}`)).ok()).toBe(true)
    const uses = async () => {
      const answer = await request.get(`/api/stats?prompt=${name}`)
      return ((await answer.json()) as { totals: { uses: number } }).totals.uses
    }
    await expect.poll(uses).toBeGreaterThan(0)
    expect(await uses()).toBe(1)
  })

  test('shows the newest version when the label is on none', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('unlabelled'), template_content: 'x' })
    await page.goto(`/prompts/${name}?label=staging`)
    await expect(page.getByText('No version is labelled staging')).toBeVisible()
  })

  test('that does not exist is a 404 that helps', async ({ page }) => {
    const response = await page.goto('/prompts/busines_logic')
    expect(response?.status()).toBe(404)
    await page.getByRole('link', { name: 'Search for it' }).click()
    await expect(page).toHaveURL('/prompts?q=busines+logic')
  })
})
