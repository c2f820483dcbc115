import { type RunningApp, startApp } from '../start-app.ts'
import { type AccountsApp, addMember, invite, OWNER, own, signIn, startAccounts } from './accounts.ts'
import { type APIRequestContext, expect, type Page, test } from './test.ts'

/** Of an app of their own, with the seeded data, an alert rule, a webhook and a few uses. */
const PAGES = {
  list: '/prompts?category=techniques',
  'list-empty': '/prompts?q=zzqqzz',
  editor: '/prompts/business_logic_implementation',
  'editor-chat': '/prompts/few_shot',
  version: '/prompts/few_shot?version=1',
  new: '/prompts/new',
  versions: '/prompts/few_shot/versions',
  'prompt-usage': '/prompts/few_shot/usage',
  'prompt-quality': '/prompts/few_shot/quality',
  'prompt-generations': '/prompts/few_shot/generations',
  playground: '/playground?prompt=few_shot',
  'playground-empty': '/playground',
  generations: '/generations',
  categories: '/categories',
  usage: '/usage?from=2020-01-01&to=2020-01-31',
  uses: '/usage/uses?prompt=api_design',
  settings: '/settings/ai',
  'settings-labels': '/settings/labels',
  'settings-alerts': '/settings/alerts',
  'settings-webhooks': '/settings/webhooks',
  'settings-system': '/settings/system',
  'settings-appearance': '/settings/appearance',
  connect: '/connect',
  import: '/import',
  'not-found': '/nowhere',
  'set-up': '/set-up',
  docs: '/docs',
  'docs-page': '/docs/alerts',
} as const
/** Of an app with accounts: an owner, two members, an invitation and keys. */
const PAGES_WITH_ACCOUNTS = {
  members: '/settings/members',
  keys: '/settings/keys',
  audit: '/settings/audit?action=key',
  'connect-key': '/connect?proof=key',
  account: '/account',
} as const
/** For those who are not signed in, and for a client that somebody connects. */
const LINKS = ['sign-in', 'invitation', 'reset', 'consent'] as const
const VIEWS = {
  light: { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  phone: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
} as const
/** Pages whose parts the others are made of: the gate compares these in one view, the full run all. */
const IN_GATE: ReadonlySet<string> = new Set(['list', 'editor'])
const NOW = new Date('2026-11-24T12:00:00Z')

/** What differs from run to run although nothing changed: times, the port, counts. */
/** Gives every time one width: its mask is as wide as its words. */
function standStill(): void {
  for (const time of document.querySelectorAll('time')) time.textContent = '1 minute ago'
}

function changing(page: Page) {
  return [
    page.locator('time'),
    page.locator('[data-volatile]'),
    page.locator('code', { hasText: '/api/mcp' }),
    page.locator('pre'),
    // How long each use took.
    page.getByRole('table', { name: 'Uses' }).locator('tbody td:last-child'),
  ]
}

function tags(view: string, name: string): string[] {
  return view === 'light' && IN_GATE.has(name) ? ['@picture'] : ['@picture', '@full']
}

let app: RunningApp
test.beforeAll(async ({ request }) => {
  app = await startApp()
  await fillInsight(request, app.url)
})
test.afterAll(() => app.stop())

/** Makes what the pages of usage and the settings show: two uses, of which one failed, a rule and a webhook. */
async function fillInsight(request: APIRequestContext, url: string): Promise<void> {
  const post = (path: string, data: object) =>
    request.post(url + path, { data, headers: { 'user-agent': 'nightly-job/1.0' } })
  await post('/api/prompts/api_design/render', { variables: { resource_name: 'invoice' } })
  await post('/api/prompts/api_design/render', { variables: {} })
  await post('/api/alerts', {
    name: 'Failed uses in production',
    condition: { kind: 'error_rate', threshold: 0.05, window_hours: 1, min_count: 20, label: 'production' },
  })
  await post('/api/webhooks', {
    name: 'On call',
    url: 'https://example.org/incipit',
    events: ['alert.fired', 'alert.resolved', 'label.moved'],
  })
  await expect
    .poll(async () => (await (await request.get(`${url}/api/uses?prompt=api_design`)).json()).items.length)
    .toBe(2)
}

/** Compares a page with its picture. */
async function compare(page: Page, address: string, picture: string) {
  await page.clock.setFixedTime(NOW)
  // The documentation has none of the app's script, which an opened page is waited for otherwise.
  const isScriptless = new URL(address).pathname.startsWith('/docs')
  await page.goto(address, isScriptless ? { waitUntil: 'load' } : undefined)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(standStill)
  await expect(page).toHaveScreenshot(picture, {
    animations: 'disabled',
    caret: 'hide',
    mask: changing(page),
    maskColor: '#808080',
    maxDiffPixelRatio: 0.003,
  })
}

for (const [view, options] of Object.entries(VIEWS))
  test.describe(`pictures of every page: ${view}`, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' }, timezoneId: 'UTC', locale: 'en-GB' })

    for (const [name, address] of Object.entries(PAGES))
      test(`${name} looks as it did`, { tag: tags(view, name) }, async ({ page }) => {
        await compare(page, app.url + address, `${name}-${view}.png`)
      })

    test.describe('with accounts', () => {
      let accounts: AccountsApp
      let links: Record<(typeof LINKS)[number], string>
      test.beforeAll(async ({ request }) => {
        accounts = await startAccounts(OWNER)
        links = await fillTeam(request, accounts.url)
      })
      test.afterAll(() => accounts.stop())

      for (const [name, address] of Object.entries(PAGES_WITH_ACCOUNTS))
        test(`${name} looks as it did`, { tag: tags(view, name) }, async ({ page }) => {
          await signIn(page.request, accounts.url, OWNER)
          await compare(page, accounts.url + address, `${name}-${view}.png`)
        })

      for (const name of LINKS)
        test(`${name} looks as it did`, { tag: tags(view, name) }, async ({ page }) => {
          if (name === 'consent') await signIn(page.request, accounts.url, OWNER)
          await compare(page, links[name], `${name}-${view}.png`)
        })
    })
  })

/** Makes members, an invitation, keys and a client. @returns the addresses that they were sent */
async function fillTeam(
  request: APIRequestContext,
  url: string,
): Promise<Record<(typeof LINKS)[number], string>> {
  await signIn(request, url, OWNER)
  const password = 'a long way to the hills'
  await addMember(request, url, { name: 'Eda Editor', email: 'eda@example.org', password, role: 'editor' })
  await addMember(request, url, { name: 'Vic Viewer', email: 'vic@example.org', password, role: 'viewer' })
  const invitation = await invite(request, url, { email: 'new@example.org', role: 'publisher' })
  await own(request, url, 'POST', '/api/keys', { name: 'Support bot', preset: 'agent' })
  await own(request, url, 'POST', '/api/keys', { name: 'Nightly job', preset: 'ci', kind: 'service' })
  const { items } = await own(request, url, 'GET', '/api/members')
  const viewer = (items as { id: string; email: string }[]).find(({ email }) => email === 'vic@example.org')
  const { url: reset } = await own(request, url, 'POST', `/api/members/${viewer?.id}/reset`)
  return {
    'sign-in': `${url}/sign-in?next=/prompts`,
    invitation,
    reset: String(reset),
    consent: await beginConsent(request, url),
  }
}

/** Registers a client of a program on this machine. @returns the address that it opens in a browser */
async function beginConsent(request: APIRequestContext, url: string): Promise<string> {
  const redirect_uri = 'http://127.0.0.1:33418/callback'
  const client = {
    client_name: 'Claude Code',
    redirect_uris: [redirect_uri],
    token_endpoint_auth_method: 'none',
  }
  const registered = await request.post(`${url}/api/auth/oauth2/register`, { data: client })
  const { client_id } = (await registered.json()) as { client_id: string }
  const asked = new URLSearchParams({
    client_id,
    redirect_uri,
    response_type: 'code',
    scope: 'prompts:read prompts:write prompts:release',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    resource: `${url}/api/mcp`,
  })
  return `${url}/api/auth/oauth2/authorize?${asked}`
}
