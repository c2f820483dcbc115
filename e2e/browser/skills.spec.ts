import { expectNoViolations } from './accessible.ts'
import { createPrompt, uniqueName } from './api.ts'
import { expect, test } from './test.ts'

test('a prompt becomes a skill in the editor, and is downloaded from its page', async ({ page, request }) => {
  const name = uniqueName('skilled')
  await createPrompt(request, { name, template_content: 'Do {{ what }}.' })
  await page.goto(`/prompts/${name}`)
  await expect(page.locator('[data-code-editor="ready"]').first()).toBeVisible()
  await page.getByRole('checkbox', { name: /^Agent Skill/ }).check()
  const fault = page.getByText(/A skill's description says/)
  await expect(fault.first()).toBeVisible()
  await page.getByRole('textbox', { name: 'Description' }).fill('Does what it is told. Use it always.')
  await expect(fault).toHaveCount(0)
  await page.keyboard.press('Control+s')
  await page.getByRole('textbox', { name: 'Message' }).fill('As a skill')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const saved = await request.get(`/api/prompts/${name}?label=latest`)
  expect(await saved.json()).toMatchObject({ version: 2, publish: { skill: true } })

  await page.goto(`/prompts/${name}`)
  await page.getByRole('button', { name: 'More for this prompt' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Download the skill' }).click(),
  ])
  expect(download.suggestedFilename()).toBe(`${name.replaceAll('_', '-')}.zip`)

  await page.goto(`/prompts/${name}?version=2`)
  await expect(page.getByText('an MCP prompt and an Agent Skill')).toBeVisible()
  const link = page.getByRole('link', { name: 'Download the skill' })
  await expect(link).toHaveAttribute('href', `/api/prompts/${name}/skill?version=2`)
  await expectNoViolations(page)
})
