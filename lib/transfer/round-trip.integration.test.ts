import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { isAppError } from '../errors.ts'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { listPrompts } from '../prompts/operations/list-prompts.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { makeOtherWorkspace, makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { countExport } from './operations/count-export.ts'
import { importPrompts } from './operations/import-prompts.ts'
import type { ExportQuery, Manifest } from './schema.ts'
import { actions, exported } from './testing.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

let count = 0
/** The owner of an empty workspace, with a request of its own at each call. */
async function workspace(): Promise<() => Actor> {
  const owner = await makeOtherWorkspace(`there-${++count}`)
  return () => ({ ...owner, request: testRequest() })
}

/** Everything of one workspace, and what an empty one makes of it. */
async function carry(from: () => Actor, query: ExportQuery = { versions: 'all' }) {
  const to = await workspace()
  const files = await exported(from(), query)
  const brought = Object.entries(files).map(([path, text]) => ({ path, text }))
  const answer = await importPrompts(to(), { files: brought })
  return { to, files, answer, again: await exported(to(), { versions: 'all' }) }
}

/** What the includes of each file are pinned to; checksums have the name of before, where a prompt was renamed. */
const pinsOf = (files: Record<string, string>) => {
  const { prompts }: Manifest = JSON.parse(files['incipit.json'] ?? '')
  return Object.fromEntries(
    prompts.map(({ path, includes = [] }) => [
      path,
      includes.map(({ ref, name, version: number }) => ({ ref, name, number })),
    ]),
  )
}

const withoutManifest = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).filter(([path]) => path !== 'incipit.json'))

async function version(actor: Actor, name: string, text: string, labels: string[] = []) {
  const { latest_version } = await getPrompt(actor, { name, label: 'latest' })
  const request = { name, base_version: latest_version, template_content: text, labels }
  return createVersion({ ...actor, request: testRequest() }, request)
}

const step = fc.record({
  who: fc.nat(3),
  does: fc.constantFrom('save', 'save', 'save', 'release', 'rename'),
  includes: fc.uniqueArray(
    fc.record({ name: fc.nat(3), version: fc.option(fc.integer({ min: 1, max: 4 })) }),
    {
      maxLength: 2,
      selector: ({ name, version }) => `${name} ${version}`,
    },
  ),
  pick: fc.nat(9),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does what a step says, as far as it can be done just then. */
async function take(owner: () => Actor, { who, does, includes, pick }: Step, at: number): Promise<void> {
  const name = `p${who}`
  try {
    if (does === 'release') {
      const { etag, latest_version } = await getPrompt(owner(), { name, label: 'latest' })
      const target = { label: 'production', version: 1 + (pick % latest_version) }
      await setLabel(owner(), { name, ...target, if_match: etag })
    } else if (does === 'rename') {
      const { name: now, etag } = await getPrompt(owner(), { name, label: 'latest' })
      await patchPrompt(owner(), { current_name: now, name: `${name}_${at}`, if_match: etag })
    } else {
      const refs = includes.map((each) => `p${each.name}${each.version === null ? '' : `@${each.version}`}`)
      const text = [`Step ${at}`, ...refs.map((ref) => `{% render "${ref}" %}`)].join(' ')
      const labels = pick < 5 ? ['production'] : []
      const isThere = await getPrompt(owner(), { name, label: 'latest' }).then(
        () => true,
        () => false,
      )
      if (isThere) await version(owner(), name, text, labels)
      else await makePrompt(owner(), { name, template_content: text })
    }
  } catch (error) {
    // It includes what is not there, or too deep.
    if (!isAppError(error)) throw error
  }
}

describe('what an export writes', () => {
  it('is the same again in an empty workspace, whatever was saved one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const from = await workspace()
        await makePrompt(from(), { name: 'p0', template_content: 'First' })
        for (const [at, each] of steps.entries()) await take(from, each, at)
        const { files, again, answer } = await carry(from)
        expect(answer.items.flatMap(({ notes }) => notes)).toEqual([])
        expect(withoutManifest(again)).toEqual(withoutManifest(files))
        expect(pinsOf(again)).toEqual(pinsOf(files))
      }),
      { numRuns: 12 },
    )
  })

  it('comes back where older and newer versions include each other', async () => {
    const from = await workspace()
    await makePrompt(from(), { name: 'b', template_content: 'B' })
    await makePrompt(from(), { name: 'a', template_content: 'A {% render "b" %}' })
    await version(from(), 'a', 'A alone', ['production'])
    await version(from(), 'b', 'B {% render "a" %}', ['production'])
    const { to, files, again } = await carry(from)
    expect(withoutManifest(again)).toEqual(withoutManifest(files))
    expect((await getPrompt(to(), { name: 'b' })).includes).toMatchObject([{ name: 'a', version: 2 }])
  })

  it('keeps its numbers where a version is gone, and leaves out older ones whose includes are', async () => {
    const from = await workspace()
    await makePrompt(from(), { name: 'gone', template_content: 'Gone' })
    await makePrompt(from(), { name: 'tone', template_content: 'One' })
    await version(from(), 'tone', 'A secret')
    await version(from(), 'tone', 'Three')
    await makePrompt(from(), { name: 'user', template_content: '{% render "gone" %}' })
    await version(from(), 'user', '{% render "tone@3" %}')
    await version(from(), 'user', '{% render "user@2" %}')
    await redactVersion(from(), { name: 'tone', version: 2 })
    const { etag } = await getPrompt(from(), { name: 'gone' })
    await archivePrompt(from(), { name: 'gone', if_match: etag })
    const { to, answer, again } = await carry(from)
    expect(actions(answer)).toEqual({ tone: 'create', user: 'create' })
    const said = answer.items.find(({ name }) => name === 'user')?.notes.map(({ message }) => message)
    expect(said?.[0]).toMatch(/^Version 1 is left out: There is no prompt "gone"/)
    expect(said?.[1]).toContain('"production" is not set')
    expect(Object.keys(again).toSorted()).toEqual([
      'incipit.json',
      'tone.md',
      'tone.versions/1.md',
      'user.md',
      'user.versions/2.md',
    ])
    expect(await getPrompt(to(), { name: 'user', label: 'latest' })).toMatchObject({
      version: 3,
      includes: [{ name: 'user', version: 2 }],
    })
    await version(to(), 'tone', 'Four')
    expect((await getPrompt(to(), { name: 'tone', label: 'latest' })).version).toBe(4)
  })
})

describe('an export of some prompts', () => {
  it('comes in whole with what they include, and renders the same, whatever was saved before', async () => {
    const exports = fc.record({
      steps: fc.array(step, { minLength: 4, maxLength: 24 }),
      prompt: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 }),
      versions: fc.constantFrom('current' as const, 'all' as const),
    })
    await fc.assert(
      fc.asyncProperty(exports, async ({ steps, prompt, versions }) => {
        const from = await workspace()
        await makePrompt(from(), { name: 'p0', template_content: 'First' })
        for (const [at, each] of steps.entries()) await take(from, each, at)
        const query = { prompt: [...(await known(from, prompt))], versions, includes: 'true' as const }
        const { to, files, answer } = await carry(from, query)
        expect(answer.items.map(({ action }) => action)).toEqual(answer.items.map(() => 'create'))
        expect(answer.items.flatMap(({ notes }) => notes)).toEqual([])
        const { prompts }: Manifest = JSON.parse(files['incipit.json'] ?? '')
        const chosen = new Set(prompts.flatMap(({ name, included }) => (included ? [] : [name])))
        for (const name of chosen) {
          const label = 'latest'
          const [there, here] = await Promise.all([
            renderPrompt(to(), { name, label, variables: {} }),
            renderPrompt(from(), { name, label, variables: {} }),
          ])
          expect(there.content).toBe(here.content)
        }
        const counted = await countExport(from(), query)
        const all = new Set(prompts.map(({ name }) => name))
        expect(counted).toEqual({ prompts: chosen.size, included: all.size - chosen.size })
      }),
      { numRuns: 20 },
    )
  })

  it('keeps what its includes are pinned to, though they moved on, and says where it cannot', async () => {
    const from = await workspace()
    await makePrompt(from(), { name: 'tone', template_content: 'Old' })
    await makePrompt(from(), { name: 'reply', template_content: '{% render "tone" %}' })
    await makePrompt(from(), { name: 'other', template_content: '{% render "tone@1" %}' })
    await version(from(), 'tone', 'New', ['production'])
    const said = async (actor: Actor, name: string) =>
      (await renderPrompt(actor, { name, variables: {} })).content

    const whole = await carry(from, { prompt: ['reply', 'other'], includes: 'true' })
    expect(Object.keys(whole.files).toSorted()).toEqual([
      'incipit.json',
      'other.md',
      'reply.md',
      'tone.md',
      'tone.versions/1.md',
    ])
    expect(whole.answer.items.flatMap(({ notes }) => notes)).toEqual([])
    expect([await said(whole.to(), 'reply'), await said(whole.to(), 'tone')]).toEqual(['Old', 'New'])

    // Without the old version: what is there by that text already, else the newest, which is told.
    const reply = await exported(from(), { prompt: ['reply'] })
    const bring = (actor: Actor, files: Record<string, string>) =>
      importPrompts(actor, { files: Object.entries(files).map(([path, text]) => ({ path, text })) })
    const known = await workspace()
    await makePrompt(known(), { name: 'tone', template_content: 'Old' })
    await version(known(), 'tone', 'Newest', ['production'])
    expect((await bring(known(), reply)).items.flatMap(({ notes }) => notes)).toEqual([])
    expect(await said(known(), 'reply')).toBe('Old')
    const strange = await workspace()
    const both = await exported(from(), { prompt: ['reply', 'tone'] })
    const { items } = await bring(strange(), both)
    expect(items.find(({ name }) => name === 'reply')?.notes).toEqual([
      {
        message: '"tone" was version 1 where it comes from, which is not here: it includes version 1',
      },
    ])
    expect(await said(strange(), 'reply')).toBe('New')
  })

  it('has a version that a text names by its number, also where it is the only one', async () => {
    const from = await workspace()
    await makePrompt(from(), { name: 'tone', template_content: 'Old' })
    await version(from(), 'tone', 'New', ['production'])
    await makePrompt(from(), { name: 'reply', template_content: '{% render "tone@2" %}' })
    const { answer, to } = await carry(from, { prompt: ['reply'], includes: 'true' })
    expect(actions(answer)).toEqual({ reply: 'create', tone: 'create' })
    expect((await getPrompt(to(), { name: 'reply' })).includes).toMatchObject([{ name: 'tone', version: 2 }])
  })

  it('brings what its texts need of the archive, and tells who is pinned of nothing else', async () => {
    const from = await workspace()
    await makePrompt(from(), { name: 'put-away', template_content: 'Away' })
    await makePrompt(from(), { name: 'user', template_content: '{% render "put-away" %}' })
    await version(from(), 'user', 'Alone')
    const { etag } = await getPrompt(from(), { name: 'put-away' })
    await archivePrompt(from(), { name: 'put-away', if_match: etag })
    const released = await exported(from(), { label: 'production', includes: 'true' })
    expect(Object.keys(released)).toEqual(['user.md', 'put-away.md', 'incipit.json'])
    const pinned = () => ({ ...from(), label: 'production' })
    expect(Object.keys(await exported(pinned(), { includes: 'true' }))).toEqual(['user.md', 'incipit.json'])
    expect(await countExport(pinned(), {})).toEqual({ prompts: 1, included: 0 })
  })
})

/** Names of those prompts that are there, of `p0` to `p3`; `p0` always is. */
async function known(owner: () => Actor, numbers: readonly number[]): Promise<Set<string>> {
  const all = await listPrompts(owner(), { limit: 100 })
  const there = new Set(all.items.flatMap(({ name, aliases }) => [name, ...aliases]))
  const wanted = numbers.map((number) => `p${number}`).filter((name) => there.has(name))
  return new Set(wanted.length > 0 ? wanted : ['p0'])
}
