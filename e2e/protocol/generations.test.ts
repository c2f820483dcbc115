import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServerEvents, type ServerEvents } from '#lib/testing/server-events.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { rest, startTwo, type TwoInstances } from './mcp-apps.ts'

/** Generations as pages follow them, with two instances on one database. */

let apps: TwoInstances
beforeAll(async () => {
  apps = await startTwo()
  for (const [name, lines] of [
    ['long_story', 45],
    ['short_story', 15],
  ] as const)
    await rest(apps.first, 'POST', '/api/prompts', {
      name,
      template_content: `Tell of {{ who }}. ${'And so on. '.repeat(lines)}`,
    })
})
afterAll(() => apps.stop())

interface Generation {
  id: string
  status: string
  text: string
}

const G = '/api/generations'
const begin = async (app: RunningApp, prompt = 'long_story') =>
  (await rest(app, 'POST', G, { prompt, variables: { who: 'Ada' } })) as Generation
const follow = (app: RunningApp, id: string, headers: Record<string, string> = {}) =>
  openServerEvents(`${app.url}${G}/${id}/events`, { headers })

interface Heard {
  text: string
  pieces: number
  lastId: string
  end: Generation | undefined
}

/** Reads a stream to its end, or until so many pieces of text have come. */
async function read(stream: ServerEvents, pieces = Number.POSITIVE_INFINITY): Promise<Heard> {
  const heard: Heard = { text: '', pieces: 0, lastId: '', end: undefined }
  for (let told = await stream.next(); told !== undefined; told = await stream.next()) {
    heard.lastId = told.id ?? heard.lastId
    if (told.event === 'finished') heard.end = told.data.generation as Generation
    if (told.event === 'text') {
      heard.text += String(told.data.text)
      heard.pieces += 1
      if (heard.pieces >= pieces) break
    }
  }
  return heard
}

describe('following', () => {
  it('brings the same text to each instance, as it arrives', async () => {
    const { id } = await begin(apps.first)
    const [near, far] = await Promise.all([follow(apps.first, id), follow(apps.second, id)])
    const [here, there] = await Promise.all([read(near), read(far)])
    expect(here.end).toMatchObject({ id, status: 'succeeded', text: here.text })
    expect(there).toMatchObject({ text: here.text, end: here.end })
    // One of them runs it and tells each word; the other reads what was written meanwhile.
    expect(Math.max(here.pieces, there.pieces)).toBeGreaterThan(100)
    expect(Math.min(here.pieces, there.pieces)).toBeGreaterThan(5)
  })

  it('goes on at another instance where the first one broke off', async () => {
    const { id } = await begin(apps.first, 'short_story')
    const stream = await follow(apps.first, id)
    const before = await read(stream, 3)
    await stream.close()
    const resumed = await follow(apps.second, id, { 'last-event-id': before.lastId })
    const after = await read(resumed)
    expect(before.text + after.text).toBe(after.end?.text)
    expect(after.end?.status).toBe('succeeded')
    // And once it is over: the rest, and the end.
    const late = await read(await follow(apps.second, id, { 'last-event-id': before.lastId }))
    expect(before.text + late.text).toBe(late.end?.text)
  })

  it('is refused to a page of another origin', async () => {
    const { id } = await begin(apps.first)
    const stream = await follow(apps.first, id, { origin: 'https://evil.example' })
    expect(stream.status).toBe(403)
    await stream.close()
  })
})

describe('stopping', () => {
  it.each(['first', 'second'] as const)('at the %s instance ends it wherever it runs', async (name) => {
    const { id } = await begin(apps.first)
    const stream = await follow(apps.first, id)
    const begun = await read(stream, 3)
    const stopping = rest(apps[name], 'POST', `${G}/${id}/cancel`, {})
    const { end, text } = await read(stream)
    await stopping
    expect(end).toMatchObject({ status: 'cancelled', text: begun.text + text })
  })
})

describe('an instance that is stopped', () => {
  it('ends its streams, and the generation is finished by itself or by another', async () => {
    const third = await startApp({ database: apps.first.databaseUrl })
    const { id } = await begin(third, 'short_story')
    const stream = await follow(third, id)
    const before = await read(stream, 2)
    const exit = third.stop()
    const { end } = await read(stream)
    expect(await exit).toBe(0)
    const after = await read(await follow(apps.first, id, { 'last-event-id': before.lastId }))
    expect((end ?? after.end)?.status).toBe('succeeded')
  })
})
