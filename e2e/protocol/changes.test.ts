import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServerEvents } from '#lib/testing/server-events.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { exchange } from './exchange.ts'
import { WITHOUT_POLL } from './mcp-apps.ts'

/** The stream of changes as open pages read it, with two instances on one database. */

let one: RunningApp
let two: RunningApp
beforeAll(async () => {
  one = await startApp({ env: WITHOUT_POLL })
  two = await startApp({ database: one.databaseUrl ?? '', env: WITHOUT_POLL })
})
afterAll(async () => {
  await two.stop()
  await one.stop()
})

async function follow(app: RunningApp, headers: Record<string, string> = {}) {
  const stream = await openServerEvents(`${app.url}/api/changes`, { headers })
  const hello = await stream.next()
  expect(hello?.event).toBe('hello')
  return { stream, revision: Number(hello?.id) }
}

const make = (app: RunningApp, name: string, id: string) =>
  exchange(app, {
    method: 'POST',
    path: '/api/prompts',
    headers: { 'x-request-id': id },
    body: { name, template_content: 'Hello.' },
  })

describe('GET /api/changes', () => {
  it('tells at once on each instance what was changed on the other', async () => {
    const here = await follow(one)
    const there = await follow(two)
    expect((await make(one, 'told_elsewhere', 'request-elsewhere')).status).toBe(201)
    const [near, far] = [await here.stream.next(), await there.stream.next()]
    expect(near).toMatchObject({
      event: 'change',
      data: {
        request_id: 'request-elsewhere',
        changes: [{ action: 'prompt.create', name: 'told_elsewhere' }],
      },
    })
    expect(far).toEqual(near)
    await Promise.all([here.stream.close(), there.stream.close()])
  })

  it('goes on at another instance where the first one broke off', async () => {
    const { stream, revision } = await follow(one)
    await make(one, 'before_the_break', 'request-before')
    const last = await stream.next()
    expect(Number(last?.id)).toBe(revision + 1)
    await stream.close()
    await make(one, 'during_the_break', 'request-during')
    const resumed = await follow(two, { 'last-event-id': last?.id ?? '' })
    expect(await resumed.stream.next()).toMatchObject({ data: { changes: [{ name: 'during_the_break' }] } })
    await resumed.stream.close()
  })

  it('is refused to a page of another origin', async () => {
    const stream = await openServerEvents(`${one.url}/api/changes`, {
      headers: { origin: 'https://evil.example' },
    })
    expect(stream.status).toBe(403)
    await stream.close()
  })

  it('ends properly when the instance stops, in time', async () => {
    const app = await startApp({ database: one.databaseUrl ?? '' })
    const { stream } = await follow(app)
    const stopping = performance.now()
    const exit = app.stop()
    expect(await stream.next()).toBeUndefined()
    expect(await exit).toBe(0)
    expect(performance.now() - stopping).toBeLessThan(8000)
  })
})
