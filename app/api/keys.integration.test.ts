import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '#lib/access/actor.ts'
import { setCredentialResolver } from '#lib/access/credentials.ts'
import { sessionCookie } from '#lib/access/read-credential.ts'
import { keyResolver } from '#lib/keys/identify-key.ts'
import { makeOtherWorkspace, makePrompt } from '#lib/testing/factories.ts'
import { makeMember, openAccounts } from '#lib/testing/members.ts'
import { restRequest, toolCall } from '#lib/testing/rest.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { POST as callTool } from '../mcp/tools/call/route.ts'
import { POST as rotate } from './keys/[id]/rotate/route.ts'
import { DELETE as revoke } from './keys/[id]/route.ts'
import { POST as create, GET as list } from './keys/route.ts'
import { GET as readRule, PUT as setRule } from './label-rules/[label]/route.ts'
import { PUT as setLabel } from './prompts/[name]/labels/[label]/route.ts'
import { GET as read } from './prompts/[name]/route.ts'
import { POST as createPrompt, GET as listPrompts } from './prompts/route.ts'

/* Keys and rules over HTTP, once there are accounts. */

let app: TestRuntime
const people = new Map<string, Actor>()
beforeAll(async () => {
  app = await testRuntime({ feed: true })
  setCredentialResolver('key', keyResolver)
  // Sessions are another room's: here the cookie names the person.
  setCredentialResolver('session', {
    identify: (name) => Promise.resolve(people.get(name)),
    current: (identity) => Promise.resolve(identity),
  })
  const local = app.actor()
  await makePrompt(local, { name: 'told' })
  people.set('admin', await makeMember(local, { role: 'admin', display: 'Ada' }))
  people.set('editor', await makeMember(local, { role: 'editor', display: 'Edda' }))
  const other = await makeOtherWorkspace()
  await makePrompt(other, { name: 'foreign' })
  people.set('stranger', await makeMember(other, { role: 'owner' }))
  await openAccounts(local)
})
afterAll(() => app.close())

const as = (name: string) => ({
  cookie: `${sessionCookie()}=${name}`,
  origin: 'http://localhost:3000',
  'sec-fetch-site': 'same-origin',
})
const by = (key: string) => ({ authorization: `Bearer ${key}` })
const make = async (name: string, body: object = {}, headers = {}) => {
  const input = { name: 'Bot', preset: 'author', ...body }
  const answer = await create(restRequest('POST', '/api/keys', input, { ...as(name), ...headers }))
  return { ...(await answer.json()), code: answer.status, headers: answer.headers }
}
const names = async (key: string) => {
  const { items } = await (await listPrompts(restRequest('GET', '/api/prompts', undefined, by(key)))).json()
  return items?.map(({ name }: { name: string }) => name)
}
const statusOf = async (answer: Response | Promise<Response>) => (await answer).status

describe('a key over HTTP', () => {
  it('is made by a person, asks for itself, and is refused once it is revoked', async () => {
    const made = await make('editor')
    expect([made.code, made.headers.get('cache-control')]).toEqual([201, 'no-store'])
    expect(await names(made.key)).toEqual(['told'])
    const mine = await (await list(restRequest('GET', '/api/keys', undefined, as('editor')))).json()
    expect(mine.items).toMatchObject([{ id: made.id, prefix: made.prefix }])
    const rotated = await rotate(
      restRequest('POST', `/api/keys/${made.id}/rotate`, { overlap_hours: 0 }, as('editor')),
    )
    const { key } = await rotated.json()
    expect([rotated.status, await names(made.key), await names(key)]).toEqual([201, undefined, ['told']])
    expect(
      await statusOf(revoke(restRequest('DELETE', `/api/keys/${made.id}`, undefined, as('admin')))),
    ).toBe(204)
    expect(await statusOf(listPrompts(restRequest('GET', '/api/prompts', undefined, by(key))))).toBe(401)
  })

  it('is another one each time, whatever Idempotency-Key comes with the request', async () => {
    const again = { 'idempotency-key': 'again' }
    const [first, second] = [await make('editor', {}, again), await make('editor', {}, again)]
    expect([first.code, second.code]).toEqual([201, 201])
    expect(first.key).not.toBe(second.key)
    const { rows } = await app.runtime.database.primary.pool.query('SELECT FROM idempotency_key')
    expect(rows).toEqual([])
  })

  it('makes no key, and changes no rule', async () => {
    const { key } = await make('admin', { preset: 'full' })
    const request = restRequest('POST', '/api/keys', { name: 'x', preset: 'agent' }, by(key))
    expect(await statusOf(create(request))).toBe(403)
    const rule = restRequest(
      'PUT',
      '/api/label-rules/x',
      { protected: true },
      { ...by(key), 'if-match': '"x"' },
    )
    expect(await statusOf(setRule(rule))).toBe(403)
  })

  it('belongs to its workspace', async () => {
    const { key, id } = await make('stranger')
    expect(await names(key)).toEqual(['foreign'])
    const gone = revoke(restRequest('DELETE', `/api/keys/${id}`, undefined, as('admin')))
    expect(await statusOf(gone)).toBe(404)
  })

  it('cannot be filled in beyond what the form has', async () => {
    for (const extra of [{ id: 'x' }, { person: 'x' }, { scopes: ['prompts:read'] }, { scopes: ['all'] }])
      expect((await make('editor', extra)).code).toBe(400)
  })
})

describe('a protected label over HTTP', () => {
  const move = (headers: Record<string, string>) =>
    setLabel(
      restRequest(
        'PUT',
        '/api/prompts/told/labels/production',
        { version: 1 },
        { 'if-match': '"x"', ...headers },
      ),
    )

  it('is told of with who may move it, also by a key', async () => {
    const { key } = await make('editor')
    for (const headers of [as('editor'), by(key)]) {
      const refused = await move(headers)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ required_scope: 'prompts:release', who: ['Ada'] })
    }
    const prompt = await read(restRequest('GET', '/api/prompts/told', undefined, as('admin')))
    const etag = prompt.headers.get('etag') ?? ''
    expect(await statusOf(move({ ...as('admin'), 'if-match': etag }))).toBe(200)
  })

  it('is not that of a new prompt of who may not release, and the answer says how it gets there', async () => {
    const { key } = await make('editor')
    const body = { name: 'made', template_content: 'Hi' }
    const answer = await createPrompt(restRequest('POST', '/api/prompts', body, by(key)))
    expect(await answer.json()).toMatchObject({ labels: [], notes: [{ code: 'not_released' }] })
    const request = toolCall('create_prompt_template', { name: 'by_tool', template_content: 'Hi' })
    request.headers.set('authorization', `Bearer ${key}`)
    const { result } = await (await callTool(request)).json()
    expect(result.structuredContent.notes[0]).toContain('Ask Ada.')
    expect(result.content[0].text).toContain('not released yet. Agents do not get "by_tool" yet')
  })

  it('has a rule that is changed by its ETag', async () => {
    const path = '/api/label-rules/staging'
    const read = await readRule(restRequest('GET', path, undefined, as('admin')))
    const etag = read.headers.get('etag') ?? ''
    const set = (headers: Record<string, string>) =>
      setRule(restRequest('PUT', path, { protected: true }, { ...as('admin'), ...headers }))
    expect(await statusOf(set({}))).toBe(428)
    const changed = await set({ 'if-match': etag })
    expect([changed.status, await changed.json()]).toMatchObject([200, { label: 'staging', protected: true }])
    expect(await statusOf(set({ 'if-match': etag }))).toBe(412)
    expect(await statusOf(readRule(restRequest('GET', path, undefined, as('editor'))))).toBe(403)
  })
})
