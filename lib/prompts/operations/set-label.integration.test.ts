import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editorOf, pinnedTo } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import type { Prompt } from '../schema.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { deleteLabel } from './delete-label.ts'
import { getPrompt } from './get-prompt.ts'
import { listLabels } from './list-labels.ts'
import { setLabel } from './set-label.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

/** A prompt of two versions, of which the first is production. */
async function make(): Promise<Prompt> {
  const { name } = await createPrompt(app.actor(), { name: uniqueName(), template_content: 'one' })
  return createVersion(app.actor(), { name, base_version: 1, template_content: 'two' })
}

describe('setLabel', () => {
  it('moves a label, leaves an event and names what it replaced', async () => {
    const { name, id, etag } = await make()
    const moved = await setLabel(app.actor(), { name, label: 'production', version: 2, if_match: etag })
    expect(moved).toMatchObject({ name, label: 'production', version: 2, previous_version: 1 })
    expect(moved.etag).not.toBe(etag)
    expect(await getPrompt(app.actor(), { name })).toMatchObject({ version: 2, etag: moved.etag })
    const { prisma } = app.runtime.database.primary
    const audit = await prisma.auditEvent.findFirstOrThrow({ where: { target_id: id, action: 'label.set' } })
    expect(audit).toMatchObject({
      before: { label: 'production', version: 1 },
      after: { label: 'production', version: 2 },
    })
    const labels = await listLabels(app.actor(), { name })
    expect(labels).toMatchObject({
      items: [{ label: 'production', version: 2, updated_at: moved.updated_at }],
      next_cursor: null,
      events: [
        { label: 'production', from_version: 1, to_version: 2, author: { display: 'Local owner' } },
        { label: 'production', from_version: null, to_version: 1 },
      ],
      etag: moved.etag,
    })
  })

  it('makes a label that is new', async () => {
    const { name, etag } = await make()
    const made = await setLabel(app.actor(), { name, label: 'staging', version: 2, if_match: etag })
    expect(made.previous_version).toBeNull()
    expect(await getPrompt(app.actor(), { name, label: 'staging' })).toMatchObject({
      version: 2,
      label: 'staging',
    })
  })

  it('changes nothing when the label is there already', async () => {
    const { name, etag } = await make()
    const actor = app.actor()
    const same = await setLabel(actor, { name, label: 'production', version: 1, if_match: etag })
    expect(same).toMatchObject({ etag, previous_version: 1 })
    expect(actor.request.outcome.revision).toBeUndefined()
  })

  it('refuses a missing or stale precondition, and tells the current ETag', async () => {
    const { name, etag } = await make()
    const blind = setLabel(app.actor(), { name, label: 'production', version: 2 })
    expect(await refusal(blind)).toMatchObject({ code: 'precondition_required' })
    const moved = await setLabel(app.actor(), { name, label: 'a', version: 2, if_match: `W/${etag}` })
    const stale = setLabel(app.actor(), { name, label: 'production', version: 2, if_match: etag })
    expect(await refusal(stale)).toMatchObject({
      code: 'precondition_failed',
      extra: { current_etag: moved.etag },
    })
  })

  it('refuses unknown versions and prompts, and actors who may not release', async () => {
    const { name, etag } = await make()
    const far = setLabel(app.actor(), { name, label: 'a', version: 3, if_match: etag })
    expect(await refusal(far)).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['version'], code: 'unknown_version' }],
    })
    const none = setLabel(app.actor(), { name: 'nothing', label: 'a', version: 1, if_match: etag })
    expect(await refusal(none)).toMatchObject({ code: 'not_found' })
    const label = 'production'
    const denied = setLabel(editorOf(app.actor()), { name, label, version: 1, if_match: etag })
    expect(await refusal(denied)).toMatchObject({ code: 'forbidden' })
  })
})

describe('deleteLabel', () => {
  it('removes a label and leaves an event', async () => {
    const { name, etag, id } = await make()
    await deleteLabel(app.actor(), { name, label: 'production', if_match: etag })
    expect(await refusal(getPrompt(app.actor(), { name }))).toMatchObject({
      code: 'not_found',
      extra: { labels: [] },
    })
    const { items, events } = await listLabels(app.actor(), { name })
    expect(items).toEqual([])
    expect(events[0]).toMatchObject({ label: 'production', from_version: 1, to_version: null })
    const { prisma } = app.runtime.database.primary
    const audit = await prisma.auditEvent.findFirstOrThrow({
      where: { target_id: id, action: 'label.delete' },
    })
    expect(audit).toMatchObject({ before: { label: 'production', version: 1 }, after: null })
  })

  it('refuses labels that are not there, and a missing or stale precondition', async () => {
    const { name, etag } = await make()
    const none = deleteLabel(app.actor(), { name, label: 'staging', if_match: etag })
    expect(await refusal(none)).toMatchObject({ code: 'not_found' })
    const blind = deleteLabel(app.actor(), { name, label: 'production' })
    expect(await refusal(blind)).toMatchObject({ code: 'precondition_required' })
    const stale = deleteLabel(app.actor(), { name, label: 'production', if_match: '"other"' })
    expect(await refusal(stale)).toMatchObject({ code: 'precondition_failed', extra: { current_etag: etag } })
    const denied = deleteLabel(editorOf(app.actor()), { name, label: 'production', if_match: etag })
    expect(await refusal(denied)).toMatchObject({ code: 'forbidden' })
  })
})

describe('an actor pinned to a label', () => {
  it('reads by it, and nothing else of the prompt', async () => {
    const { name, etag } = await make()
    await setLabel(app.actor(), { name, label: 'staging', version: 2, if_match: etag })
    const pinned = pinnedTo(app.actor(), 'staging')
    expect(await getPrompt(pinned, { name })).toMatchObject({
      version: 2,
      label: 'staging',
      labels: [{ label: 'staging' }],
    })
    expect(await getPrompt(pinned, { name, version: 2 })).toMatchObject({ version: 2 })
    for (const choice of [{ version: 1 }, { label: 'production' }, { label: 'latest' }])
      expect(await refusal(getPrompt(pinned, { name, ...choice }))).toMatchObject({ code: 'not_found' })
    const { items, events } = await listLabels(pinned, { name })
    expect(items.map((item) => item.label)).toEqual(['staging'])
    expect(events.map((event) => event.label)).toEqual(['staging'])
  })

  it('is not told which labels a prompt has besides', async () => {
    const { name } = await make()
    const refused = await refusal(getPrompt(pinnedTo(app.actor(), 'staging'), { name }))
    expect(refused.code).toBe('not_found')
    expect(JSON.stringify([refused.message, refused.extra])).not.toContain('production')
  })
})
