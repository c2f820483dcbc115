import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { makeOtherWorkspace, makePrompt } from '../../testing/factories.ts'
import { actorLike, type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { redactVersion } from '../operations/redact-version.ts'
import { renderPrompt } from '../operations/render-prompt.ts'

let app: TestRuntime
let busy: Actor
let quiet: Actor

beforeAll(async () => {
  app = await testRuntime()
  busy = app.actor()
  quiet = await makeOtherWorkspace('quiet')
  // A workspace that the feed meets for the first time begins with a reset.
  await app.startFeed()
})
afterAll(() => app.close())

/** Whether a prompt is rendered without asking the database. */
async function isInMemory(actor: Actor, name: string): Promise<boolean> {
  const asked = vi.spyOn(app.runtime.database.primary.pool, 'query')
  try {
    await renderPrompt(actorLike(actor), { name })
    return asked.mock.calls.length === 0
  } finally {
    asked.mockRestore()
  }
}

function setRevision(actor: Actor, revision: number) {
  return app.runtime.database.primary.pool.query('UPDATE workspace SET revision = $2 WHERE id = $1', [
    actor.workspaceId,
    revision,
  ])
}

/** Sets the revision by hand, as a restore does, and waits until the change feed knows it. */
async function moveRevision(actor: Actor, revision: number): Promise<void> {
  await setRevision(actor, revision)
  await vi.waitFor(() => expect(app.runtime.feed.seen(actor.workspaceId)).toBe(revision), 10_000)
}

/** Holds back the answer of the next query of the pool until it is let go. */
function holdNextAnswer(): { asked: Promise<void>; letGo: () => void } {
  const { pool } = app.runtime.database.primary
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const direct = (...given: unknown[]): unknown =>
    Reflect.apply(Reflect.get(pg.Pool.prototype, 'query'), pool, given)
  const query = vi.spyOn(pool, 'query')
  const heldBack: (...given: unknown[]) => unknown = (...given) => {
    query.mockRestore()
    return hold(direct(...given))
  }
  query.mockImplementationOnce(heldBack)
  async function hold(answer: unknown): Promise<unknown> {
    const rows = await answer
    asked.resolve()
    await held.promise
    return rows
  }
  return { asked: asked.promise, letGo: held.resolve }
}

it('keeps what a workspace reads, however far the revisions of another one are', async () => {
  await makePrompt(quiet, { name: 'small', template_content: 'Hello.' })
  const { name } = await makePrompt(busy, { name: 'erased', template_content: 'Hello.' })
  await setRevision(busy, 10_000)
  await redactVersion(actorLike(busy), { name, version: 1 })
  await renderPrompt(actorLike(quiet), { name: 'small' })
  expect(await isInMemory(quiet, 'small')).toBe(true)
})

it('goes on serving a workspace from memory when another one is redacted or reset', async () => {
  await makePrompt(quiet, { name: 'steady', template_content: 'Hello.' })
  await renderPrompt(actorLike(quiet), { name: 'steady' })
  const { name } = await makePrompt(busy, { name: 'erased-too', template_content: 'Hello.' })
  await redactVersion(actorLike(busy), { name, version: 1 })
  await moveRevision(busy, 5)
  expect(await isInMemory(quiet, 'steady')).toBe(true)
})

it('keeps no text that was read before its redaction, whatever another workspace redacts', async () => {
  await moveRevision(busy, 20_000)
  const { name } = await makePrompt(busy, { name: 'secret', template_content: 'a pasted secret' })
  const other = await makePrompt(quiet, { name: 'other-secret', template_content: 'Hello.' })
  const held = holdNextAnswer()
  const early = renderPrompt(actorLike(busy), { name, version: 1 })
  await held.asked
  await redactVersion(actorLike(busy), { name, version: 1 })
  await redactVersion(actorLike(quiet), { name: other.name, version: 1 })
  held.letGo()
  await early
  await expect(renderPrompt(actorLike(busy), { name, version: 1 })).rejects.toMatchObject({
    code: 'unprocessable',
  })
})

it('keeps what it reads after a restore, though the revisions count from lower again', async () => {
  await makePrompt(busy, { name: 'restored', template_content: 'Hello.' })
  await moveRevision(busy, 50_000)
  await renderPrompt(actorLike(busy), { name: 'restored' })
  await moveRevision(busy, 60)
  expect(await isInMemory(busy, 'restored')).toBe(false)
  expect(await isInMemory(busy, 'restored')).toBe(true)
})
