import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { isAppError } from '../../errors.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import type { Prompt } from '../schema.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { duplicatePrompt } from './duplicate-prompt.ts'
import { getPrompt } from './get-prompt.ts'
import { patchPrompt } from './patch-prompt.ts'
import { setLabel } from './set-label.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

function make(): Promise<Prompt> {
  return createPrompt(app.actor(), { name: uniqueName(), template_content: 'text' })
}

interface Outcomes {
  won: number
  /** Why the others lost, each reason once. */
  reasons: unknown[]
}

async function race(attempts: Promise<unknown>[]): Promise<Outcomes> {
  const outcomes = await Promise.allSettled(attempts)
  const errors = outcomes.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []))
  const reasons = errors.map((error) =>
    isAppError(error) ? `${error.code} ${Object.keys(error.extra).join()} ${error.retryAfter ?? ''}` : error,
  )
  return { won: outcomes.length - errors.length, reasons: [...new Set(reasons)] }
}

describe('case 23: of 50 concurrent edits with one ETag exactly one wins', () => {
  it('when each makes a version', async () => {
    const { name, etag: if_match } = await make()
    const edit = (index: number) => createVersion(app.actor(), { name, if_match, title: `edit ${index}` })
    const { won, reasons } = await race(Array.from({ length: 50 }, (_, index) => edit(index)))
    expect(won).toBe(1)
    expect(reasons).toEqual(['precondition_failed current_etag '])
    expect(await getPrompt(app.actor(), { name, label: 'latest' })).toMatchObject({ latest_version: 2 })
  })

  it('when each makes a version from one base', async () => {
    const { name } = await make()
    const edit = (index: number) =>
      createVersion(app.actor(), { name, base_version: 1, title: `edit ${index}` })
    const { won, reasons } = await race(Array.from({ length: 50 }, (_, index) => edit(index)))
    expect(won).toBe(1)
    expect(reasons).toEqual(['precondition_failed current_etag,latest_version '])
  })

  it('whatever kind of change each is', async () => {
    const { name, etag: if_match, id } = await make()
    const edits = Array.from({ length: 50 }, (_, index) => {
      if (index % 3 === 0) return createVersion(app.actor(), { name, if_match, title: `edit ${index}` })
      if (index % 3 === 1) return setLabel(app.actor(), { name, label: `l${index}`, version: 1, if_match })
      return patchPrompt(app.actor(), { current_name: name, if_match, tags: [`t${index}`] })
    })
    const { won, reasons } = await race(edits)
    expect(won).toBe(1)
    expect(reasons).toEqual(['precondition_failed current_etag '])
    const { prisma } = app.runtime.database.primary
    expect(await prisma.auditEvent.count({ where: { target_id: id } })).toBe(2)
  })

  it('and edits without a common prompt all win, each with a revision of its own', async () => {
    const prompts = await Promise.all(Array.from({ length: 20 }, make))
    const actors = prompts.map(() => app.actor())
    await Promise.all(
      prompts.map(({ name, etag }, index) =>
        createVersion(actors[index] ?? app.actor(), { name, if_match: etag, title: 'x' }),
      ),
    )
    expect(new Set(actors.map((actor) => actor.request.outcome.revision)).size).toBe(20)
  })
})

describe('case 24: an Idempotency-Key', () => {
  const keyed = (route: string, key: string, bodyHash = 'hash'): Actor =>
    app.actor({ idempotency: { route, key, bodyHash } })

  it('replays the stored answer of a create', async () => {
    const input = { name: uniqueName(), template_content: 'once' }
    const first = await createPrompt(keyed('createPrompt', 'a'), input)
    const actor = keyed('createPrompt', 'a')
    expect(await createPrompt(actor, input)).toEqual(first)
    expect(actor.request.outcome.replayed).toBe(true)
    const { prisma } = app.runtime.database.primary
    expect(await prisma.promptVersion.count({ where: { prompt_id: first.id } })).toBe(1)
  })

  it('replays a version although its ETag is stale by then', async () => {
    const { name, etag: if_match } = await make()
    const input = { name, if_match, title: 'two' }
    const first = await createVersion(keyed('createVersion', 'b'), input)
    expect(await createVersion(keyed('createVersion', 'b'), input)).toEqual(first)
    expect(await getPrompt(app.actor(), { name, label: 'latest' })).toMatchObject({ latest_version: 2 })
  })

  it('replays a copy, whose name was made up', async () => {
    const { name: current_name } = await make()
    const first = await duplicatePrompt(keyed('duplicatePrompt', 'c'), { current_name })
    expect(await duplicatePrompt(keyed('duplicatePrompt', 'c'), { current_name })).toEqual(first)
  })

  it('refuses another body', async () => {
    const input = { name: uniqueName(), template_content: 'x' }
    await createPrompt(keyed('createPrompt', 'd', 'one'), input)
    expect(await refusal(createPrompt(keyed('createPrompt', 'd', 'two'), input))).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['Idempotency-Key'], code: 'key_reused' }],
    })
  })

  it('lets one of many at once work; the others are told to wait or get its answer', async () => {
    const name = uniqueName()
    const ids: string[] = []
    const attempts = Array.from({ length: 20 }, async () => {
      const { id } = await createPrompt(keyed('createPrompt', 'e'), { name, template_content: 'x' })
      ids.push(id)
    })
    const { won, reasons } = await race(attempts)
    expect(won).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(1)
    for (const reason of reasons) expect(reason).toBe('conflict  1')
  })

  it('keeps no refusal: a retry may succeed', async () => {
    const name = uniqueName()
    const input = { name, category: 'later', template_content: 'x' }
    expect(await refusal(createPrompt(keyed('createPrompt', 'f'), input))).toMatchObject({
      code: 'unprocessable',
    })
    const { category: _, ...fixed } = input
    expect(await createPrompt(keyed('createPrompt', 'f'), fixed)).toMatchObject({ name })
  })
})
