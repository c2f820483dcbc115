import { readFile } from 'node:fs/promises'
import { expectNoViolations } from './accessible.ts'
import { createPrompt, uniqueName } from './api.ts'
import { expect, test } from './test.ts'

test.describe('prompts go out', () => {
  test('what is selected in the list is saved as a zip', async ({ page, request }) => {
    const tag = uniqueName('out').replaceAll('_', '-')
    for (const _ of [1, 2])
      await createPrompt(request, { name: uniqueName('out'), tags: [tag], template_content: 'x' })
    await page.goto(`/prompts?tag=${tag}`)
    await page.locator('[data-row-link]').first().focus()
    await page.keyboard.press('ControlOrMeta+a')
    await page.getByRole('button', { name: 'Export the selected prompts' }).click()
    await expect(page.getByRole('dialog', { name: 'Export 2 prompts' })).toBeVisible()
    const saving = page.waitForEvent('download')
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
    const bytes = await readFile(await (await saving).path())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    expect(bytes.toString('latin1').match(/\.md/g)?.length).toBe(4)
    await expect(page.getByRole('dialog')).toBeHidden()
  })

  test('what they include comes along, and is told before, unless somebody says no', async ({
    page,
    request,
  }) => {
    const tag = uniqueName('including').replaceAll('_', '-')
    await createPrompt(request, { name: `tone-${tag}`, template_content: 'Kindly.' })
    const including = { tags: [tag], template_content: `{% render "tone-${tag}" %} Go.` }
    await createPrompt(request, { name: `user-${tag}`, ...including })
    await page.goto(`/prompts?tag=${tag}`)
    const save = async (isWhole: boolean) => {
      await page.locator('[data-row-link]').first().focus()
      await page.keyboard.press('ControlOrMeta+a')
      await page.getByRole('button', { name: 'Export the selected prompts' }).click()
      const dialog = page.getByRole('dialog', { name: 'Export 1 prompt' })
      await expect(dialog).toContainText('1 more prompt.')
      const box = dialog.getByRole('checkbox', { name: 'Take along what they include' })
      await expect(box).toBeChecked()
      await expectNoViolations(page)
      if (!isWhole) await box.uncheck()
      const saving = page.waitForEvent('download')
      await dialog.getByRole('button', { name: 'Export' }).click()
      return (await readFile(await (await saving).path())).toString('latin1').match(/[\w-]+\.md/g)
    }
    expect(new Set(await save(true))).toEqual(new Set([`tone-${tag}.md`, `user-${tag}.md`]))
    expect(new Set(await save(false))).toEqual(new Set([`user-${tag}.md`]))
  })

  test('a selection of hundreds is exported whole', async ({ page, request }) => {
    const tag = uniqueName('hundreds').replaceAll('_', '-')
    const names = Array.from({ length: 450 }, (_, at) => `${tag}-${at}`)
    const lines = names.map((name) => JSON.stringify({ name, text: 'x', tags: [tag] })).join('\n')
    const made = await request.post('/api/import', {
      multipart: {
        plan: JSON.stringify({ columns: { name: 'name', text: 'text', tags: 'tags' } }),
        file: { name: 'many.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(lines) },
      },
    })
    expect(await made.json()).toMatchObject({ counts: { create: names.length } })
    await page.goto(`/prompts?tag=${tag}`)
    await page.locator('[data-row-link]').first().focus()
    await page.keyboard.press('ControlOrMeta+a')
    const all = page.getByRole('button', { name: `Select all ${names.length}` })
    if (await all.isVisible()) await all.click()
    await page.getByRole('button', { name: 'Export the selected prompts' }).click()
    const dialog = page.getByRole('dialog', { name: `Export ${names.length} prompts` })
    await expect(dialog).toBeVisible()
    const saving = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Export' }).click()
    const bytes = await readFile(await (await saving).path())
    // Each is named beside its text, and in the list at the end.
    expect(bytes.toString('latin1').match(/\.md/g)?.length).toBe(2 * names.length)
  })

  test('a whole category is saved, and what is refused is told in the dialog', async ({ page }) => {
    await page.goto('/prompts?category=techniques')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Export prompts' })
    await expect(dialog.getByRole('button', { name: 'Which prompts' })).toContainText('Techniques')
    await page.route('**/api/export', (route) => route.abort())
    await dialog.getByRole('button', { name: 'Export' }).click()
    await expect(dialog.getByRole('alert')).toContainText('cannot be reached')
    await page.unroute('**/api/export')
    const saving = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Export' }).click()
    expect((await saving).suggestedFilename()).toBe('prompts.zip')
  })
})
