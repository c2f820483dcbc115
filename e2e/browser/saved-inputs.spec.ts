import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'
import { rendered, valueOf } from './test-panel.ts'

const menu = (page: Page, name: string | RegExp) =>
  page.getByRole('region', { name: 'Variables' }).getByRole('button', { name })

const toast = (page: Page, text: string) =>
  page.getByRole('region', { name: 'Notifications' }).getByRole('listitem').filter({ hasText: text })

async function act(page: Page, trigger: string | RegExp, item: string | RegExp): Promise<void> {
  await menu(page, trigger).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function saveAs(page: Page, trigger: string | RegExp, name: string): Promise<void> {
  await act(page, trigger, 'Save as')
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(menu(page, name)).toBeVisible()
}

test.describe('saved inputs', () => {
  test('are saved, loaded, overwritten, renamed, deleted and brought back', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('inputs'),
      template_content: '{{ x }} {{ n }}',
      variables: [{ name: 'x' }, { name: 'n', type: 'integer', required: false }],
    })
    await page.goto(`/prompts/${name}`)
    await valueOf(page, 'x').fill('one')
    await valueOf(page, 'n').fill('1')
    await saveAs(page, 'Saved inputs', 'First')
    await valueOf(page, 'x').fill('two')
    await expect(menu(page, /^First/)).toHaveText('First*')
    await saveAs(page, /^First/, 'Second')
    await act(page, /^Second/, 'First')
    await expect(rendered(page)).toHaveText('one 1')

    await valueOf(page, 'x').fill('three')
    await act(page, /^First/, /^Overwrite/)
    await expect(menu(page, /^First$/)).toBeVisible()
    await act(page, /^First/, 'Rename')
    await page.getByRole('textbox', { name: 'Name' }).fill('Second')
    await expect(page.locator('#example-name-error')).toContainText('choose another')
    await page.getByRole('textbox', { name: 'Name' }).fill('Third')
    await page.keyboard.press('Enter')
    await expect(menu(page, 'Third')).toBeVisible()

    await act(page, 'Third', 'Delete')
    await expect(menu(page, 'Saved inputs')).toBeVisible()
    await toast(page, '“Third” deleted').getByRole('button', { name: 'Undo' }).click()
    await expect(toast(page, '“Third” is back')).toBeVisible()
    await valueOf(page, 'x').fill('')
    await act(page, 'Saved inputs', 'Third')
    await expect(rendered(page)).toHaveText('three 1')

    const answer = (await (await request.get(`/api/prompts/${name}/examples`)).json()) as {
      items: { name: string; values: unknown }[]
    }
    expect(answer.items.map(({ name: saved, values }) => [saved, values])).toEqual([
      ['Second', { x: 'two', n: 1 }],
      ['Third', { x: 'three', n: 1 }],
    ])
  })

  test('say why they could not be saved', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await createPrompt(request, { name: uniqueName('inputs'), template_content: '{{ x }}' })
    await page.goto(`/prompts/${name}`)
    await valueOf(page, 'x').fill('one')
    await expect(menu(page, 'Saved inputs')).toBeVisible()
    await page.route('**/examples', (route) => route.abort())
    await act(page, 'Saved inputs', 'Save as')
    await page.getByRole('textbox', { name: 'Name' }).fill('Mine')
    await page.keyboard.press('Enter')
    await expect(toast(page, '“Mine” was not saved')).toBeVisible()
    await page.unroute('**/examples')
    await page.getByRole('button', { name: 'Retry' }).click()
    await expect(toast(page, '“Mine” saved')).toBeVisible()
  })
})
