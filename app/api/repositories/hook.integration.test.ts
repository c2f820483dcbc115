import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRepository } from '#lib/repositories/operations/create-repository.ts'
import { getRepository } from '#lib/repositories/operations/get-repository.ts'
import { hubHeaders } from '#lib/repositories/testing.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { GET, POST } from './[id]/hook/route.ts'

/** The route file of hooks, in this process, on a real database. */

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { body_bytes: 4096 } })
})
afterAll(() => app.close())

const ORIGIN = 'http://localhost:3000'
const post = (id: string, body: string, headers: Record<string, string>) =>
  POST(
    new Request(`${ORIGIN}/api/repositories/${id}/hook`, {
      method: 'POST',
      body,
      headers: { host: 'localhost:3000', 'content-length': String(Buffer.byteLength(body)), ...headers },
    }),
  )

it('answers who signs, whatever the form of the body, and nobody else', async () => {
  const input = { name: 'Ours', archive_url: 'https://example.org/main.zip', ref: 'main' }
  const { id, secret } = await createRepository(app.actor(), input)
  const json = JSON.stringify({ ref: 'refs/heads/main' })
  const form = new URLSearchParams({ payload: json }).toString()
  const types = { json: 'application/json', form: 'application/x-www-form-urlencoded' }
  const taken = await post(id, json, { 'content-type': types.json, ...hubHeaders(json, secret) })
  expect([taken.status, await taken.json()]).toEqual([202, { accepted: true }])
  const asForm = await post(id, form, { 'content-type': types.form, ...hubHeaders(form, secret) })
  expect([asForm.status, await asForm.json()]).toEqual([202, { accepted: true }])
  expect(await getRepository(app.actor(), { id })).toMatchObject({ waiting: true })

  const wrong = await post(id, json, { 'content-type': types.json, ...hubHeaders(json, 'whsec_x') })
  const nowhere = await post(id.replace(/^./, '9'), json, hubHeaders(json, secret))
  const [one, other] = [await wrong.json(), await nowhere.json()]
  expect([wrong.status, nowhere.status]).toEqual([401, 401])
  expect(one.detail).toBe(other.detail)
  const large = 'x'.repeat(5000)
  expect((await post(id, large, hubHeaders(large, secret))).status).toBe(413)
  const broken = '{'
  expect((await post(id, broken, hubHeaders(broken, secret))).status).toBe(400)
  expect(
    (await GET(new Request(`${ORIGIN}/api/repositories/${id}/hook`, { headers: { host: 'localhost:3000' } })))
      .status,
  ).toBe(405)
})
