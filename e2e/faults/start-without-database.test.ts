import { describe, expect, it } from 'vitest'
import { isFullRun } from '../extent.ts'
import { startApp } from '../start-app.ts'
import { at, call, createPrompt, mcp } from './harness/api.ts'
import { DatabaseProxy } from './harness/database-proxy.ts'
import { startFaultyPostgres } from './harness/faulty-postgres.ts'
import { expectWaitingPages } from './harness/waiting-pages.ts'

const WAYS = [
  { how: 'refuses connections', away: (proxy: DatabaseProxy) => proxy.cut() },
  { how: 'swallows them', away: (proxy: DatabaseProxy) => proxy.blackHole() },
]

describe.concurrent.each(isFullRun ? WAYS : WAYS.slice(0, 1))(
  'case 28: the app starts while the database $how',
  ({ away }) => {
    it('is alive and not ready, then ready', async () => {
      const postgres = await startFaultyPostgres('embedded')
      const proxy = await DatabaseProxy.start(postgres.url)
      away(proxy)
      const app = await startApp({ database: proxy.url(postgres.url), until: 'live' })
      expect((await call(app, 'GET', '/health/live')).status).toBe(200)
      const waiting = await call(app, 'GET', '/health/ready')
      expect(waiting.status).toBe(503)
      expect(at(waiting.body, 'checks', 'start')).toBe('migrations')
      const early = await Promise.all([
        call(app, 'GET', '/api/prompts/x/render'),
        call(app, 'POST', '/api/prompts', { body: { name: 'x', template_content: 'x' } }),
        call(app, 'GET', '/api/prompts'),
      ])
      await expectWaitingPages(app)
      for (const answer of early) {
        expect(answer.status).toBe(503)
        expect(answer.took).toBeLessThan(3_000)
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
      const asked = await mcp(app, 'prompts/list')
      expect(at(asked.body, 'error', 'data', 'code') ?? asked.status).toSatisfy(
        (seen) => seen === 'unavailable' || seen === 503,
      )
      expect((await call(app, 'GET', '/health/live')).status).toBe(200)

      proxy.heal()
      // A connection attempt of before may take its 5 s to give up; then come migrations and the seed.
      await app.ready(30_000)
      await createPrompt(app, 'known', 'Hello {{ who }}')
      const rendered = await call(app, 'GET', '/api/prompts/known/render?who=you')
      expect(at(rendered.body, 'content')).toBe('Hello you')
      const listed = await mcp(app, 'prompts/list')
      expect(JSON.stringify(listed.body)).toContain('"known"')
      const page = await call(app, 'GET', '/prompts')
      expect(page.status).toBe(200)
      expect(page.body).toContain('known')
      expect(await app.stop()).toBe(0)
      await proxy.stop()
      await postgres.stop()
    })
  },
)
