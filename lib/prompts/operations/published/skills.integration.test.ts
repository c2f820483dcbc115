import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAppError } from '../../../errors.ts'
import { pinnedTo } from '../../../testing/factories.ts'
import { refusal } from '../../../testing/refusal.ts'
import { uniqueName } from '../../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../../testing/runtime.ts'
import type { SavedPrompt } from '../../saving-schema.ts'
import type { CreatePromptInput, Prompt } from '../../schema.ts'
import { bulkPrompts } from '../bulk-prompts.ts'
import { createPrompt } from '../create-prompt.ts'
import { createVersion } from '../create-version.ts'
import { listPrompts } from '../list-prompts.ts'
import { patchPrompt } from '../patch-prompt.ts'
import { redactVersion } from '../redact-version.ts'
import { savePrompts } from '../save-prompts.ts'
import { downloadSkill } from './download-skill.ts'
import { findSkill } from './find-skill.ts'
import { getSkill } from './get-skill.ts'
import { listSkills } from './list-skills.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

/** A prompt that is a skill; what is not given is made up. */
function make(input: Partial<CreatePromptInput> = {}): Promise<Prompt> {
  return createPrompt(app.actor(), {
    name: uniqueName('skill'),
    template_content: 'Do it.',
    description: 'Does it',
    publish: { skill: true },
    ...input,
  })
}

function patch({ name, etag }: Prompt, change: { name?: string; archived?: boolean }): Promise<Prompt> {
  return patchPrompt(app.actor(), { current_name: name, if_match: etag, ...change })
}

async function listed(query: { label?: string } = {}): Promise<string[]> {
  return (await listSkills(app.actor(), query)).items.map(({ prompt }) => prompt)
}

describe('a version that is to be a skill', () => {
  it('is none unless it says so, and stays one in the next version', async () => {
    const plain = await createPrompt(app.actor(), { name: uniqueName(), template_content: 'x' })
    expect(plain.publish).toEqual({ prompt: true, tool: false, skill: false })
    const { name, etag, publish } = await make({ publish: { prompt: false, skill: true } })
    expect(publish).toEqual({ prompt: false, tool: false, skill: true })
    const next = await createVersion(app.actor(), { name, if_match: etag, template_content: 'More.' })
    expect(next.publish).toEqual(publish)
  })

  it.each([
    ['no description', { description: '' }, ['description']],
    ['too long a description', { description: '🎉'.repeat(1025) }, ['description']],
    [
      'a picture',
      {
        template_content: undefined,
        messages: [{ role: 'user', content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }],
      },
      ['messages', 0, 'content', 0],
    ],
  ] as [string, Partial<CreatePromptInput>, unknown][])('is refused with %s', async (_, input, path) => {
    const { code, details } = await refusal(make(input))
    expect([code, details.map((each) => each.path)]).toEqual(['unprocessable', [path]])
  })

  it('may have a description of 1,024 characters, however many bytes they take', async () => {
    expect((await make({ description: '🎉'.repeat(1024) })).publish.skill).toBe(true)
  })
})

describe('the name of a skill', () => {
  it('belongs to one prompt, whatever signs stand between its words', async () => {
    const name = uniqueName('one_name')
    const first = await make({ name })
    const other = name.replaceAll('_', '-')
    const refused = await refusal(make({ name: other }))
    expect(refused).toMatchObject({ code: 'unprocessable', extra: { holder: name } })
    expect(refused.details).toMatchObject([{ path: ['publish', 'skill'], code: 'skill_name_taken' }])
    const plain = await make({ name: other, publish: {} })
    expect((await refusal(publish(plain))).code).toBe('unprocessable')
    await patch(first, { archived: true })
    await publish(plain)
    const archived = await listArchived(name)
    expect((await refusal(patch(archived, { archived: false }))).details).toMatchObject([
      { code: 'skill_name_taken' },
    ])
  })

  function publish({ name, etag }: Prompt): Promise<Prompt> {
    return createVersion(app.actor(), { name, if_match: etag, publish: { skill: true } })
  }

  async function listArchived(name: string): Promise<Prompt> {
    const { items } = await listPrompts(app.actor(), { archived: 'true', q: name })
    const found = items.find((item) => item.name === name)
    if (found === undefined) throw new Error('it is not in the archive')
    // What a patch needs of it.
    return found as unknown as Prompt
  }

  it('is refused to a prompt that is renamed to it, and not to the one that has it', async () => {
    const name = uniqueName('re_name')
    const first = await make({ name })
    const other = await make()
    expect((await refusal(patch(other, { name: name.replaceAll('_', '-') }))).code).toBe('unprocessable')
    const renamed = await patch(first, { name: name.replaceAll('_', '-') })
    expect(await findSkill(app.actor(), { skill: renamed.name })).toMatchObject({ prompt: renamed.name })
  })

  it('goes to one of those that are restored together, and to none where another has it', async () => {
    const name = uniqueName('to_get_her')
    const other = name.replaceAll('_', '-')
    for (const each of [name, other]) await patch(await make({ name: each }), { archived: true })
    const restore = async () => {
      const patched = { names: [other, name], patch: { archived: false } }
      return (await bulkPrompts(app.actor(), patched)).items.filter(({ changed }) => changed)
    }
    expect(await restore()).toHaveLength(1)
    expect(await restore()).toHaveLength(0)
  })

  it.each([
    ['as it was', { template_content: 'Do it.', description: 'Does it', publish: { skill: true } }],
    ['as no skill', { template_content: 'Other.', publish: { skill: false } }],
  ])('is refused to a prompt that many prompts bring back from the archive %s', async (_how, version) => {
    const name = uniqueName('back_again')
    await patch(await make({ name }), { archived: true })
    const save = async () => {
      const brought = { name, category: null, tags: [], aliases: [], shelf: {}, movesLabels: false }
      const prompts = [{ ...brought, versions: [version], onConflict: 'version' as const }]
      const finish = (_context: unknown, saved: SavedPrompt[]) => Promise.resolve(saved)
      const result = await savePrompts(app.actor(), { prompts, dryRun: false, finish })
      return 'finished' in result ? result.finished[0] : undefined
    }
    const other = await make({ name: name.replaceAll('_', '-') })
    expect(await save()).toMatchObject({ action: 'refused', problems: [{ code: 'skill_name_taken' }] })
    await patch(other, { archived: true })
    expect(await save()).toMatchObject({ action: expect.stringMatching(/unchanged|version/), problems: [] })
  })

  it('is listed, and no longer, where a version beside this one that knows no skills moves its label', async () => {
    const name = uniqueName('moved_beside')
    const made = await make({ name, publish: { skill: false } })
    await createVersion(app.actor(), { name, base_version: 1, publish: { skill: true } })
    /** As version 0.2.0 does it, whose notice names no list: title and description are the same. */
    const move = async (to: number) => {
      const { pool } = app.runtime.database.primary
      const { rows } = await pool.query(
        'UPDATE workspace SET revision = revision + 1 WHERE id = $1 RETURNING revision',
        [app.identity.workspaceId],
      )
      await pool.query(
        `UPDATE prompt_label SET version_number = $3 WHERE workspace_id = $1 AND prompt_id = $2`,
        [app.identity.workspaceId, made.id, to],
      )
      const target = { kind: 'prompt', id: made.id, name, action: 'label.set' }
      app.runtime.feed.apply({
        workspace_id: app.identity.workspaceId,
        revision: Number(rows[0].revision),
        targets: [target],
        lists: [],
      })
    }
    expect(await listed()).not.toContain(name)
    await move(2)
    expect(await listed()).toContain(name)
    await move(1)
    expect(await listed()).not.toContain(name)
  })

  it('goes to one of many that ask for it at the same moment', async () => {
    const name = uniqueName('a_b_c_d')
    const names = [0, 1, 2, 3].flatMap((bits) => [
      name.replace('_', bits & 1 ? '-' : '_').replace('b_', bits & 2 ? 'b-' : 'b_'),
    ])
    const outcomes = await Promise.allSettled(names.map((each) => make({ name: each })))
    const lost = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
    expect(lost).toHaveLength(3)
    expect(lost.every((error) => isAppError(error) && error.code === 'unprocessable')).toBe(true)
  })
})

describe('skills that agents see', () => {
  it('are those whose labelled version is one', async () => {
    const { name, etag } = await make()
    await createVersion(app.actor(), { name, if_match: etag, publish: { skill: false }, labels: ['next'] })
    expect(await listed()).toContain(name)
    expect(await listed({ label: 'next' })).not.toContain(name)
    expect(await listed({ label: 'latest' })).not.toContain(name)
    const skill = name.replaceAll('_', '-')
    await expect(findSkill(app.actor(), { skill })).resolves.toMatchObject({
      version: 1,
      label: 'production',
    })
    expect((await refusal(findSkill(app.actor(), { skill, label: 'next' }))).code).toBe('not_found')
    expect((await refusal(findSkill(pinnedTo(app.actor(), 'next'), { skill }))).code).toBe('not_found')
    expect((await refusal(findSkill(app.actor(), { skill, category: 'data' }))).code).toBe('not_found')
  })

  it('change their digest with their text, and with nothing else', async () => {
    const { name, etag } = await make()
    const digest = async () => (await getSkill(app.actor(), { name, label: 'latest' })).files[0]?.sha256
    const first = await digest()
    const same = await createVersion(app.actor(), {
      name,
      if_match: etag,
      message: 'The same',
      config: { a: 1 },
    })
    expect(await digest()).toBe(first)
    await createVersion(app.actor(), { name, if_match: same.etag, template_content: 'Do that.' })
    expect(await digest()).not.toBe(first)
  })

  it('bring along what they include', async () => {
    const tone = await make({ publish: {}, template_content: 'Be kind to {{ who }}.' })
    const { name } = await make({ template_content: `{% render "${tone.name}", who: "all" %}` })
    const { files } = await getSkill(app.actor(), { name })
    expect(files.map(({ path }) => path)).toEqual(['SKILL.md', `references/${tone.name}.md`])
    expect(files[1]?.text).toContain('Be kind to {{ who }}.')
  })

  it('are gone when their text was redacted', async () => {
    const { name } = await make({ template_content: 'secret' })
    expect(await listed()).toContain(name)
    await redactVersion(app.actor(), { name, version: 1 })
    await expect.poll(() => listed()).not.toContain(name)
    expect((await refusal(getSkill(app.actor(), { name }))).code).toBe('not_found')
  })

  it('are pages that follow one another', async () => {
    for (let count = 0; count < 3; count++) await make()
    const all = await listed()
    expect(all).toEqual(all.toSorted())
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('a download', () => {
  it('is a folder of the name of the skill, with the same bytes each time', async () => {
    const { name } = await make({ template_content: 'Grüße' })
    const read = async (): Promise<Uint8Array> => {
      const parts: Uint8Array[] = []
      const { start } = await downloadSkill(app.actor(), { name })
      start({
        write: (part) => parts.push(Buffer.from(part)) > 0,
        onDrain: () => undefined,
        end: () => undefined,
      })
      return Buffer.concat(parts)
    }
    const bytes = await read()
    const { files } = await getSkill(app.actor(), { name })
    const unzipped = unzipSync(bytes)
    expect(Object.keys(unzipped)).toEqual([`${name.replaceAll('_', '-')}/SKILL.md`])
    expect(Buffer.from(Object.values(unzipped)[0] ?? []).toString()).toBe(files[0]?.text)
    expect(await read()).toEqual(bytes)
  })

  it('is refused of a version that is no skill', async () => {
    const { name } = await make({ publish: {} })
    expect(await refusal(downloadSkill(app.actor(), { name }))).toMatchObject({
      code: 'not_found',
      details: [{ code: 'no_skill' }],
    })
  })
})
