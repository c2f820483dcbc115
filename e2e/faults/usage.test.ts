import { describe, expect, it } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { type RunningApp, startApp, startedDatabase } from '../start-app.ts'
import { call, createPrompt } from './harness/api.ts'
import { until } from './harness/until.ts'

/** Renders as fast as one client can; when each was answered, by the clock of this process. */
function keepRendering(app: RunningApp): { times: number[]; stop(): Promise<void> } {
  const times: number[] = []
  const state = { isOver: false }
  const run = async () => {
    while (!state.isOver) {
      const { status } = await call(app, 'GET', '/api/prompts/used/render?who=you').catch(() => ({
        status: 0,
      }))
      if (status !== 200) return
      times.push(performance.now())
    }
  }
  const running = run()
  return {
    times,
    async stop() {
      state.isOver = true
      await running
    },
  }
}

async function countRenders(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ events: string; rolled_up: string }>(
      `SELECT (SELECT count(*) FROM prompt_usage WHERE operation = 'render') AS events,
         (SELECT coalesce(sum(total), 0) FROM usage_hour WHERE operation = 'render') AS rolled_up`,
    )
    expect(rows[0]?.events).toBe(rows[0]?.rolled_up)
    return Number(rows[0]?.events)
  })
}

describe.concurrent('usage', () => {
  it('loses at most the last second of events by kill -9', async () => {
    const database = await startedDatabase()
    const app = await startApp({ database: database.url })
    await createPrompt(app, 'used', 'Hello {{ who }}')
    const client = keepRendering(app)
    const started = performance.now()
    await until('some seconds of renders', () => performance.now() - started > 2_500)
    const killed = performance.now()
    await app.kill()
    await client.stop()
    const owed = client.times.filter((time) => time < killed - 1_000).length
    expect(owed).toBeGreaterThan(20)
    expect(await countRenders(database.url)).toBeGreaterThanOrEqual(owed)
    await database.drop()
  })

  it('loses none by SIGTERM', async () => {
    const database = await startedDatabase()
    const app = await startApp({ database: database.url })
    await createPrompt(app, 'used', 'Hello {{ who }}')
    const client = keepRendering(app)
    await until('some renders', () => client.times.length >= 100, { within: 20_000 })
    expect(await app.stop()).toBe(0)
    await client.stop()
    expect(await countRenders(database.url)).toBe(client.times.length)
    await database.drop()
  })
})
