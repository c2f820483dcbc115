import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { setCurrentRights } from '../access/current-rights.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import { change } from '../db/change.ts'
import { newsPublisher } from '../db/changes/news.ts'
import type { StreamStart } from '../event-stream.ts'
import { followGeneration } from '../generations/operations/follow-generation.ts'
import { requestGeneration } from '../generations/operations/request-generation.ts'
import { setJobSender } from '../jobs.ts'
import { makeColleague, makePrompt } from '../testing/factories.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { changeHub } from './hub.ts'
import { followChanges } from './operations/follow-changes.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true })
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(app.actor(), { name: 'greeting' })
  await createConfiguration(app.actor(), { name: 'echo', provider: 'echo', model: 'echo-fast' })
})
afterAll(() => app.close())

let closing: (() => void)[] = []
beforeEach(() => {
  for (const close of closing) close()
  closing = []
})

/** What a stream writes, and whether it has ended. */
function read(start: StreamStart) {
  const stream = { text: '', ended: false }
  closing.push(
    start({
      write(frame) {
        stream.text += String(frame)
        return true
      },
      onDrain: () => undefined,
      end: () => {
        stream.ended = true
      },
    }),
  )
  return stream
}

const kindsIn = ({ text }: { text: string }) =>
  [...text.matchAll(/"kind":"(\w+)","id"/g)].map(([, kind]) => kind)

const reader = (changes: Partial<Omit<Actor, 'request'>> = {}) =>
  actorLike(app.actor(), { role: 'viewer', scopes: new Set(['prompts:read']), ...changes })

/** Says that the rights of somebody in the workspace have changed, as whatever changes them does. */
function tellOfRights(actor: Actor): Promise<void> {
  return change(app.actor(), async ({ record }) =>
    record({ action: 'actor.update', target: { kind: 'actor', id: actor.id, name: 'somebody' } }),
  )
}

describe('the stream of changes', () => {
  it('tells an actor of kinds alone that it may read, at once and after it was away', async () => {
    const [all, some] = [read(await followChanges(app.actor(), {})), read(await followChanges(reader(), {}))]
    const seen = app.runtime.feed.seen(app.identity.workspaceId)
    await createConfiguration(app.actor(), { name: 'second', provider: 'echo', model: 'echo-fast' })
    await createCategory(app.actor(), { slug: 'one', name: 'One' })
    await expect
      .poll(() => [kindsIn(all), kindsIn(some)])
      .toEqual([['configuration', 'category'], ['category']])
    expect(some.text).not.toContain('second')
    const late = read(await followChanges(reader(), { after: seen }))
    await expect.poll(() => kindsIn(late)).toEqual(['category'])
  })

  it('tells nobody of kinds that it knows nothing of', async () => {
    const all = read(await followChanges(app.actor(), {}))
    await tellOfRights(app.actor())
    await createCategory(app.actor(), { slug: 'two', name: 'Two' })
    await expect.poll(() => kindsIn(all)).toEqual(['category'])
  })

  it('tells news of generations to those that may read generations', async () => {
    const [all, some] = [read(await followChanges(app.actor(), {})), read(await followChanges(reader(), {}))]
    newsPublisher().publish(app.identity.workspaceId, 'generations')
    await expect.poll(() => all.text).toContain('generations')
    await createCategory(app.actor(), { slug: 'three', name: 'Three' })
    await expect.poll(() => kindsIn(some)).toHaveLength(1)
    expect(some.text).not.toContain('generations')
  })
})

it('streams end when the rights of their actor end, and others go on', async () => {
  const asked = { prompt: 'greeting', variables: { who: 'Ada' }, configuration: 'echo' }
  const { id } = await requestGeneration(app.actor(), asked)
  const gone = await makeColleague(app.actor())
  const theirs = [read(await followChanges(gone, {})), read(await followGeneration(gone, { id }))]
  const mine = [read(await followChanges(app.actor(), {})), read(await followGeneration(app.actor(), { id }))]
  const before = changeHub().size
  setCurrentRights(async (actor) => (actor.id === gone.id ? undefined : actor))
  try {
    await tellOfRights(gone)
    await expect.poll(() => theirs.map(({ ended }) => ended)).toEqual([true, true])
    expect(mine.map(({ ended }) => ended)).toEqual([false, false])
    expect(changeHub().size).toBe(before - 1)
  } finally {
    setCurrentRights(async (actor) => actor)
  }
})
