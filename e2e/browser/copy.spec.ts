import { execFileSync } from 'node:child_process'
import { expect, type Page, test } from '@playwright/test'
import { createPrompt, uniqueName } from './api.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

const TEXT = `it's {"a": 1} <&> "é"`
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

async function openFilled(page: Page, name: string): Promise<void> {
  await page.goto(`/prompts/${name}`)
  await page.locator('#variable-x').fill(TEXT)
  await expect(page.getByRole('button', { name: 'Copy text' })).toBeEnabled()
}

async function copyAs(page: Page, way: string): Promise<string> {
  await page.getByRole('button', { name: 'Copy as' }).click()
  await page.getByRole('menuitem', { name: way }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  return clipboard(page)
}

test.describe('a rendered prompt', () => {
  test('is copied as text, by button and by Ctrl+Enter', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('copy'),
      template_content: 'Say {{ x }}.',
    })
    await openFilled(page, name)
    await page.getByRole('button', { name: 'Copy text' }).click()
    expect(await clipboard(page)).toBe(`Say ${TEXT}.`)
    await page.evaluate(() => navigator.clipboard.writeText(''))
    await page.locator('#variable-x').press('Control+Enter')
    await expect.poll(() => clipboard(page)).toBe(`Say ${TEXT}.`)
  })

  test('is copied as JSON', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('copy'),
      template_content: 'Say {{ x }}.',
    })
    await openFilled(page, name)
    expect(JSON.parse(await copyAs(page, 'JSON'))).toMatchObject({ content: `Say ${TEXT}.` })
  })

  test('is copied as a curl line that gives the same', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('copy'),
      template_content: 'Say {{ x }}.',
    })
    await openFilled(page, name)
    const line = await copyAs(page, 'curl')
    const answer = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })
    expect(JSON.parse(answer)).toMatchObject({ name, version: 1, content: `Say ${TEXT}.` })
  })

  test('is copied as an MCP call that gives the same', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('copy'),
      template_content: 'Say {{ x }}.',
    })
    await openFilled(page, name)
    const response = await request.post('/mcp/prompts/get', {
      data: JSON.parse(await copyAs(page, 'MCP call')),
    })
    expect(JSON.stringify(await response.json())).toContain(JSON.stringify(`Say ${TEXT}.`))
  })
})
