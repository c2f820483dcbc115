import { afterAll, beforeAll, expect, it } from 'vitest'
import { jobSender } from '#lib/jobs.ts'
import { withClient } from '#lib/testing/database.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { embedded } from './client.ts'
import { inngestRoute } from './route.ts'
import { startBackgroundWork } from './start.ts'

let app: TestRuntime
const { GET, POST, PUT, DELETE } = inngestRoute()
const ADDRESS = 'http://localhost/api/inngest'

beforeAll(async () => {
  app = await testRuntime()
  await startBackgroundWork()
})
afterAll(() => app.close())

function request(method: string, query = '', headers: Record<string, string> = {}, body?: string): Request {
  return new Request(`${ADDRESS}${query}`, {
    method,
    headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  })
}

it('refuses what is not signed: introspection, registration, calls', async () => {
  expect((await GET(request('GET'))).status).toBe(401)
  expect((await PUT(request('PUT'))).status).toBe(401)
  const call = { event: { name: 'a', data: {} }, events: [], steps: {}, ctx: { run_id: 'x', attempt: 0 } }
  const query = '?fnId=incipit-run-batch&stepId=step'
  expect((await POST(request('POST', query, {}, JSON.stringify(call)))).status).toBe(401)
  const forged = { 'x-inngest-signature': `t=${Math.floor(Date.now() / 1000)}&s=${'0'.repeat(64)}` }
  expect((await POST(request('POST', query, forged, JSON.stringify(call)))).status).toBe(401)
})

it('answers a foreign Host and other methods as anywhere', async () => {
  expect((await GET(request('GET', '', { host: 'elsewhere.example' }))).status).toBe(403)
  const refused = await DELETE(request('DELETE'))
  expect(refused.status).toBe(405)
  expect(refused.headers.get('allow')).toBe('GET, POST, PUT')
})

it('takes the jobs of the domains, and keeps its tables out of a backup', async () => {
  await jobSender().send([{ name: 'nobody/listens', id: '1', data: {} }])
  expect(embedded().runner?.stats().workers).toBe(app.runtime.config.inngest.workers)
  const { readTables } = await import('#lib/db/backup/format.ts')
  const tables = await withClient(app.database.url, readTables)
  expect(tables.map(({ name }) => name)).not.toContain('run')
})
