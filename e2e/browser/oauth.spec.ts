import {
  Client as NewClient,
  StreamableHTTPClientTransport as NewTransport,
} from '@modelcontextprotocol/client'
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  type Callback,
  type KeptBySdk,
  programOf,
  sdkProvider,
  startProgram,
  waitForCode,
} from '../access/oauth-clients.ts'
import { freePort } from '../start-app.ts'
import { expectNoViolations, THEMES, tabTo } from './accessible.ts'
import { type Account, type AccountsApp, addMember, OWNER, own, signIn, startAccounts } from './accounts.ts'
import { expect, type Page, test } from './test.ts'

/** Real clients of MCP connect through a real browser, in which a person signs in and allows it. */

const VIEWER: Account = { name: 'Vic Viewer', email: 'vic@example.org', password: 'a long way to the hills' }

let accounts: AccountsApp
let endpoint: URL
let callback: Callback
test.beforeAll(async ({ request }) => {
  accounts = await startAccounts(OWNER, {
    config: { limits: { unknown_per_second: 0, registrations_per_hour: 100 } },
  })
  endpoint = new URL(`${accounts.url}/api/mcp`)
  callback = await waitForCode()
  await signIn(request, accounts.url, OWNER)
  await addMember(request, accounts.url, { ...VIEWER, role: 'viewer' })
})
test.afterAll(async () => {
  callback.close()
  await accounts.stop()
})

const allow = (page: Page) => page.getByRole('button', { name: 'Allow' })
const deny = (page: Page) => page.getByRole('button', { name: 'Deny' })
const main = (page: Page) => page.getByRole('main')

/**
 * A client of the SDK's first generation begins, and wants a browser to be opened.
 * @param scope more than the server told it to ask for
 */
async function begin(name: string, scope?: string): Promise<{ provider: KeptBySdk; address: string }> {
  const provider = sdkProvider(callback.url, name)
  const client = new OldClient({ name, version: '1.0.0' })
  await expect(client.connect(new OldTransport(endpoint, { authProvider: provider }))).rejects.toThrow(
    UnauthorizedError,
  )
  const address = new URL(provider.asked[0] ?? '')
  expect(address.searchParams.get('scope')).toBe('prompts:read')
  if (scope !== undefined) address.searchParams.set('scope', scope)
  return { provider, address: address.href }
}

async function connected(provider: KeptBySdk, code: string): Promise<OldClient> {
  await new OldTransport(endpoint, { authProvider: provider }).finishAuth(code)
  const client = new OldClient({ name: 'connected', version: '1.0.0' })
  await client.connect(new OldTransport(endpoint, { authProvider: provider }))
  return client
}

const create = (name: string) => ({
  name: 'create_prompt_template',
  arguments: { name, template_content: 'Hello' },
})

async function signInHere(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test.describe('a client', () => {
  test('of the SDK is connected by somebody who signs in first, acts for them, and is cut off', async ({
    page,
  }) => {
    const { provider, address } = await begin('Old client')
    await page.goto(address)
    await expect(page).toHaveURL(/\/sign-in\?next=/)
    await signInHere(page, OWNER)
    await expect(page.getByRole('heading', { name: 'Connect a client' })).toBeVisible()
    await expect(main(page)).toContainText('Old client wants to use Incipit for you')
    await expect(main(page)).toContainText('Nobody has checked this name')
    await expect(main(page)).toContainText(new URL(callback.url).host)
    await expect(main(page)).toContainText('a program on this computer')
    await expect(main(page)).toContainText(`You are signed in as ${OWNER.name}`)
    await allow(page).click()
    const { code = '', iss, state } = await callback.answer()
    expect([iss, state]).toEqual([accounts.url, 'state of Old client'])
    const client = await connected(provider, code)
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain('react')
    await client.close()

    const { items } = await own(page.request, accounts.url, 'GET', '/api/clients')
    expect(items).toMatchObject([
      { name: 'Old client', scopes: ['prompts:read'], person: { display: OWNER.name } },
    ])
    const [{ id }] = items as [{ id: string }]
    await own(page.request, accounts.url, 'DELETE', `/api/clients/${id}`)
    const again = new OldClient({ name: 'cut off', version: '1.0.0' })
    const before = provider.asked.length
    await expect(again.connect(new OldTransport(endpoint, { authProvider: provider }))).rejects.toThrow(
      UnauthorizedError,
    )
    expect(provider.asked.length).toBe(before + 1)
  })

  test('is denied, and told so at its own address', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { address } = await begin('Denied client')
    await page.goto(address)
    await deny(page).click()
    expect(await callback.answer()).toMatchObject({ error: 'access_denied', iss: accounts.url })
  })

  test('gets what is left ticked', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { provider, address } = await begin('Growing client', 'prompts:read prompts:write prompts:release')
    await page.goto(address)
    const box = (name: RegExp) => page.getByRole('checkbox', { name })
    await expect(box(/Read and render/)).toBeChecked()
    await expect(box(/Move protected labels/)).not.toBeChecked()
    await box(/Write prompts/).uncheck()
    await box(/Read and render/).uncheck()
    await expect(allow(page)).toBeDisabled()
    await box(/Read and render/).check()
    await page.keyboard.press('Tab')
    await allow(page).press('Enter')
    const { code = '' } = await callback.answer()
    const client = await connected(provider, code)
    expect(await provider.tokens()).toMatchObject({ scope: 'prompts:read' })
    await expect(client.callTool(create('never_made'))).rejects.toThrow()
    await client.close()
  })

  test('is allowed by keyboard alone', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { address } = await begin('Client by keyboard', 'prompts:read prompts:write')
    await page.goto(address)
    const write = page.getByRole('checkbox', { name: /Write prompts/ })
    await tabTo(page, write)
    await page.keyboard.press('Space')
    await expect(write).not.toBeChecked()
    await tabTo(page, allow(page))
    await page.keyboard.press('Enter')
    expect(await callback.answer()).toHaveProperty('code')
  })

  test('can be given more than it asks for', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { provider, address } = await begin('Modest client')
    await page.goto(address)
    const more = page.getByRole('group', { name: 'You can also let it' })
    await more.getByRole('checkbox', { name: /Write prompts/ }).check()
    await allow(page).click()
    const client = await connected(provider, (await callback.answer()).code ?? '')
    expect(await client.callTool(create('made_by_oauth'))).not.toHaveProperty('isError', true)
    await client.close()
    const audit = await own(page.request, accounts.url, 'GET', '/api/audit?action=prompt.create&limit=1')
    expect(audit.items).toMatchObject([
      { actor: { kind: 'client', display: 'Modest client' }, on_behalf_of: { display: OWNER.name } },
    ])
  })

  test('of the SDK of the second generation is connected in the newest revision, and asks for more when a tool needs it', async ({
    page,
  }) => {
    await signIn(page.request, accounts.url, OWNER)
    const provider = sdkProvider(callback.url, 'New client')
    const transport = () => new NewTransport(endpoint, { authProvider: provider })
    const options = { versionNegotiation: { mode: { pin: '2026-07-28' } } } as const
    const first = transport()
    await expect(new NewClient({ name: 'new', version: '2' }, options).connect(first)).rejects.toThrow()
    await page.goto(provider.asked[0]?.href ?? '')
    await allow(page).click()
    const { code = '', iss = '' } = await callback.answer()
    await first.finishAuth(new URLSearchParams({ code, iss, state: 'state of New client' }))
    const client = new NewClient({ name: 'new', version: '2' }, options)
    await client.connect(transport())
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('render_prompt')
    // It asks again by itself when a tool needs more.
    await expect(client.callTool(create('made_later'))).rejects.toThrow()
    const more = provider.asked.at(-1)
    expect(more?.searchParams.get('scope')?.split(' ')).toEqual(['prompts:read', 'prompts:write'])
    await page.goto(more?.href ?? '')
    await allow(page).click()
    const answer = await callback.answer()
    await first.finishAuth(new URLSearchParams(answer))
    const second = new NewClient({ name: 'new', version: '2' }, options)
    await second.connect(transport())
    expect(await second.callTool(create('made_later'))).not.toHaveProperty('isError', true)
    await second.close()
    await client.close()
  })

  test('mcp-remote hands everything on once it is allowed', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const port = await freePort()
    const remote = await startProgram(programOf('mcp-remote', 'dist/proxy.js'), [endpoint.href, String(port)])
    try {
      const address = await remote.printed(/http:\/\/\S+\/authorize\?\S+/)
      await page.goto(address)
      await expect(main(page)).toContainText(`localhost:${port}`)
      await allow(page).click()
      await remote.printed(/Proxy established/)
      const answered = new Promise<string>((resolve) => {
        remote.process.stdout?.on('data', (chunk: Buffer) => resolve(chunk.toString()))
      })
      const params = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'x', version: '1' },
      }
      remote.process.stdin?.write(
        `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`,
      )
      expect(await answered).toContain('"name":"incipit"')
    } finally {
      await remote.stop()
    }
  })

  test('the Inspector on a command line lists prompts once it is allowed', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const inspector = await startProgram(
      programOf('@modelcontextprotocol/inspector', 'clients/launcher/build/index.js'),
      [
        '--cli',
        endpoint.href,
        '--transport',
        'http',
        '--callback-url',
        `http://127.0.0.1:${await freePort()}/oauth/callback`,
        '--method',
        'prompts/list',
      ],
    )
    try {
      await page.goto(await inspector.printed(/http:\/\/\S+\/authorize\?\S+/))
      await allow(page).click()
      expect(await inspector.printed(/"react"/)).toBe('"react"')
    } finally {
      await inspector.stop()
    }
  })
})

test.describe('the page of consent', () => {
  test('says when nobody can be sent back, and gives nothing', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { address } = await begin('Swapped client')
    const swapped = new URL(address)
    swapped.searchParams.set('redirect_uri', 'https://evil.example/callback')
    await page.goto(swapped.href)
    await expect(page.getByRole('heading', { name: 'This client cannot be connected' })).toBeVisible()
    await expect(main(page)).toContainText('none of those that this client has registered')
    await expect(allow(page)).toHaveCount(0)
    await expectNoViolations(page)
  })

  test('offers a person nothing that they may not do', async ({ page }) => {
    await signIn(page.request, accounts.url, VIEWER)
    const { address } = await begin('Wishful client', 'prompts:read prompts:write')
    await page.goto(address)
    await expect(page.getByRole('checkbox', { name: /Write prompts/ })).toBeDisabled()
    await expect(main(page)).toContainText('Your role does not allow it.')
    await allow(page).click()
    expect(await callback.answer()).toHaveProperty('code')
    expect(await own(page.request, accounts.url, 'GET', '/api/clients')).toMatchObject({
      items: [{ name: 'Wishful client', scopes: ['prompts:read'] }],
    })
  })

  test('is no part of another page, tells no other page of the request, and fits a phone', async ({
    page,
  }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { address } = await begin(
      `A client with a name that is as long as a name of a client can be ${'x'.repeat(60)}`,
    )
    const response = await page.goto(address)
    const headers = response?.headers() ?? {}
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-frame-options']).toBe('DENY')
    await expect(page.locator('meta[name=referrer]')).toHaveAttribute('content', 'no-referrer')
    await page.setViewportSize({ width: 360, height: 640 })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(360)
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await expectNoViolations(page)
    }
  })

  test('tells who is asked when somebody else has signed in meanwhile', async ({ page }) => {
    await signIn(page.request, accounts.url, OWNER)
    const { address } = await begin('Patient client')
    await page.goto(address)
    await signIn(page.request, accounts.url, VIEWER)
    await allow(page).click()
    await expect(main(page).getByRole('alert')).toContainText('Somebody else is signed in now')
  })
})
