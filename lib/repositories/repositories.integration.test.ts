import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setCurrentRights } from '../access/current-rights.ts'
import { getBell } from '../alerts/operations/get-bell.ts'
import { outbox } from '../outbox/outbox.ts'
import { rotateDataKey } from '../secrets/operations/rotate-data-key.ts'
import { makeOtherWorkspace } from '../testing/factories.ts'
import { eventually } from '../testing/models/generations.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { listImports } from '../transfer/operations/list-imports.ts'
import { undoImport } from '../transfer/operations/undo-import.ts'
import { errorOf, file } from '../transfer/testing.ts'
import { signatureHeaders } from '../webhooks/signature.ts'
import { setWorkers } from '../webhooks/targets.ts'
import { hearPush } from './hook/hear-push.ts'
import { createRepository } from './operations/create-repository.ts'
import { deleteRepository } from './operations/delete-repository.ts'
import { getRepository } from './operations/get-repository.ts'
import { listRepositories } from './operations/list-repositories.ts'
import { patchRepository } from './operations/patch-repository.ts'
import { rotateRepositorySecret } from './operations/rotate-repository-secret.ts'
import { syncRepository } from './operations/sync-repository.ts'
import type { CreateRepositoryInput, NewRepository, Repository } from './schema.ts'
import { syncRepositories } from './sync/sync-repositories.ts'
import { type GitHost, gitHost, hubHeaders, serves } from './testing.ts'

let app: TestRuntime
let host: GitHost
beforeAll(async () => {
  app = await testRuntime({
    feed: true,
    limits: {
      import_bytes: 200_000,
      import_source_ms: 300,
      import_ms: 5000,
      webhook_tries: 3,
      webhook_retry_ms: 20,
      webhook_retry_max_ms: 40,
      outbox_poll_ms: 50,
      outbox_retry_ms: 20,
    },
  })
  Object.assign(app.runtime.config.imports, { allowed_hosts: ['127.0.0.1'] })
  setWorkers({ repositories: syncRepositories })
  outbox().start()
})
afterAll(() => app.close())
beforeEach(async () => {
  host = await gitHost()
})
afterEach(async () => {
  for (const { id, etag } of (await listRepositories(app.actor(), {})).items)
    await deleteRepository(app.actor(), { id, if_match: etag })
  await host.close()
})

const COMMIT = '1f0c2a7d9b3e4f5061728394a5b6c7d8e9f00112'
const make = (input: Partial<CreateRepositoryInput> = {}): Promise<NewRepository> =>
  createRepository(app.actor(), { name: 'Ours', archive_url: `${host.url}/main.zip`, ref: 'main', ...input })
const body = (ref = 'refs/heads/main') => JSON.stringify({ ref, after: COMMIT, repository: { name: 'x' } })
const tell = (id: string, text: string, headers: Record<string, string>) =>
  hearPush({ id, body: Buffer.from(text), header: (name) => headers[name] })
const push = ({ id, secret }: NewRepository) => tell(id, body(), hubHeaders(body(), secret))
/** Waits until a repository was looked at and nothing more is wanted. */
const settled = (id: string): Promise<Repository> =>
  eventually(
    () => getRepository(app.actor(), { id }),
    ({ waiting, last_sync }) => !waiting && last_sync !== null,
  )
describe('a push', () => {
  it('brings the prompts of the folder, on record, and again only what changed', async () => {
    const made = await make()
    host.answer = serves({
      'README.md': 'No prompt',
      'prompts/a/one_pushed.md': file('name: one_pushed', 'First'),
    })
    expect(await push(made)).toEqual({ accepted: true })
    const first = await settled(made.id)
    expect(first.last_sync).toMatchObject({ commit: COMMIT, error: null, counts: { create: 1, refused: 0 } })
    const { items } = await listImports(app.actor(), {})
    expect(items[0]).toMatchObject({ id: first.last_sync?.import, origin: 'Ours (1f0c2a7d9b3e)' })

    await push(made)
    const again = await settled(made.id)
    expect(again.last_sync).toMatchObject({ import: null, counts: { create: 0, unchanged: 1 } })
    expect((await listImports(app.actor(), {})).items).toHaveLength(items.length)

    host.answer = serves({ 'prompts/a/one_pushed.md': file('name: one_pushed', 'Second') })
    await push(made)
    const third = await eventually(
      () => settled(made.id),
      ({ last_sync }) => last_sync?.counts?.version === 1,
    )
    await undoImport(app.actor(), { id: third.last_sync?.import ?? '' })
    expect(host.requests).toHaveLength(3)
  })

  it('that comes while another one is looked at is looked at after it, once for all', async () => {
    const made = await make()
    const waiting: (() => void)[] = []
    const now = serves({ 'prompts/x.md': file('name: coalesced', 'New') })
    host.answer = (response, request) => void waiting.push(() => now(response, request))
    await push(made)
    await eventually(
      () => Promise.resolve(host.requests.length),
      (count) => count === 1,
    )
    await Promise.all([push(made), push(made), push(made)])
    host.answer = now
    for (const go of waiting) go()
    expect((await settled(made.id)).last_sync).toMatchObject({ error: null })
    expect(host.requests).toHaveLength(2)
  })

  it('of another branch, a ping, and one of what is off bring nothing', async () => {
    const made = await make()
    const other = body('refs/heads/other')
    expect(await tell(made.id, other, hubHeaders(other, made.secret))).toMatchObject({ accepted: false })
    expect(await tell(made.id, '{}', hubHeaders('{}', made.secret, 'ping'))).toEqual({
      accepted: false,
      ignored: 'the event ping',
    })
    const gone = JSON.stringify({ ref: 'refs/heads/main', after: '0'.repeat(40) })
    expect(await tell(made.id, gone, hubHeaders(gone, made.secret))).toMatchObject({ accepted: false })
    await patchRepository(app.actor(), { id: made.id, if_match: made.etag, enabled: false })
    expect(await push(made)).toEqual({ accepted: false, ignored: 'it is switched off here' })
    expect(await errorOf(syncRepository(app.actor(), { id: made.id }))).toMatchObject({ code: 'conflict' })
    expect(await getRepository(app.actor(), { id: made.id })).toMatchObject({
      waiting: false,
      last_sync: null,
    })
  })
})

describe('a hook', () => {
  it('takes the token of GitLab and the signature of Standard Webhooks', async () => {
    const { id, secret } = await make({ ref: 'other' })
    const id_ = { id: 'msg_1', timestamp: Math.floor(Date.now() / 1000), body: body() }
    for (const headers of [
      { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': secret },
      signatureHeaders(id_, [secret]),
    ])
      expect(await tell(id, body(), headers)).toMatchObject({ accepted: false })
  })

  it('refuses the same way what is signed wrongly, late, or for nobody', async () => {
    const { id, secret, etag } = await make()
    const late = { id: 'msg_1', timestamp: Math.floor(Date.now() / 1000) - 400, body: body() }
    const errors = await Promise.all([
      errorOf(tell(id, body(), {})),
      errorOf(tell(id, `${body()} `, hubHeaders(body(), secret))),
      errorOf(tell(id, body(), hubHeaders(body(), 'whsec_other'))),
      errorOf(tell(id, body(), { 'x-gitlab-token': '' })),
      errorOf(tell(id, body(), signatureHeaders(late, [secret]))),
      errorOf(tell('00000000-0000-7000-8000-000000000000', body(), hubHeaders(body(), secret))),
      errorOf(tell('no-id', body(), hubHeaders(body(), secret))),
    ])
    expect(new Set(errors.map(({ code, message }) => `${code} ${message}`)).size).toBe(1)
    expect(errors[0]?.code).toBe('unauthenticated')
    const turned = await rotateRepositorySecret(app.actor(), { id })
    expect((await errorOf(tell(id, body(), hubHeaders(body(), secret)))).code).toBe('unauthenticated')
    expect(turned).toMatchObject({ etag })
    await rotateDataKey(app.actor(), {})
    const other = body('x')
    expect(await tell(id, other, hubHeaders(other, turned.secret))).toMatchObject({ accepted: false })
  })
})

describe('an archive', () => {
  const look = async (input: Partial<CreateRepositoryInput> = {}) => {
    const { id } = await make(input)
    await syncRepository(app.actor(), { id })
    return (await settled(id)).last_sync
  }

  it('behind a redirect is fetched without the authorization of the first host', async () => {
    const other = await gitHost()
    other.answer = serves({ 'prompts/x.md': file('name: redirected', 'There') })
    host.answer = (response) => void response.writeHead(302, { location: `${other.url}/zip` }).end()
    expect(await look({ authorization: 'Bearer abc' })).toMatchObject({ counts: { create: 1 } })
    expect(host.requests.map(({ authorization }) => authorization)).toEqual(['Bearer abc'])
    expect(other.requests.map(({ authorization }) => authorization)).toEqual([undefined])
    await other.close()
  })

  it.each([
    ['that leads in a circle', 302, { location: '/again' }, 'more than 5 times', 6],
    ['that leads to a refused address', 302, { location: 'http://169.254.169.254/x' }, '169.254.169.254', 1],
    ['that is not there', 404, {}, 'answered with 404. Look at the address; a private', 1],
    ['that asks for more', 401, {}, 'answered with 401', 1],
    ['of a host that is away', 503, {}, 'answered with 503', 3],
  ])('%s says so', async (_, status, headers, error, asked) => {
    host.answer = (response) => void response.writeHead(status, headers).end()
    expect((await look())?.error).toContain(error)
    expect(host.requests).toHaveLength(asked)
  })

  it.each([
    [
      'that is too large',
      (r: Parameters<GitHost['answer']>[0]) => void r.end(Buffer.alloc(200_001)),
      'limits.import_bytes',
      1,
    ],
    ['that never comes', () => undefined, 'limits.import_source_ms', 3],
    ['that is no zip', (r: Parameters<GitHost['answer']>[0]) => void r.end('<html>'), 'no zip', 1],
    ['without the folder', serves({ 'a.md': 'x' }), 'has no files in "prompts"', 1],
  ])('%s says so', async (_, answer, error, asked) => {
    host.answer = answer
    expect((await look())?.error).toContain(error)
    expect(host.requests).toHaveLength(asked)
  })

  it('is tried again until its host is there', async () => {
    const zip = serves({ 'prompts/x.md': file('name: came_back', 'There') })
    host.answer = (response, request) =>
      host.requests.length < 3 ? void response.writeHead(502).end() : zip(response, request)
    expect(await look()).toMatchObject({ error: null, counts: { create: 1 } })
  })
})

describe('the bell', () => {
  const ringing = async () => {
    const { items } = await getBell(app.actor())
    return items.filter(({ kind, state }) => kind === 'repository_failed' && state === 'firing')
  }

  it('rings for a repository that fails, once, until its prompts come in or nobody wants them', async () => {
    const made = await make({ name: 'Failing' })
    host.answer = (response) => void response.writeHead(404).end()
    await push(made)
    await settled(made.id)
    await syncRepository(app.actor(), { id: made.id })
    await settled(made.id)
    const [event, ...more] = await ringing()
    expect(more).toEqual([])
    expect(event).toMatchObject({ rule: { id: null, name: 'Failing' }, href: '/settings/repositories' })
    expect(event?.summary).toContain('404')
    host.answer = serves({ 'prompts/here_again.md': file('name: here_again', 'Here') })
    await syncRepository(app.actor(), { id: made.id })
    await settled(made.id)
    expect(await ringing()).toEqual([])

    host.answer = (response) => void response.writeHead(404).end()
    await syncRepository(app.actor(), { id: made.id })
    await settled(made.id)
    expect(await ringing()).toHaveLength(1)
    const { etag } = await getRepository(app.actor(), { id: made.id })
    await patchRepository(app.actor(), { id: made.id, if_match: etag, enabled: false })
    expect(await ringing()).toEqual([])
  })
})

describe('a repository', () => {
  it('acts with the rights of who changed it, as far as they are left', async () => {
    const made = await make()
    host.answer = serves({ 'prompts/x.md': file('name: not_allowed', 'x') })
    setCurrentRights((actor) => Promise.resolve(actorLike(actor, { role: 'viewer' })))
    await push(made)
    expect((await settled(made.id)).last_sync?.error).toContain('has lost the right prompts:write')
    setCurrentRights((actor) => Promise.resolve(actor))
  })

  it('is made only by who may write prompts, and release where labels are to move', async () => {
    const scopes = new Set(['settings:write', 'prompts:write'] as const)
    const writer = actorLike(app.actor(), { scopes })
    const input = { name: 'x', archive_url: `${host.url}/x`, ref: 'main' }
    expect((await errorOf(createRepository(writer, { ...input, labels: true }))).code).toBe('forbidden')
    const refused = { ...input, archive_url: 'https://169.254.169.254/x' }
    expect((await errorOf(createRepository(app.actor(), refused))).code).toBe('unprocessable')
  })

  it('keeps its authorization to itself, and to its host', async () => {
    const { id, etag, ...made } = await make({ authorization: 'Bearer abc' })
    expect(JSON.stringify(made)).not.toContain('abc')
    const elsewhere = { id, if_match: etag, archive_url: 'https://example.org/main.zip' }
    expect((await errorOf(patchRepository(app.actor(), elsewhere))).code).toBe('unprocessable')
    const moved = await patchRepository(app.actor(), { ...elsewhere, authorization: null })
    expect(moved).toMatchObject({ has_authorization: false })
  })

  it('is seen by its own workspace alone', async () => {
    const { id } = await make()
    const other = await makeOtherWorkspace('elsewhere')
    expect((await errorOf(getRepository(other, { id }))).code).toBe('not_found')
    expect((await errorOf(syncRepository(other, { id }))).code).toBe('not_found')
    expect((await listRepositories(other, {})).items).toEqual([])
  })
})
