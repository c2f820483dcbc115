import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { POST as render } from './prompts/[name]/render/route.ts'
import { DELETE as archive, PATCH as patch, GET as read } from './prompts/[name]/route.ts'
import { POST as create, GET as list } from './prompts/route.ts'

/** The route files themselves, in this process, on a real database. */

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true })
})
afterAll(() => app.close())

const ORIGIN = 'http://localhost:3000'
const PROMPTS = `${ORIGIN}/api/prompts`

function request(
  url: string,
  init: { method?: string; body?: object; headers?: Record<string, string> } = {},
) {
  const body = init.body === undefined ? null : JSON.stringify(init.body)
  const headers = {
    host: 'localhost:3000',
    ...(body !== null && { 'content-type': 'application/json', 'content-length': String(body.length) }),
    ...init.headers,
  }
  return new Request(url, { method: init.method ?? 'GET', body, headers })
}

describe('the routes of a prompt', () => {
  it('create, read, render, patch, list and archive it', async () => {
    const body = { name: 'greeting', template_content: 'Hello {{ who }}' }
    const created = await create(request(PROMPTS, { method: 'POST', body }))
    expect(created.status).toBe(201)
    expect(created.headers.get('location')).toBe('/api/prompts/greeting')
    const etag = created.headers.get('etag') ?? ''

    const url = `${PROMPTS}/greeting`
    const again = await read(request(url, { headers: { 'if-none-match': etag } }))
    expect([again.status, await again.text()]).toEqual([304, ''])

    const rendered = await render(
      request(`${url}/render`, { method: 'POST', body: { variables: { who: 'Ada' } } }),
    )
    expect(await rendered.json()).toMatchObject({ content: 'Hello Ada', version: 1, label: 'production' })

    const change = { method: 'PATCH', body: { tags: ['a'] }, headers: { 'if-match': etag } }
    const patched = await patch(request(url, change))
    expect(patched.status).toBe(200)
    expect(Number(patched.headers.get('incipit-revision'))).toBeGreaterThan(0)
    expect((await patch(request(url, change))).status).toBe(412)

    expect(await (await list(request(`${PROMPTS}?tag=a`))).json()).toMatchObject({
      items: [{ name: 'greeting' }],
    })

    const headers = { 'if-match': patched.headers.get('etag') ?? '' }
    const archived = await archive(request(url, { method: 'DELETE', headers }))
    expect([archived.status, await archived.text()]).toEqual([204, ''])
    expect((await read(request(url))).status).toBe(404)
  })

  it('answer from memory, marked as stale, while the database is away', async () => {
    const body = { name: 'remembered', template_content: 'Still here' }
    await create(request(PROMPTS, { method: 'POST', body }))
    const url = `${PROMPTS}/remembered/render`
    await render(request(url, { method: 'POST', body: {} }))
    app.runtime.database.availability.report(false)
    const stale = await render(request(url, { method: 'POST', body: {} }))
    expect(stale.status).toBe(200)
    expect(stale.headers.get('incipit-stale')).toBe('1')
    app.runtime.database.availability.report(true)
    const fresh = await render(request(url, { method: 'POST', body: {} }))
    expect(fresh.headers.get('incipit-stale')).toBeNull()
  })
})
