import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contract } from '#lib/contract.ts'
import { ERROR_CATALOGUE } from '#lib/errors.ts'
import { BODY_EXAMPLES } from '#lib/rest/openapi-examples.ts'
import { CONTRACTS } from '#lib/rest/table.ts'
import { openServerEvents } from '#lib/testing/server-events.ts'
import { freePort, type RunningApp, startApp } from '../start-app.ts'
import { callAccess } from './access-calls.ts'
import { callAlerts, callWebhooks } from './alert-calls.ts'
import { callConfigurations } from './configuration-calls.ts'
import { type Described, readDescription } from './described.ts'
import { exchange, type Received, type Sent } from './exchange.ts'
import { callGenerations, newestGeneration } from './generation-calls.ts'
import { callRepositories } from './repository-calls.ts'
import { callSkills } from './skill-calls.ts'
import { callTransfer } from './transfer-calls.ts'
import { callUsage } from './usage-calls.ts'

let app: RunningApp
let described: Described
/** Statuses that each operation was seen to answer. */
const seen = new Map<string, Set<number>>()

beforeAll(async () => {
  app = await startApp({
    config: {
      limits: { output_bytes: 4096, examples: 2, generations_per_minute: 60 },
      webhooks: { allowed_hosts: ['127.0.0.1'] },
      imports: { allowed_hosts: ['127.0.0.1'] },
    },
  })
  described = await readDescription(app)
})
afterAll(() => app.stop())

/** Calls an operation and holds its answer against the document. */
const call = (id: string, status: number, sent: Omit<Sent, 'method'>): Promise<Received> =>
  callAt(app, id, status, sent)

async function callAt(
  where: RunningApp,
  id: string,
  status: number,
  sent: Omit<Sent, 'method'>,
): Promise<Received> {
  const contract = CONTRACTS.find((each) => each.id === id)
  if (contract === undefined) throw new Error(`there is no operation ${id}`)
  const answer = await exchange(where, { method: contract.method, ...sent })
  expect(answer.status, `${id}: ${answer.text.slice(0, 1000)}`).toBe(status)
  expect(described.faults(id, answer)).toEqual([])
  seen.set(id, (seen.get(id) ?? new Set()).add(answer.status))
  return answer
}

const member = (answer: Received, name: string): unknown => {
  const { json } = answer
  return typeof json === 'object' && json !== null
    ? Object.entries(json).find(([key]) => key === name)?.[1]
    : undefined
}
const etagOf = (answer: Received) => ({ 'if-match': answer.headers.etag ?? '' })
const P = '/api/prompts'
const stale = { 'if-match': '"00000000-1"' }
const text = { template_content: 'Hello {{ name }}' }

/** A path of the operation that leads somewhere. */
function pathOf(contract: Contract): string {
  return contract.path
    .replace('{name}', contract.path.startsWith('/api/ai/') ? 'echo' : 'zero_shot')
    .replace('{version}', '1')
    .replace('{label}', 'staging')
    .replace('{example}', '018f0000-0000-7000-8000-000000000000')
    .replace('{slug}', 'data')
    .replace('{id}', '018f0000-0000-7000-8000-000000000000')
}

describe('every operation answers as the OpenAPI document says', () => {
  it('prompts', async () => {
    const created = await call('createPrompt', 201, { path: P, body: BODY_EXAMPLES.createPrompt ?? {} })
    expect(created.headers).toMatchObject({
      location: '/api/prompts/release_notes',
      etag: member(created, 'etag'),
      'incipit-revision': expect.stringMatching(/^\d+$/),
    })
    await call('createPrompt', 409, { path: P, body: { name: 'release_notes', ...text } })
    await call('createPrompt', 422, {
      path: P,
      body: { name: 'bad', template_content: '{{ a', variables: [] },
    })
    await call('createPrompt', 400, { path: P, body: { name: 'Bad Name', ...text } })

    const path = `${P}/release_notes`
    const read = await call('getPrompt', 200, { path })
    expect(read.headers.etag).toBe(created.headers.etag)
    await call('getPrompt', 304, { path, headers: { 'if-none-match': `W/${read.headers.etag}` } })
    await call('getPrompt', 404, { path: `${P}/nobody` })
    const unlabelled = await call('getPrompt', 404, { path: `${path}?label=staging` })
    expect(member(unlabelled, 'labels')).toBeDefined()
    await call('getPrompt', 400, { path: `${path}?label=latest&version=1` })

    const patch = { path, body: BODY_EXAMPLES.patchPrompt ?? {} }
    await call('patchPrompt', 428, patch)
    const stalePatch = await call('patchPrompt', 412, { ...patch, headers: stale })
    expect(stalePatch.text).toContain(read.headers.etag?.replaceAll('"', '\\"'))
    await call('patchPrompt', 404, { ...patch, path: `${P}/nobody`, headers: stale })
    const patched = await call('patchPrompt', 200, { ...patch, headers: etagOf(read) })
    await call('patchPrompt', 400, { path, headers: etagOf(patched), body: text })
    await call('patchPrompt', 422, { path, headers: etagOf(patched), body: { category: 'nowhere' } })
    await call('patchPrompt', 409, { path, headers: etagOf(patched), body: { name: 'zero_shot' } })

    const copy = { path: `${path}/duplicate`, body: { name: 'copied' } }
    const duplicate = await call('duplicatePrompt', 201, copy)
    await call('duplicatePrompt', 409, copy)
    const keyed = { path: copy.path, headers: { 'idempotency-key': 'one' } }
    const made = await call('duplicatePrompt', 201, { ...keyed, body: {} })
    const replayed = await call('duplicatePrompt', 201, { ...keyed, body: {} })
    expect(replayed.headers['idempotency-replayed']).toBe('true')
    expect(replayed.json).toEqual(made.json)
    await call('duplicatePrompt', 422, { ...keyed, body: { name: 'other' } })
    await call('duplicatePrompt', 404, { path: `${P}/nobody/duplicate`, body: {} })
    const including = {
      name: 'including',
      template_content: '{% render "copied", product: "a", changes: "b" %}',
    }
    await call('createPrompt', 201, { path: P, body: including })
    await call('listUsedBy', 200, { path: `${P}/copied/used-by` })
    await call('listUsedBy', 404, { path: `${P}/nobody/used-by` })

    await call('archivePrompt', 428, { path: `${P}/copied` })
    await call('archivePrompt', 412, { path: `${P}/copied`, headers: stale })
    await call('archivePrompt', 404, { path: `${P}/nobody`, headers: stale })
    await call('archivePrompt', 409, { path: `${P}/copied`, headers: etagOf(duplicate) })
    const including2 = await call('getPrompt', 200, { path: `${P}/including` })
    await call('archivePrompt', 204, { path: `${P}/including`, headers: etagOf(including2) })
    await call('getPrompt', 404, { path: `${P}/including` })
  })

  it('lists', async () => {
    const first = await call('listPrompts', 200, { path: `${P}?limit=2&sort=name` })
    const cursor = encodeURIComponent(String(member(first, 'next_cursor')))
    const second = await call('listPrompts', 200, { path: `${P}?limit=2&sort=name&cursor=${cursor}` })
    expect(member(second, 'items')).not.toEqual(member(first, 'items'))
    await call('listPrompts', 200, { path: `${P}?q=chain+thought&label=production&archived=false` })
    await call('listPrompts', 400, { path: `${P}?limit=2&sort=-name&cursor=${cursor}` })
    await call('listPrompts', 400, { path: `${P}?limit=201` })
    await call('listTags', 200, { path: '/api/tags' })
    await call('listAudit', 200, { path: '/api/audit?limit=5' })
    await call('listAudit', 400, { path: '/api/audit?actor=me' })
  })

  it('versions and labels', async () => {
    const path = `${P}/release_notes`
    const read = await call('getPrompt', 200, { path })
    const versions = `${path}/versions`
    const body = BODY_EXAMPLES.createVersion ?? {}
    await call('createVersion', 428, { path: versions, body })
    await call('createVersion', 412, { path: versions, body, headers: stale })
    await call('createVersion', 404, { path: `${P}/nobody/versions`, body, headers: stale })
    await call('createVersion', 422, {
      path: versions,
      body: { template_content: '{% if %}' },
      headers: etagOf(read),
    })
    const second = await call('createVersion', 201, { path: versions, body, headers: etagOf(read) })
    expect(second.headers.location).toBe(`${versions}/2`)
    await call('listVersions', 200, { path: versions })
    await call('listVersions', 404, { path: `${P}/nobody/versions` })
    await call('getVersion', 200, { path: `${versions}/2` })
    await call('getVersion', 404, { path: `${versions}/3` })
    await call('getVersion', 400, { path: `${versions}/two` })
    await call('diffVersions', 200, { path: `${path}/diff?from=1&to=latest` })
    await call('diffVersions', 404, { path: `${path}/diff?from=1&to=9` })
    await call('diffVersions', 400, { path: `${path}/diff?from=1` })

    const labels = await call('listLabels', 200, { path: `${path}/labels` })
    await call('listLabels', 404, { path: `${P}/nobody/labels` })
    const release = { path: `${path}/labels/production`, body: { version: 2 } }
    await call('setLabel', 428, release)
    await call('setLabel', 412, { ...release, headers: stale })
    await call('setLabel', 404, {
      path: `${P}/nobody/labels/production`,
      body: { version: 2 },
      headers: stale,
    })
    await call('setLabel', 422, { ...release, body: { version: 9 }, headers: etagOf(labels) })
    await call('setLabel', 400, { ...release, path: `${path}/labels/latest`, headers: etagOf(labels) })
    const moved = await call('setLabel', 200, { ...release, headers: etagOf(labels) })
    await call('deleteLabel', 428, { path: `${path}/labels/staging` })
    await call('deleteLabel', 412, { path: `${path}/labels/staging`, headers: stale })
    await call('deleteLabel', 404, { path: `${path}/labels/canary`, headers: etagOf(moved) })
    await call('deleteLabel', 204, { path: `${path}/labels/staging`, headers: etagOf(moved) })
  })

  it('renders', async () => {
    const path = `${P}/release_notes/render`
    const query = 'product=Incipit&changes=faster+search'
    await call('renderPromptByQuery', 200, { path: `${path}?${query}` })
    await call('renderPromptByQuery', 200, { path: `${path}?${query}&_version=1` })
    await call('renderPromptByQuery', 404, { path: `${P}/nobody/render` })
    await call('renderPromptByQuery', 404, { path: `${path}?${query}&_label=canary` })
    await call('renderPromptByQuery', 413, { path: `${path}?product=${'x'.repeat(5000)}&changes=a` })
    const missing = await call('renderPromptByQuery', 422, { path: `${path}?product=Incipit` })
    expect(missing.text).toContain('changes')
    await call('renderPrompt', 200, { path, body: BODY_EXAMPLES.renderPrompt ?? {} })
    await call('renderPrompt', 404, { path: `${P}/nobody/render`, body: {} })
    await call('renderPrompt', 422, { path, body: { variables: { product: 'a', changes: 'b', other: 'c' } } })
    await call('renderPrompt', 400, { path, body: { variables: [], version: 0 } })
    await call('renderDraft', 200, { path: '/api/render', body: BODY_EXAMPLES.renderDraft ?? {} })
    await call('renderDraft', 422, { path: '/api/render', body: { template_content: '{{ name' } })
  })

  it('categories', async () => {
    const path = '/api/categories'
    await call('listCategories', 200, { path })
    const created = await call('createCategory', 201, { path, body: BODY_EXAMPLES.createCategory ?? {} })
    const keyed = { path, headers: { 'idempotency-key': 'one' } }
    await call('createCategory', 201, { ...keyed, body: { slug: 'first', name: 'First' } })
    await call('createCategory', 422, { ...keyed, body: { slug: 'second', name: 'Second' } })
    await call('createCategory', 409, { path, body: BODY_EXAMPLES.createCategory ?? {} })
    const own = created.headers.location ?? ''
    expect(own).toBe('/api/categories/marketing')
    await call('patchCategory', 200, { path: own, body: BODY_EXAMPLES.patchCategory ?? {} })
    await call('patchCategory', 404, { path: `${path}/nowhere`, body: { name: 'x' } })
    await call('patchCategory', 409, { path: own, body: { slug: 'data' } })
    await call('deleteCategory', 404, { path: `${path}/nowhere` })
    await call('deleteCategory', 409, { path: `${path}/data` })
    await call('deleteCategory', 204, { path: own })
  })

  it('many prompts at once', async () => {
    const path = `${P}/bulk`
    const body = BODY_EXAMPLES.bulkPrompts ?? {}
    const done = await call('bulkPrompts', 200, { path, body })
    expect(member(done, 'failed')).toBe(0)
    const [undo] = member(done, 'undo') as object[]
    await call('bulkPrompts', 200, { path, body: undo ?? {} })
    const some = await call('bulkPrompts', 200, { path, body: { ...body, names: ['nobody', 'zero_shot'] } })
    expect(member(some, 'failed')).toBe(1)
    await call('bulkPrompts', 422, { path, body: { ...body, patch: { category: 'nowhere' } } })
    await call('bulkPrompts', 400, { path, body: { names: ['zero_shot'], patch: {} } })
    await call('getPrompt', 404, { path })
  })

  it('examples', async () => {
    const path = `${P}/zero_shot/examples`
    await call('listExamples', 200, { path })
    await call('listExamples', 404, { path: `${P}/nobody/examples` })
    const body = BODY_EXAMPLES.createExample ?? {}
    const created = await call('createExample', 201, { path, body })
    await call('createExample', 409, { path, body })
    await call('createExample', 404, { path: `${P}/nobody/examples`, body })
    await call('createExample', 413, { path, body: { name: 'Large', values: { a: 'x'.repeat(65_537) } } })
    await call('createExample', 400, { path, body: { name: 'Bad', values: { '1a': 'x' } } })
    await call('createExample', 201, { path, body: { name: 'Second', values: {} } })
    await call('createExample', 413, { path, body: { name: 'Third', values: {} } })
    const own = `${path}/${String(member(created, 'id'))}`
    await call('replaceExample', 200, { path: own, body: BODY_EXAMPLES.replaceExample ?? {} })
    await call('replaceExample', 409, { path: own, body: { name: 'Second' } })
    await call('replaceExample', 413, { path: own, body: { values: { a: 'x'.repeat(65_537) } } })
    const unknown = `${path}/018f0000-0000-7000-8000-000000000000`
    await call('replaceExample', 404, { path: unknown, body: { name: 'Nobody' } })
    await call('deleteExample', 404, { path: unknown })
    await call('deleteExample', 204, { path: own })
    expect(member(await call('listExamples', 200, { path }), 'items')).toMatchObject([{ name: 'Second' }])
  })

  it('merging and ordering of categories', async () => {
    const path = '/api/categories'
    await call('createCategory', 201, { path, body: { slug: 'passing', name: 'Passing' } })
    const slugs = ['passing', 'data', 'quality', 'development', 'architecture', 'communication', 'techniques']
    const there = await call('listCategories', 200, { path })
    const all = (member(there, 'categories') as { slug: string }[]).map(({ slug }) => slug)
    const ordered = [...slugs, ...all.filter((slug) => !slugs.includes(slug))]
    const order = `${path}/order`
    await call('orderCategories', 200, { path: order, body: { slugs: ordered } })
    await call('orderCategories', 409, { path: order, body: { slugs: ordered.slice(1) } })
    await call('orderCategories', 422, { path: order, body: { slugs: [...ordered, 'data'] } })
    await call('mergeCategory', 404, { path: `${path}/nowhere/merge`, body: { into: 'data' } })
    const passing = `${path}/passing/merge`
    await call('mergeCategory', 422, { path: passing, body: { into: 'nowhere' } })
    const merged = await call('mergeCategory', 200, { path: passing, body: { into: 'data' } })
    expect(member(merged, 'moved')).toBe(0)
  })

  it('AI configurations, alerts, webhooks and repositories', async () => {
    await callConfigurations(call)
    expect(seen.get('testAIConfiguration')).toContain(200)
    await callAlerts(call)
    expect(seen.get('acknowledgeAlert')).toContain(200)
    await callWebhooks(call)
    expect(seen.get('redeliverWebhook')).toContain(202)
    await callRepositories(call)
    expect(seen.get('syncRepository')).toContain(202)
  })

  it('imports, exports, usage, spending, notes, views, impact, skills and what Langfuse’s clients read', async () => {
    await callTransfer(call, `http://127.0.0.1:${await freePort()}`)
    await callSkills(call)
    await callUsage(call)
    expect(seen.get('getSpending')).toContain(200)
  })

  it('the stream of changes', async () => {
    const stream = await openServerEvents(`${app.url}/api/changes`)
    seen.set('followChanges', (seen.get('followChanges') ?? new Set()).add(stream.status))
    expect(await stream.next()).toMatchObject({ event: 'hello' })
    await call('createPrompt', 201, { path: P, body: { name: 'streamed', ...text } })
    const told = await stream.next()
    expect(told).toMatchObject({ event: 'change', data: { changes: [{ name: 'streamed' }] } })
    const headers = { 'content-type': 'text/event-stream', 'x-request-id': 'x' }
    const data = { status: 200, headers, text: '', json: told?.data }
    expect(described.faults('followChanges', data)).toEqual([])
    await stream.close()
    await call('followChanges', 400, { path: '/api/changes?after=x' })
  })

  it('generations and batches', async () => {
    await callGenerations(call)
    const stream = await openServerEvents(`${app.url}/api/generations/${await newestGeneration(call)}/events`)
    seen.set('followGeneration', (seen.get('followGeneration') ?? new Set()).add(stream.status))
    const headers = { 'content-type': 'text/event-stream', 'x-request-id': 'x' }
    const events = []
    for (let told = await stream.next(); told !== undefined; told = await stream.next()) {
      const data = { status: 200, headers, text: '', json: told.data }
      expect(described.faults('followGeneration', data)).toEqual([])
      events.push(told.event)
    }
    expect(events).toEqual(['text', 'finished'])
  })

  it('health and this document', async () => {
    await call('getHealth', 200, { path: '/health' })
    await call('getLiveness', 200, { path: '/health/live' })
    await call('getReadiness', 200, { path: '/health/ready' })
    await call('getOpenApi', 200, { path: '/api/openapi.json' })
    const metrics = await exchange(app, { method: 'GET', path: '/metrics' })
    expect(described.faults('getMetrics', metrics)).toEqual([])
    expect(metrics.text).toContain('# TYPE')
  })

  const api = CONTRACTS.filter(({ path }) => path.startsWith('/api/')).map((each) => [each.id, each] as const)

  it.each(api)('%s under a foreign host name is 403', async (id, contract) => {
    const answer = await call(id, 403, { path: pathOf(contract), headers: { host: 'evil.example' } })
    expect(member(answer, 'code')).toBe('forbidden')
  })

  it.each(api)('%s with an unknown query parameter is 400', async (id, contract) => {
    const free = id === 'renderPromptByQuery' ? '_version=x' : 'nonsense=1'
    const answer = await call(id, 400, {
      path: `${pathOf(contract)}?${free}`,
      headers: stale,
      ...(contract.body !== undefined && { body: BODY_EXAMPLES[id] ?? {} }),
    })
    expect(member(answer, 'errors')).toEqual(
      expect.arrayContaining([expect.objectContaining({ in: 'query' })]),
    )
  })

  it.each(api.filter(([, { method }]) => method !== 'GET'))(
    '%s with a body that is no JSON',
    async (id, contract) => {
      const path = pathOf(contract)
      await call(id, 415, { path, body: 'a=b', headers: { 'content-type': 'text/plain', ...stale } })
      await call(id, 400, {
        path,
        body: '{"a": }',
        headers: { 'content-type': 'application/json', ...stale },
      })
      const large = `{"a": "${'x'.repeat(4_194_304)}"}`
      const refused = await call(id, 413, {
        path,
        body: large,
        headers: { 'content-type': 'application/json', ...stale },
      })
      expect(member(refused, 'limit_bytes')).toBe(4_194_304)
    },
  )

  it('people, keys, label rules and clients', async () => {
    // There is no account yet.
    await call('patchMe', 409, { path: '/api/me', body: { name: 'Olga' } })
    await call('exportMe', 409, { path: '/api/me/export' })
    await call('leaveWorkspace', 404, { path: '/api/me' })
    await call('createKey', 409, { path: '/api/keys', body: { name: 'a key', preset: 'agent' } })
    await callAccess((at, who, id, status, sent) =>
      callAt(at, id, status, { ...sent, headers: { ...who.headers, ...sent.headers } }),
    )
    expect(seen.get('giveConsent')).toContain(200)
  })

  it('and every answer that it names was seen', () => {
    const unseen = CONTRACTS.flatMap((contract) =>
      [contract.status, ...contract.errors.map((code) => ERROR_CATALOGUE[code].status)]
        .filter((status) => seen.get(contract.id)?.has(status) !== true)
        .map((status) => `${contract.id} ${status}`),
    )
    expect(unseen).toEqual([])
  })
})
