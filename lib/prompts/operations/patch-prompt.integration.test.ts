import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewerOf } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import type { CreatePromptInput, Prompt } from '../schema.ts'
import { archivePrompt } from './archive-prompt.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { duplicatePrompt } from './duplicate-prompt.ts'
import { getPrompt } from './get-prompt.ts'
import { listLabels } from './list-labels.ts'
import { listUsedBy } from './list-used-by.ts'
import { listVersions } from './list-versions.ts'
import { patchPrompt } from './patch-prompt.ts'
import { renderPrompt } from './render-prompt.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  for (const slug of ['data', 'quality'])
    await app.runtime.database.primary.pool.query(
      `INSERT INTO category (id, workspace_id, slug, name, color, position, created_by)
       VALUES (gen_random_uuid(), $1, $2, $2, '#112233', 1, $3)`,
      [app.identity.workspaceId, slug, app.identity.ownerId],
    )
})
afterAll(() => app.close())

function make(input: Partial<CreatePromptInput> = {}): Promise<Prompt> {
  return createPrompt(app.actor(), { name: uniqueName(), template_content: 'text', ...input })
}

function auditOf(id: string, action: string) {
  return app.runtime.database.primary.prisma.auditEvent.findFirst({
    where: { target_id: id, action },
    orderBy: { revision: 'desc' },
  })
}

describe('patchPrompt', () => {
  it('changes category and tags in place, without a new version', async () => {
    const { name, id, etag } = await make({ category: 'data', tags: ['a'] })
    const patched = await patchPrompt(app.actor(), {
      current_name: name,
      if_match: etag,
      category: 'quality',
      tags: ['c', 'b', 'c'],
    })
    expect(patched).toMatchObject({ category: 'quality', tags: ['b', 'c'], version: 1, latest_version: 1 })
    expect(patched.etag).not.toBe(etag)
    expect(await getPrompt(app.actor(), { name })).toEqual(patched)
    const audit = await auditOf(id, 'prompt.update')
    expect(audit).toMatchObject({
      before: { category: 'data', tags: ['a'] },
      after: { category: 'quality', tags: ['b', 'c'] },
    })
    expect(audit?.lists).toContainEqual({ list: 'prompts', label: 'production', category: 'data' })
    expect(audit?.lists).toContainEqual({ list: 'prompts', label: 'production', category: 'quality' })
    const none = await patchPrompt(app.actor(), {
      current_name: name,
      if_match: patched.etag,
      category: null,
    })
    expect(none.category).toBeNull()
  })

  it('leaves everything as it is when nothing differs', async () => {
    const { name, etag } = await make({ category: 'data', tags: ['a', 'b'], aliases: [uniqueName('alias')] })
    const actor = app.actor()
    const same = {
      current_name: name,
      if_match: etag,
      name,
      category: 'data',
      tags: ['b', 'a'],
      archived: false,
    }
    expect(await patchPrompt(actor, same)).toMatchObject({ etag })
    expect(actor.request.outcome.revision).toBeUndefined()
  })

  it('keeps the old name of a renamed prompt as an alias', async () => {
    const { name, etag, id } = await make()
    const next = uniqueName('renamed')
    const renamed = await patchPrompt(app.actor(), { current_name: name, if_match: etag, name: next })
    expect(renamed).toMatchObject({ id, name: next, aliases: [name] })
    expect(await getPrompt(app.actor(), { name })).toMatchObject({ id, name: next })
    const blocked = createPrompt(app.actor(), { name, template_content: 'x' })
    expect(await refusal(blocked)).toMatchObject({ code: 'conflict', extra: { holders: [next] } })
    const { prisma } = app.runtime.database.primary
    expect(await prisma.promptSearch.findFirst({ where: { prompt_id: id } })).toMatchObject({ name: next })
    expect(await auditOf(id, 'prompt.update')).toMatchObject({
      before: { name, aliases: [] },
      after: { name: next, aliases: [name] },
    })
  })

  it('reaches a prompt by its alias, and frees an alias that is removed', async () => {
    const alias = uniqueName('alias')
    const { name, etag } = await make({ aliases: [alias] })
    const removed = await patchPrompt(app.actor(), { current_name: alias, if_match: etag, aliases: [] })
    expect(removed).toMatchObject({ name, aliases: [] })
    expect(await refusal(getPrompt(app.actor(), { name: alias }))).toMatchObject({ code: 'not_found' })
    expect(await createPrompt(app.actor(), { name: alias, template_content: 'mine now' })).toMatchObject({
      name: alias,
    })
    expect(await getPrompt(app.actor(), { name: alias })).toMatchObject({ template_content: 'mine now' })
  })

  it('swaps a name with an alias of its own', async () => {
    const alias = uniqueName('alias')
    const { name, etag } = await make({ aliases: [alias] })
    const swapped = await patchPrompt(app.actor(), { current_name: name, if_match: etag, name: alias })
    expect(swapped).toMatchObject({ name: alias, aliases: [name] })
    const back = await patchPrompt(app.actor(), { current_name: name, if_match: swapped.etag, name })
    expect(back).toMatchObject({ name, aliases: [alias] })
  })

  it('archives, and restores with everything it had', async () => {
    const { name, etag, id } = await make({ tags: ['a'] })
    const archived = await patchPrompt(app.actor(), { current_name: name, if_match: etag, archived: true })
    expect(archived).toMatchObject({ archived: true })
    expect(await refusal(getPrompt(app.actor(), { name }))).toMatchObject({ code: 'not_found' })
    const restored = await patchPrompt(app.actor(), {
      current_name: name,
      if_match: archived.etag,
      archived: false,
    })
    expect(restored).toMatchObject({ archived: false, tags: ['a'], label: 'production' })
    expect(await getPrompt(app.actor(), { name })).toMatchObject({ id })
    expect(await auditOf(id, 'prompt.restore')).toMatchObject({ after: { archived: false } })
  })

  it('answers with the newest version of a prompt without production', async () => {
    const { name, etag } = await make()
    await app.runtime.database.primary.pool.query('DELETE FROM prompt_label')
    const patched = await patchPrompt(app.actor(), { current_name: name, if_match: etag, tags: ['x'] })
    expect(patched).toMatchObject({ label: 'latest', version: 1, labels: [] })
  })

  it('refuses names that others hold', async () => {
    const other = await make({ aliases: [uniqueName('alias')] })
    const { name, etag } = await make()
    const [alias = ''] = other.aliases
    const patch = { current_name: name, if_match: etag }
    expect(await refusal(patchPrompt(app.actor(), { ...patch, name: other.name }))).toMatchObject({
      code: 'conflict',
      details: [{ path: ['name'] }],
      extra: { holders: [other.name] },
    })
    expect(await refusal(patchPrompt(app.actor(), { ...patch, aliases: ['fine', alias] }))).toMatchObject({
      code: 'conflict',
      details: [{ path: ['aliases', 1] }],
    })
  })

  it('refuses to rename a published tool to a name of the server’s own', async () => {
    const { name, etag } = await make({ publish: { tool: true } })
    const patch = patchPrompt(app.actor(), { current_name: name, if_match: etag, name: 'get_prompt' })
    expect(await refusal(patch)).toMatchObject({
      code: 'unprocessable',
      details: [{ code: 'tool_name_taken' }],
    })
  })

  it('refuses an unknown category, unknown prompts, viewers and a missing or stale precondition', async () => {
    const { name, etag } = await make()
    const patch = { current_name: name, if_match: etag, tags: ['x'] }
    expect(await refusal(patchPrompt(app.actor(), { ...patch, category: 'nowhere' }))).toMatchObject({
      code: 'unprocessable',
      extra: { categories: ['data', 'quality'] },
    })
    expect(await refusal(patchPrompt(app.actor(), { ...patch, current_name: 'nothing' }))).toMatchObject({
      code: 'not_found',
    })
    expect(await refusal(patchPrompt(viewerOf(app.actor()), patch))).toMatchObject({ code: 'forbidden' })
    const { if_match: _, ...blind } = patch
    expect(await refusal(patchPrompt(app.actor(), blind))).toMatchObject({ code: 'precondition_required' })
    expect(await refusal(patchPrompt(app.actor(), { ...patch, if_match: '"old"' }))).toMatchObject({
      code: 'precondition_failed',
      extra: { current_etag: etag },
    })
    expect(await patchPrompt(app.actor(), { ...patch, if_match: '*' })).toMatchObject({ tags: ['x'] })
  })
})

describe('archivePrompt', () => {
  it('hides the prompt from every read, and keeps its name', async () => {
    const { name, etag, id } = await make()
    expect(await archivePrompt(app.actor(), { name, if_match: etag })).toBeUndefined()
    const reads = [
      getPrompt(app.actor(), { name }),
      getPrompt(app.actor(), { name, version: 1 }),
      renderPrompt(app.actor(), { name }),
      listVersions(app.actor(), { name }),
      listLabels(app.actor(), { name }),
      listUsedBy(app.actor(), { name }),
      duplicatePrompt(app.actor(), { current_name: name }),
      archivePrompt(app.actor(), { name, if_match: '*' }),
    ]
    for (const refused of await Promise.all(reads.map(refusal)))
      expect(refused).toMatchObject({ code: 'not_found', extra: { archived: true } })
    const taken = createPrompt(app.actor(), { name, template_content: 'x' })
    expect(await refusal(taken)).toMatchObject({ code: 'conflict', extra: { holders: [name] } })
    expect(await auditOf(id, 'prompt.archive')).toMatchObject({
      before: { archived: false },
      after: { archived: true },
    })
  })

  it('refuses while the newest version of another prompt includes it', async () => {
    const part = await make()
    const whole = await make({ template_content: `{% render "${part.name}" %}` })
    const refused = archivePrompt(app.actor(), { name: part.name, if_match: part.etag })
    expect(await refusal(refused)).toMatchObject({ code: 'conflict', extra: { used_by: [whole.name] } })
    await createVersion(app.actor(), { name: whole.name, base_version: 1, template_content: 'alone' })
    await archivePrompt(app.actor(), { name: part.name, if_match: part.etag })
    // Production still names the version that includes it: what it is pinned to stays.
    expect(await renderPrompt(app.actor(), { name: whole.name })).toMatchObject({ content: 'text' })
  })

  it('refuses viewers and a missing or stale precondition', async () => {
    const { name, etag } = await make()
    const archive = { name, if_match: etag }
    expect(await refusal(archivePrompt(viewerOf(app.actor()), archive))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(archivePrompt(app.actor(), { name }))).toMatchObject({
      code: 'precondition_required',
    })
    expect(await refusal(archivePrompt(app.actor(), { name, if_match: '"old"' }))).toMatchObject({
      code: 'precondition_failed',
    })
  })
})

describe('duplicatePrompt', () => {
  it('copies the newest version under a name of its own', async () => {
    const first = await make({ category: 'data', tags: ['a'], aliases: [uniqueName('alias')], title: 'T' })
    await createVersion(app.actor(), { name: first.name, base_version: 1, template_content: 'Hi {{ who }}' })
    const copy = await duplicatePrompt(app.actor(), { current_name: first.name })
    expect(copy).toMatchObject({
      name: `${first.name}-copy`,
      version: 1,
      template_content: 'Hi {{ who }}',
      title: 'T',
      category: 'data',
      tags: ['a'],
      aliases: [],
      label: 'production',
      message: `Copy of ${first.name}, version 2`,
    })
    expect(copy.id).not.toBe(first.id)
    const again = await duplicatePrompt(app.actor(), { current_name: first.name })
    expect(again.name).toBe(`${first.name}-copy-2`)
    const ofCopy = await duplicatePrompt(app.actor(), { current_name: copy.name })
    expect(ofCopy.name).toBe(`${first.name}-copy-3`)
  })

  it('takes a name that is said, unless it is taken', async () => {
    const first = await make()
    const name = uniqueName('copy')
    expect(await duplicatePrompt(app.actor(), { current_name: first.name, name })).toMatchObject({ name })
    const taken = duplicatePrompt(app.actor(), { current_name: first.name, name })
    expect(await refusal(taken)).toMatchObject({ code: 'conflict' })
    const none = duplicatePrompt(app.actor(), { current_name: 'nothing' })
    expect(await refusal(none)).toMatchObject({ code: 'not_found' })
    const denied = duplicatePrompt(viewerOf(app.actor()), { current_name: first.name })
    expect(await refusal(denied)).toMatchObject({ code: 'forbidden' })
  })
})
