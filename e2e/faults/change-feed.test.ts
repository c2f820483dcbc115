import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { at, call, createPrompt, release, stopCleanly } from './harness/api.ts'
import { DatabaseProxy } from './harness/database-proxy.ts'
import { changesTold, openEventStream } from './harness/event-stream.ts'
import { type FaultyPostgres, startFaultyPostgres } from './harness/faulty-postgres.ts'
import { until } from './harness/until.ts'

const ROUNDS = 20

let postgres: FaultyPostgres
let proxy: DatabaseProxy
/** Here it is changed. */
let writer: RunningApp
/** Here it must be seen. This one reaches the database through the proxy. */
let reader: RunningApp

beforeAll(async () => {
  postgres = await startFaultyPostgres('embedded')
  proxy = await DatabaseProxy.start(postgres.url)
  writer = await startApp({ database: postgres.url })
  reader = await startApp({ database: proxy.url(postgres.url) })
})
afterAll(async () => {
  await Promise.all([stopCleanly(writer), stopCleanly(reader)])
  await proxy.stop()
  await postgres.stop()
})

/** Releases a new text on one instance; milliseconds until the other renders it. */
async function timeUntilSeen(name: string, text: string): Promise<number> {
  await release(writer, name, text)
  const released = performance.now()
  await until(
    `"${text}" on the other instance`,
    async () => at((await call(reader, 'GET', `/api/prompts/${name}/render`)).body, 'content') === text,
    { within: 5_000, every: 5 },
  )
  return performance.now() - released
}

describe('two instances on one database', () => {
  it(`see each other's releases within a second, ${ROUNDS} of ${ROUNDS}`, async () => {
    await createPrompt(writer, 'moving', 'start')
    await call(reader, 'GET', '/api/prompts/moving/render')
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) times.push(await timeUntilSeen('moving', `text ${round}`))
    expect(Math.max(...times)).toBeLessThan(1_000)
  })

  it('answer no reader that names a revision with an older text', async () => {
    await createPrompt(writer, 'named', 'start')
    await call(reader, 'GET', '/api/prompts/named/render')
    for (let round = 0; round < ROUNDS; round++) {
      const released = await release(writer, 'named', `text ${round}`)
      const revision = String(released.headers.get('incipit-revision'))
      expect(revision).toMatch(/^\d+$/)
      const seen = await call(reader, 'GET', '/api/prompts/named/render', {
        headers: { 'incipit-revision': revision },
      })
      expect(at(seen.body, 'content')).toBe(`text ${round}`)
    }
  })
})

describe('case 33: the connection that listens for changes is black-holed', () => {
  it('heals caches and subscribers within 2 s by the poll, and listens again afterwards', async () => {
    await createPrompt(writer, 'heard', 'start')
    await until(
      'read on the other instance',
      async () => (await call(reader, 'GET', '/api/prompts/heard/render')).status === 200,
    )
    const stream = await openEventStream(reader)
    expect(proxy.count('incipit-listen')).toBe(1)
    proxy.blackHole('incipit-listen')
    expect(proxy.count('incipit-listen')).toBe(0)

    expect(await timeUntilSeen('heard', 'while deaf')).toBeLessThan(2_000)
    const told = changesTold(stream, 'prompts')
    await createPrompt(writer, 'added-while-deaf', 'x')
    await until('the subscriber is told', () => changesTold(stream, 'prompts') > told, { within: 2_000 })
    // Found out and still deaf: the poll goes on alone.
    expect(await timeUntilSeen('heard', 'still deaf')).toBeLessThan(2_000)
    expect((await call(reader, 'GET', '/health/live')).status).toBe(200)

    proxy.heal()
    await reader.ready(10_000)
    expect(proxy.count('incipit-listen')).toBe(1)
    expect(await timeUntilSeen('heard', 'hearing')).toBeLessThan(1_000)
    stream.close()
  })
})
