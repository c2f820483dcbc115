import { expect } from 'vitest'
import { BODY_EXAMPLES } from '#lib/rest/openapi-examples.ts'
import type { Received, Sent } from './exchange.ts'

/** Calls an operation and holds its answer against the document. */
type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

const member = ({ json }: Received, name: string): unknown =>
  typeof json === 'object' && json !== null ? new Map(Object.entries(json)).get(name) : undefined
const etagOf = (answer: Received) => ({ 'if-match': answer.headers.etag ?? '' })
const stale = { 'if-match': '"00000000-1"' }
const path = '/api/ai/configurations'

/** Each operation on AI configurations with each answer that it declares. */
export async function callConfigurations(call: Call): Promise<void> {
  const patched = await createAndPatch(call)
  await tryOut(call)
  const own = `${path}/writer`
  await call('deleteAIConfiguration', 428, { path: own })
  await call('deleteAIConfiguration', 412, { path: own, headers: stale })
  await call('deleteAIConfiguration', 404, { path: `${path}/nobody`, headers: stale })
  await call('deleteAIConfiguration', 204, { path: own, headers: etagOf(patched) })
  await call('getAICatalogue', 200, { path: '/api/ai/catalogue' })
}

async function createAndPatch(call: Call): Promise<Received> {
  const body = BODY_EXAMPLES.createAIConfiguration ?? {}
  const created = await call('createAIConfiguration', 201, { path, body })
  const own = created.headers.location ?? ''
  expect(own).toBe(`${path}/writer`)
  expect(created.headers.etag).toBe(member(created, 'etag'))
  await call('createAIConfiguration', 409, { path, body })
  await call('createAIConfiguration', 422, { path, body: { ...body, name: 'odd', provider: 'nobody' } })
  await call('createAIConfiguration', 400, { path, body: { ...body, name: 'odd', api_key: 'two words' } })
  await call('listAIConfigurations', 200, { path: `${path}?active=true&limit=1` })
  const read = await call('getAIConfiguration', 200, { path: own })
  await call('getAIConfiguration', 304, {
    path: own,
    headers: { 'if-none-match': read.headers.etag ?? '' },
  })
  await call('getAIConfiguration', 404, { path: `${path}/nobody` })

  const patch = { path: own, body: BODY_EXAMPLES.patchAIConfiguration ?? {} }
  await call('patchAIConfiguration', 428, patch)
  const refused = await call('patchAIConfiguration', 412, { ...patch, headers: stale })
  expect(member(refused, 'current_etag')).toBe(read.headers.etag)
  await call('patchAIConfiguration', 404, { ...patch, path: `${path}/nobody`, headers: stale })
  const patched = await call('patchAIConfiguration', 200, { ...patch, headers: etagOf(read) })
  await call('patchAIConfiguration', 409, { path: own, body: { name: 'echo' }, headers: etagOf(patched) })
  await call('patchAIConfiguration', 422, {
    path: own,
    body: { fallback: 'nobody' },
    headers: etagOf(patched),
  })
  return patched
}

/** Real calls: of one without a key, of echo, and beyond limits. */
async function tryOut(call: Call): Promise<void> {
  const keyless = await call('testAIConfiguration', 200, { path: `${path}/writer/test`, body: {} })
  expect(member(keyless, 'error')).toMatchObject({ code: 'missing_key', hint: expect.any(String) })
  const echoed = await call('testAIConfiguration', 200, { path: `${path}/echo/test`, body: { text: 'Hi' } })
  expect(member(echoed, 'ok')).toBe(true)
  await call('testAIConfiguration', 404, { path: `${path}/nobody/test`, body: {} })
  for (const limit of ['tokens_per_minute', 'monthly_token_quota']) {
    const bounded = { name: limit, provider: 'echo', model: 'echo-fast', [limit]: 1 }
    const made = await call('createAIConfiguration', 201, { path, body: bounded })
    const full = await call('testAIConfiguration', 429, { path: `${path}/${limit}/test`, body: {} })
    expect(full.headers['retry-after']).toMatch(/^\d+$/)
    expect(full.json).toMatchObject({ limit, allowed: 1, resets_at: expect.any(String) })
    await call('deleteAIConfiguration', 204, { path: `${path}/${limit}`, headers: etagOf(made) })
  }
}
