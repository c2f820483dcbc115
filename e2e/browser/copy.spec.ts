import { execFileSync } from 'node:child_process'
import { createPrompt, uniqueName } from './api.ts'
import { expect, type Page, test } from './test.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

const TEXT = `it's {"a": 1} <&> "é"`
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

async function openFilled(page: Page, name: string, query = ''): Promise<void> {
  await page.goto(`/prompts/${name}${query}`)
  await page.locator('#value-x').fill(TEXT)
  await expect(page.getByRole('button', { name: 'Copy', exact: true })).toBeEnabled()
}

async function copyAs(page: Page, way: string): Promise<string> {
  await page.getByRole('button', { name: 'Copy as' }).click()
  await page.getByRole('menuitem', { name: way }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  return clipboard(page)
}

test.describe('a rendered prompt', () => {
  test('is copied as text', async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('copy'),
      template_content: 'Say {{ x }}.',
    })
    await openFilled(page, name)
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
    expect(await clipboard(page)).toBe(`Say ${TEXT}.`)
  })

  test('is copied as messages', { tag: '@full' }, async ({ page, request }) => {
    const { name } = await createPrompt(request, {
      name: uniqueName('copy'),
      template_content: 'Say {{ x }}.',
    })
    await openFilled(page, name)
    expect(JSON.parse(await copyAs(page, 'Messages as JSON'))).toEqual([
      { role: 'user', content: `Say ${TEXT}.` },
    ])
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

  for (const [query, path] of [
    ['?label=production', '/mcp/prompts/get'],
    ['?version=1', '/mcp/tools/call'],
  ] as const)
    test(`is copied as an MCP call that gives the same, ${query}`, { tag: '@full' }, async ({
      page,
      request,
    }) => {
      const { name } = await createPrompt(request, {
        name: uniqueName('copy'),
        template_content: 'Say {{ x }}.',
      })
      await openFilled(page, name, query)
      const response = await request.post(path, { data: JSON.parse(await copyAs(page, 'MCP call')) })
      expect(JSON.stringify(await response.json())).toContain(JSON.stringify(`Say ${TEXT}.`).slice(1, -1))
    })
})
