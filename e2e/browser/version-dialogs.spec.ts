import { expectNoViolations, THEMES } from './accessible.ts'
import { createPrompt, createVersion, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

const TEXT = ['Greet {{ name }}.', '', 'Be brief.'].join('\n')

async function twoVersions(page: Page) {
  const first = await createPrompt(page.request, {
    name: uniqueName('dialogs'),
    template_content: TEXT,
    config: { temperature: 0.2 },
  })
  return createVersion(page.request, first, { template_content: TEXT.replace('brief', 'thorough') })
}

for (const colorScheme of THEMES) {
  test.describe(`20: in the ${colorScheme} theme`, { tag: '@full' }, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('restoring, labelling and choosing versions have no accessibility violation', async ({ page }) => {
      const { name } = await twoVersions(page)
      await page.goto(`/prompts/${name}/versions`)
      await page.getByRole('button', { name: 'Restore version 1' }).click()
      await expect(page.getByRole('dialog').getByRole('region', { name: 'Text' })).toBeVisible()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Label version 2' }).click()
      await page.getByRole('radio', { name: 'Another label' }).check()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Compare version 2' }).click()
      await expectNoViolations(page)
    })

    test('neither has a conflict', async ({ page }) => {
      const prompt = await twoVersions(page)
      await page.goto(`/prompts/${prompt.name}`)
      const text = page.locator('#editor .cm-content').first()
      await text.getByText('Be thorough.', { exact: true }).click()
      await page.keyboard.press('End')
      await page.keyboard.type(' Be kind.')
      await createVersion(page.request, prompt, { template_content: TEXT.replace('brief', 'quick') })
      await expect(page.getByText('saved version 3')).toBeVisible()
      await page.getByRole('button', { name: 'Merge' }).click()
      await page.getByRole('button', { name: 'Write it by hand' }).click()
      await expectNoViolations(page)
    })
  })
}

test('20: a version is compared, restored and labelled by keyboard', async ({ page }) => {
  const { name } = await twoVersions(page)
  await page.goto(`/prompts/${name}/versions`)
  await page.getByRole('button', { name: 'Restore version 1' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Restore version 1' })
  await expect(dialog.getByRole('region', { name: 'Text' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Restore version 1' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('region', { name: 'Text' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Restore version 1' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'v3', exact: true })).toBeVisible()
  await page.keyboard.press('F6')
  await expect(page.getByRole('button', { name: 'Close: Version 1 is restored as version 3' })).toBeVisible()
  await page.getByRole('button', { name: 'Compare version 1' }).press('Enter')
  await page.getByRole('button', { name: 'Compare version 2' }).press('Enter')
  await expect(page).toHaveURL(`/prompts/${name}/versions?from=1&to=2`)
})
