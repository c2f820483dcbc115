import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCategory, makePrompt, viewerOf } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import type { BulkAnswer } from '../bulk-schema.ts'
import { archivePrompt } from './archive-prompt.ts'
import { bulkPrompts } from './bulk-prompts.ts'
import { listPrompts } from './list-prompts.ts'
import { patchPrompt } from './patch-prompt.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { bulk_names: 1000, tags: 3 } })
})
afterAll(() => app.close())

async function summaries(tag: string) {
  const [active, archived] = await Promise.all([
    listPrompts(app.actor(), { tag, limit: 200 }),
    listPrompts(app.actor(), { tag, limit: 200, archived: 'true' }),
  ])
  return [...active.items, ...archived.items].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const problems = ({ items }: BulkAnswer) => items.map(({ problem }) => problem?.code ?? 'ok')

describe('bulkPrompts', () => {
  it('tags, moves and archives, and its undo takes everything back', async () => {
    await makeCategory(app.actor(), { slug: 'here' })
    await makeCategory(app.actor(), { slug: 'there' })
    const tag = uniqueName('tag')
    const one = await makePrompt(app.actor(), { category: 'here', tags: [tag] })
    const two = await makePrompt(app.actor(), { category: 'there', tags: [tag, 'new'] })
    const three = await makePrompt(app.actor(), { tags: [tag] })
    const before = await summaries(tag)
    const names = [one, two, three].map(({ name }) => name)
    const actor = app.actor()
    const answer = await bulkPrompts(actor, {
      names,
      patch: { category: 'there', add_tags: ['new'], archived: true },
    })
    expect(answer).toMatchObject({ changed: 3, failed: 0 })
    expect(answer.items[0]?.before).toEqual({ category: 'here', tags: [tag], archived: false })
    const changed = await summaries(tag)
    expect(changed.map(({ category, tags, archived }) => ({ category, tags, archived }))).toEqual(
      names.map(() => ({ category: 'there', tags: ['new', tag].toSorted(), archived: true })),
    )
    expect(changed.map(({ etag }) => etag)).toEqual(answer.items.map(({ etag }) => etag))

    expect(answer.undo).toHaveLength(3)
    for (const body of answer.undo) expect((await bulkPrompts(app.actor(), body)).failed).toBe(0)
    const facts = (each: (typeof before)[number]) => [each.name, each.category, each.tags, each.archived]
    expect((await summaries(tag)).map(facts)).toEqual(before.map(facts))
  })

  it('makes one revision with a row for each prompt, and none when nothing changes', async () => {
    const names = (await Promise.all([makePrompt(app.actor()), makePrompt(app.actor())])).map(
      ({ name }) => name,
    )
    const actor = app.actor()
    await bulkPrompts(actor, { names, patch: { add_tags: ['a'] } })
    const { revision } = actor.request.outcome
    const rows = await app.runtime.database.primary.prisma.auditEvent.findMany({
      where: { workspace_id: actor.workspaceId, revision: revision ?? -1 },
    })
    expect(
      rows.map(({ action, target_name, before, after }) => [action, target_name, before, after]),
    ).toEqual(
      expect.arrayContaining(names.map((name) => ['prompt.update', name, { tags: [] }, { tags: ['a'] }])),
    )
    const again = app.actor()
    const answer = await bulkPrompts(again, { names, patch: { add_tags: ['a'] } })
    expect([answer.changed, answer.failed, answer.undo]).toEqual([0, 0, []])
    expect(again.request.outcome.revision).toBeUndefined()
  })

  it('tells each failure in its place and changes the others', async () => {
    const free = await makePrompt(app.actor())
    const stale = await makePrompt(app.actor())
    await patchPrompt(app.actor(), { current_name: stale.name, tags: ['x'], if_match: stale.etag })
    const full = await makePrompt(app.actor(), { tags: ['a', 'b', 'c'] })
    const answer = await bulkPrompts(app.actor(), {
      names: ['nobody', free.name, stale.name, full.name],
      patch: { add_tags: ['d'] },
      etags: { [free.name]: free.etag, [stale.name]: stale.etag },
    })
    expect(problems(answer)).toEqual(['not_found', 'ok', 'precondition_failed', 'too_large'])
    expect(answer.items[2]?.problem?.current_etag).toBe(answer.items[2]?.etag)
    expect(answer).toMatchObject({ changed: 1, failed: 3 })
  })

  it('archives what includes each other together, and keeps what others still include', async () => {
    const inner = await makePrompt(app.actor())
    const text = { template_content: `{% render "${inner.name}", who: "you" %}` }
    const outer = await makePrompt(app.actor(), text)
    const alone = await bulkPrompts(app.actor(), { names: [inner.name], patch: { archived: true } })
    expect(alone.items[0]?.problem).toMatchObject({ code: 'conflict', used_by: [outer.name] })
    // The outer one has to stay, so the inner one stays as well.
    const half = await bulkPrompts(app.actor(), {
      names: [inner.name, outer.name],
      patch: { archived: true },
      etags: { [outer.name]: inner.etag },
    })
    expect(problems(half)).toEqual(['conflict', 'precondition_failed'])
    const both = await bulkPrompts(app.actor(), {
      names: [inner.name, outer.name],
      patch: { archived: true },
    })
    expect(problems(both)).toEqual(['ok', 'ok'])
  })

  it('changes a prompt once that is named twice, and restores from the archive', async () => {
    const { name, etag } = await makePrompt(app.actor(), { aliases: [uniqueName('alias')] })
    await archivePrompt(app.actor(), { name, if_match: etag })
    const alias = (await listPrompts(app.actor(), { q: name, archived: 'true' })).items[0]?.aliases[0] ?? ''
    const answer = await bulkPrompts(app.actor(), { names: [name, alias, name], patch: { archived: false } })
    expect(answer.items.map((item) => [item.name, item.changed])).toEqual([
      [name, true],
      [alias, false],
    ])
  })

  it('refuses an unknown category, too many names, a stray ETag and a viewer', async () => {
    const names = [(await makePrompt(app.actor())).name]
    const nowhere = bulkPrompts(app.actor(), { names, patch: { category: 'nowhere' } })
    expect(await refusal(nowhere)).toMatchObject({ code: 'unprocessable' })
    const many = Array.from({ length: 1001 }, (_, n) => `n${n}`)
    const tooMany = bulkPrompts(app.actor(), { names: many, patch: { archived: true } })
    expect(await refusal(tooMany)).toMatchObject({ code: 'too_large', extra: { limit: 'limits.bulk_names' } })
    const stray = bulkPrompts(app.actor(), { names, patch: { archived: true }, etags: { other: '"a-1"' } })
    expect(await refusal(stray)).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['etags', 'other'] }],
    })
    const viewer = bulkPrompts(viewerOf(app.actor()), { names, patch: { archived: true } })
    expect(await refusal(viewer)).toMatchObject({ code: 'forbidden' })
  })

  it('answers a repeated Idempotency-Key with the first answer', async () => {
    const { name } = await makePrompt(app.actor())
    const idempotency = { route: 'POST /api/prompts/bulk', key: uniqueName('key'), bodyHash: 'h' }
    const input = { names: [name], patch: { add_tags: ['once'] } }
    const first = await bulkPrompts(app.actor({ idempotency }), input)
    expect(await bulkPrompts(app.actor({ idempotency }), input)).toEqual(first)
    expect(first.changed).toBe(1)
  })

  it('changes 1,000 prompts from both ends at once without a deadlock', async () => {
    const base = await makePrompt(app.actor(), { name: 'many', tags: ['crowd'] })
    await app.runtime.database.primary.pool.query(MANY, [base.name])
    const names = Array.from({ length: 1000 }, (_, n) => `many_${n + 1}`)
    const answers = await Promise.all([
      bulkPrompts(app.actor(), { names, patch: { add_tags: ['up'] } }),
      bulkPrompts(app.actor(), { names: names.toReversed(), patch: { add_tags: ['down'] } }),
      bulkPrompts(app.actor(), { names: names.slice(300, 600), patch: { remove_tags: ['crowd'] } }),
    ])
    expect(answers.map(({ changed, failed }) => [changed, failed])).toEqual([
      [1000, 0],
      [1000, 0],
      [300, 0],
    ])
    expect(answers[0]?.undo).toHaveLength(1)
  })
})

const MANY = `WITH base AS (SELECT * FROM prompt_template WHERE name = $1), copy AS (
    SELECT gen_random_uuid() AS id, 'many_' || n AS name FROM generate_series(1, 1000) n
  ), made AS (
    INSERT INTO prompt_template (id, workspace_id, name, tags, revision, next_version, created_by, updated_by)
    SELECT copy.id, base.workspace_id, copy.name, base.tags, 1, 2, base.created_by, base.updated_by FROM copy, base
  ), named AS (
    INSERT INTO prompt_name (workspace_id, name, prompt_id, is_alias)
    SELECT base.workspace_id, copy.name, copy.id, false FROM copy, base
  )
  INSERT INTO prompt_version (id, workspace_id, prompt_id, number, kind, content, variables, checksum, checksum_v,
    renderer_version, created_by)
  SELECT gen_random_uuid(), v.workspace_id, copy.id, 1, v.kind, v.content, v.variables, v.checksum, v.checksum_v,
    v.renderer_version, v.created_by
  FROM copy, base JOIN prompt_version v ON v.prompt_id = base.id AND v.number = 1`
