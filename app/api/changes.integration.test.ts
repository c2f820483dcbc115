import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createConfiguration } from '#lib/ai/operations/create-configuration.ts'
import { createCategory } from '#lib/categories/operations/create-category.ts'
import { changeHub } from '#lib/changes/hub.ts'
import { followChanges } from '#lib/changes/operations/follow-changes.ts'
import { requestGeneration } from '#lib/generations/operations/request-generation.ts'
import { setJobSender } from '#lib/jobs.ts'
import { bulkPrompts } from '#lib/prompts/operations/bulk-prompts.ts'
import { createVersion } from '#lib/prompts/operations/create-version.ts'
import { setLabel } from '#lib/prompts/operations/set-label.ts'
import { restEarly } from '#lib/rest/early.ts'
import { setRuntime } from '#lib/runtime.ts'
import { makeColleague, makePrompt, pinnedTo } from '#lib/testing/factories.ts'
import { refusal } from '#lib/testing/refusal.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { openServerEvents, type ServerEvents } from '#lib/testing/server-events.ts'
import { GET } from './changes/route.ts'

let app: TestRuntime
let server: Server
let url: string
beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { change_streams: 5, change_backlog: 6 } })
  server = createServer((request, response) => void restEarly(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/changes`
})
afterAll(async () => {
  await app.close()
  server.closeAllConnections()
  server.close()
})

let open: ServerEvents[] = []
beforeEach(async () => {
  await Promise.all(open.map((stream) => stream.close()))
  open = []
  // The server hears of it a moment later.
  await vi.waitUntil(() => changeHub().size === 0, 30_000)
})

async function follow(query = '', headers: Record<string, string> = {}): Promise<ServerEvents> {
  const stream = await openServerEvents(`${url}${query}`, { headers })
  open.push(stream)
  return stream
}

/** A stream whose greeting was read; with the revision it began at. */
async function followed(query = '', headers: Record<string, string> = {}) {
  const stream = await follow(query, headers)
  const hello = await stream.next()
  expect(hello).toMatchObject({ event: 'hello' })
  return { stream, revision: Number(hello?.id) }
}

describe('news of generations', () => {
  it('come from another instance within a moment, without an id and without a new revision', async () => {
    await makePrompt(app.actor(), { name: 'run', template_content: 'x' })
    await createConfiguration(app.actor(), { name: 'echo', provider: 'echo', model: 'echo-fast' })
    setJobSender({ send: () => Promise.resolve() })
    const { stream, revision } = await followed()
    const other = app.secondInstance()
    const actor = app.actor()
    try {
      setRuntime(other)
      await requestGeneration(actor, { prompt: 'run' })
    } finally {
      setRuntime(app.runtime)
    }
    const said = await stream.next()
    expect(said).toEqual({ event: 'news', id: undefined, data: { topic: 'generations' } })
    await other.close()
    const { rows } = await app.runtime.database.primary.pool.query(
      'SELECT revision::integer FROM workspace WHERE id = $1',
      [app.identity.workspaceId],
    )
    expect(rows).toEqual([{ revision }])
  })
})

describe('GET /api/changes', () => {
  it('tells who did what, at which request, with the revision as id', async () => {
    const { stream } = await followed()
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    const prompt = await makePrompt(app.actor(), { name: 'told' })
    const colleague = await makeColleague(app.actor())
    const second = await createVersion(colleague, { name: 'told', if_match: prompt.etag, title: 'Next' })
    const actor = app.actor()
    await setLabel(actor, { name: 'told', label: 'staging', version: 2, if_match: second.etag })
    const target = { kind: 'prompt', id: prompt.id, name: 'told' }
    const [made, saved, moved] = [await stream.next(), await stream.next(), await stream.next()]
    expect(made).toMatchObject({
      event: 'change',
      data: {
        actor: { id: app.identity.ownerId },
        changes: [{ ...target, action: 'prompt.create', version: 1 }],
      },
    })
    expect(saved).toMatchObject({
      data: {
        actor: { id: colleague.id, display: 'Colleague' },
        request_id: colleague.request.id,
        changes: [{ ...target, action: 'version.create', version: 2, label: null, labels: [] }],
        total: 1,
      },
    })
    expect(moved).toMatchObject({
      id: String(actor.request.outcome.revision),
      data: {
        revision: actor.request.outcome.revision,
        request_id: actor.request.id,
        changes: [{ action: 'label.set', version: 2, label: 'staging' }],
      },
    })
  })

  it('tells a change of many prompts as one event', async () => {
    const names = [(await makePrompt(app.actor())).name, (await makePrompt(app.actor())).name]
    const { stream } = await followed()
    await bulkPrompts(app.actor(), { names, patch: { add_tags: ['both'] } })
    const told = await stream.next()
    expect(told?.data).toMatchObject({ total: 2, changes: [{ action: 'prompt.update' }, {}] })
  })

  it('goes on after the last event that was read, also by the query', async () => {
    const { stream, revision } = await followed()
    await createCategory(app.actor(), { slug: 'one', name: 'One' })
    expect((await stream.next())?.id).toBe(String(revision + 1))
    await stream.close()
    await createCategory(app.actor(), { slug: 'two', name: 'Two' })
    await createCategory(app.actor(), { slug: 'three', name: 'Three' })
    for (const [query, headers] of [
      ['', { 'last-event-id': String(revision + 1) }],
      [`?after=${revision + 1}`, {}],
      // The header is what a browser adds to the address it was given first.
      [`?after=${revision}`, { 'last-event-id': String(revision + 1) }],
    ] as const) {
      const resumed = await followed(query, headers)
      const told = [await resumed.stream.next(), await resumed.stream.next()]
      expect(told.map((each) => each?.data.changes)).toMatchObject([
        [{ kind: 'category', name: 'two', action: 'category.create' }],
        [{ name: 'three' }],
      ])
    }
  })

  it('tells who was away too long, or comes from the future, to read again', async () => {
    const { revision } = await followed()
    for (let n = 0; n < 7; n++) await createCategory(app.actor(), { slug: `many-${n}`, name: 'Many' })
    for (const after of [revision, revision + 1000]) {
      const { stream } = await followed(`?after=${after}`)
      expect(await stream.next()).toMatchObject({ event: 'reset', data: { revision: revision + 7 } })
    }
  })

  it('answers the same through the route of Next', async () => {
    const ending = new AbortController()
    const request = new Request('http://localhost:3000/api/changes', {
      headers: { host: 'localhost:3000' },
      signal: ending.signal,
    })
    const response = await GET(request)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toContain('event: hello')
    await createCategory(app.actor(), { slug: 'routed', name: 'Routed' })
    expect((await reader?.read())?.value).toContain('"name":"routed"')
    await reader?.cancel()
  })

  it('403 for a foreign page or host, 400 for what is no revision, 405 for POST', async () => {
    expect((await follow('', { origin: 'https://evil.example' })).status).toBe(403)
    expect((await follow('', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await follow('?after=x')).status).toBe(400)
    expect((await follow('', { 'last-event-id': 'x' })).status).toBe(400)
    expect((await fetch(url, { method: 'POST' })).status).toBe(405)
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  })

  it('403 for who may see one label alone', async () => {
    const pinned = followChanges(pinnedTo(app.actor(), 'staging'), {})
    expect(await refusal(pinned)).toMatchObject({ code: 'forbidden' })
  })

  it('503 past the limit, until somebody leaves', async () => {
    for (let n = 0; n < 5; n++) await followed()
    const refused = await follow()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
    await open[0]?.close()
    await expect.poll(async () => (await follow()).status).toBe(200)
  })

  it('ends when the app shuts down', async () => {
    const { stream } = await followed()
    await app.runtime.beginShutdown()
    expect(await stream.next()).toBeUndefined()
    expect((await follow()).status).toBe(503)
  })
})
