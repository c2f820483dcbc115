import { expectNoViolations } from './accessible.ts'
import { type AccountsApp, OWNER, signIn, startAccounts } from './accounts.ts'
import { createPrompt, uniqueName } from './api.ts'
import { type APIRequestContext, expect, test } from './test.ts'

const CLIENTS = [
  'Claude Code',
  'Claude Desktop',
  'Codex',
  'Gemini CLI',
  'opencode',
  'Copilot CLI',
  'Cursor',
  'VS Code',
  'LM Studio',
  'Goose',
  'curl',
]

test.describe('statement 19: the Connect page', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

  test('gives copyable snippets for each client with the real URL', async ({ page, baseURL }) => {
    await page.goto('/connect')
    for (const client of CLIENTS) {
      await page.getByRole('tab', { name: client, exact: true }).click()
      const panel = page.getByRole('tabpanel')
      await expect(panel.locator('pre').first()).toContainText(`${baseURL}/api/mcp`)
      await panel.getByRole('button', { name: /^Copy/ }).first().click()
      await expect(panel.getByRole('status').first()).toHaveText('Copied')
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      expect(copied).toBe(await panel.locator('pre').first().textContent())
    }
  })

  test('adds the server to programs that have an address for it', async ({ page, baseURL }) => {
    await page.goto('/connect')
    await page.getByRole('tab', { name: 'VS Code', exact: true }).click()
    const href = await page.getByRole('link', { name: 'Add to VS Code', exact: true }).getAttribute('href')
    const [scheme, config = ''] = href?.split('?') ?? []
    expect(scheme).toBe('vscode:mcp/install')
    const wanted = { name: 'incipit', type: 'http', url: `${baseURL}/api/mcp` }
    expect(JSON.parse(decodeURIComponent(config))).toEqual(wanted)
  })

  test('the curl snippet works as it stands', async ({ page, request }) => {
    await page.goto('/connect')
    await page.getByRole('tab', { name: 'curl', exact: true }).click()
    const line = (await page.getByRole('tabpanel').locator('pre').first().textContent()) ?? ''
    expect(await listed(request, line)).toMatchObject({ result: { prompts: expect.any(Array) } })
  })

  test('"Test connection" really connects', async ({ page }) => {
    await page.goto('/connect?category=techniques')
    const methods: string[] = []
    page.on('request', (sent) => {
      if (!sent.url().includes('/api/mcp')) return
      const { method } = sent.postDataJSON() as { method: string }
      methods.push(method)
    })
    await page.getByRole('button', { name: 'Test connection' }).click()
    await expect(page.getByText('Connected', { exact: true })).toBeVisible()
    expect(methods).toEqual(['initialize', 'prompts/list'])
    await expect(page.getByRole('definition').nth(0)).toHaveText(/^Incipit \d/)
    await expect(page.getByRole('definition').nth(1)).toHaveText(/^20\d\d-\d\d-\d\d$/)
    await expect(page.getByRole('definition').nth(2)).toHaveText(/^\d+ prompts$/)
    await expect(page.getByRole('definition').nth(3)).toHaveText(/ ms$/)
  })

  test('says in plain words when it does not', { tag: '@full' }, async ({ page }) => {
    await page.goto('/connect')
    await page.route('**/api/mcp', (route) => route.abort('connectionrefused'))
    await page.getByRole('button', { name: 'Test connection' }).click()
    await expect(page.getByText('The server is not reached. Is it running?')).toBeVisible()
    await page.unroute('**/api/mcp')
    await page.route('**/api/mcp', (route) => route.fulfill({ status: 502, body: '<h1>Bad Gateway</h1>' }))
    await page.getByRole('button', { name: 'Test connection' }).click()
    await expect(page.getByText(/What answered is no MCP server: status 502/)).toBeVisible()
  })

  test('label and category narrow the address, the snippets and what a client sees', {
    tag: '@full',
  }, async ({ page, request, baseURL }) => {
    const name = uniqueName('connect_label')
    const label = name.replaceAll('_', '-')
    const prompt = await createPrompt(request, { name, template_content: 'Hello' })
    const moved = await request.put(`/api/prompts/${name}/labels/${label}`, {
      data: { version: 1 },
      headers: { 'if-match': prompt.etag },
    })
    expect(moved.ok()).toBe(true)
    await page.goto('/connect')
    await page.getByRole('textbox', { name: 'Label' }).fill(label)
    await expect(page).toHaveURL(`/connect?label=${label}`)
    await expect(page.locator('pre').first()).toContainText(`${baseURL}/api/mcp?label=${label}`)
    await page.getByRole('button', { name: 'Test connection' }).click()
    await expect(page.getByRole('definition').nth(2)).toHaveText('1 prompt')
  })

  test('a label that cannot be one is refused where it is typed', { tag: '@full' }, async ({ page }) => {
    await page.goto('/connect')
    const field = page.getByRole('textbox', { name: 'Label' })
    await field.fill('12')
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(page.locator('pre').first()).not.toContainText('label=')
  })

  test('explains who gets in while there are no keys', async ({ page }) => {
    await page.goto('/connect')
    await expect(page.getByRole('heading', { name: 'Who gets in' })).toBeVisible()
    await expect(page.getByText(/only programs on this machine reach it/)).toBeVisible()
  })
})

test.describe('with accounts', () => {
  let accounts: AccountsApp
  test.beforeAll(async () => {
    accounts = await startAccounts(OWNER)
  })
  test.afterAll(() => accounts.stop())

  test('statement 28: a key is made on the spot, stands in the lines at once, and connects', async ({
    page,
    request,
  }) => {
    await signIn(page.request, accounts.url, OWNER)
    await page.goto(`${accounts.url}/connect`)
    const probe = page.getByRole('button', { name: 'Test connection' })
    await expect(probe).toHaveAttribute('aria-disabled', 'true')
    await expect(probe).toHaveAccessibleDescription(/Make a key/)
    await page.getByRole('radio', { name: 'By a key' }).click()
    await page.getByRole('tab', { name: 'curl', exact: true }).click()
    await expect(page.getByRole('tabpanel').locator('pre').first()).toContainText('inc_YOUR_KEY')
    await page.getByRole('button', { name: 'Make a key for this client' }).click()
    const key =
      (await page.getByRole('region', { name: 'API key', exact: true }).locator('code').textContent()) ?? ''
    expect(key).toMatch(/^inc_/)
    for (const client of CLIENTS) {
      await page.getByRole('tab', { name: client, exact: true }).click()
      await expect(page.getByRole('tabpanel')).toContainText(key)
    }
    await expectNoViolations(page)
    await probe.click()
    await expect(page.getByText('Connected', { exact: true })).toBeVisible()
    await expect(page.getByRole('definition').nth(2)).toHaveText(/^\d+ prompts$/)

    const line = (await page.getByRole('tabpanel').locator('pre').first().textContent()) ?? ''
    expect(await listed(request, line)).toMatchObject({ result: { prompts: expect.any(Array) } })
    expect(await listed(request, line.replace(key, `${key}x`))).not.toHaveProperty('result')

    await page.goto(`${accounts.url}/settings/keys`)
    await expect(page.locator('[data-key="curl"]')).toContainText('pinned to production')
  })

  test('clients that sign in are told how', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    await page.goto(`${accounts.url}/connect`)
    const lines = {
      'Claude Code': `claude mcp add --transport http incipit ${accounts.url}/api/mcp`,
      'Claude Desktop': 'mcp-remote',
      Codex: 'codex mcp login incipit',
      'VS Code': `"url": "${accounts.url}/api/mcp"`,
      ChatGPT: `${accounts.url}/api/mcp`,
      Inspector: 'npx @modelcontextprotocol/inspector',
    }
    for (const [client, text] of Object.entries(lines)) {
      await page.getByRole('tab', { name: client, exact: true }).click()
      await expect(page.getByRole('tabpanel')).toContainText(text)
      await expect(page.getByRole('tabpanel')).not.toContainText('Authorization')
    }
    await expect(page.getByText('People sign in; clients bring a key')).toBeVisible()
  })
})

/** What the server answers to a line for curl. */
async function listed(request: APIRequestContext, line: string): Promise<unknown> {
  const url = /curl -sS (\S+)/.exec(line)?.[1] ?? ''
  const data = /-d '(.*)'/.exec(line)?.[1] ?? ''
  const headers = Object.fromEntries(
    [...line.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  )
  return (await request.post(url, { headers, data })).json()
}
