import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppWithAccounts, startWithAccounts } from './accounts.ts'
import { exchange, type Received } from './exchange.ts'

describe('a page that is refused', () => {
  let world: AppWithAccounts
  let cookie: string
  beforeAll(async () => {
    world = await startWithAccounts({ limits: { requests_per_second: 2 } })
    cookie = (await world.signedIn('viewer')).cookie
  })
  afterAll(() => world.stop())

  const get = (path: string, headers: Record<string, string>) =>
    exchange(world.app, { method: 'GET', path, headers })

  const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  /** Asks until it is told that it was too often. */
  async function tooOften(path: string, headers: Record<string, string>): Promise<Received> {
    for (let n = 0; n < 200; n++) {
      const answer = await get(path, { cookie, ...headers })
      if (answer.status === 429) return answer
    }
    throw new Error('nothing was limited')
  }

  it('for coming too often says so to people, and comes back by itself', async () => {
    const { headers, text } = await tooOften('/prompts', BROWSER)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'retry-after': '1',
      ratelimit: '"caller";r=0;t=1',
      'ratelimit-policy': '"caller";q=2;w=1',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'sha256-/),
    })
    expect(text).toContain('<h1>Too many requests at once</h1>')
    expect(text).toContain('comes back by itself in 1 second.')
    expect(text).toContain(`Request ${headers['x-request-id']}`)
  })

  it('for its Host tells people what to do', async () => {
    const { status, headers, text } = await get('/prompts', { ...BROWSER, host: 'evil.example' })
    expect([status, headers['content-type']]).toEqual([403, 'text/html; charset=utf-8'])
    expect(text).toContain('<h1>This is not open to you</h1>')
    expect(text).toContain('Its operator can allow it with security.allowed_hosts.')
    const head = await exchange(world.app, {
      method: 'HEAD',
      path: '/prompts',
      headers: { ...BROWSER, host: 'evil.example' },
    })
    expect(head).toMatchObject({ status: 403, text: '' })
  })

  it('is a problem document for programs, for the router of the browser, and at addresses of programs', async () => {
    const asked: [string, Record<string, string>][] = [
      ['/prompts', {}],
      ['/prompts', { accept: '*/*', rsc: '1' }],
      ['/api/prompts', BROWSER],
    ]
    for (const [path, headers] of asked) {
      const { headers: told, text } = await tooOften(path, headers)
      expect([path, told['content-type']]).toEqual([path, 'application/problem+json'])
      expect([told['retry-after'], JSON.parse(text)]).toEqual([
        '1',
        expect.objectContaining({ code: 'rate_limited' }),
      ])
    }
  })
})
