import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { isAppError } from '../errors.ts'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { makeOtherWorkspace, makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { importPrompts } from './operations/import-prompts.ts'
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
async function carry(from: () => Actor) {
  const to = await workspace()
  const files = await exported(from(), { versions: 'all' })
  const brought = Object.entries(files).map(([path, text]) => ({ path, text }))
  const answer = await importPrompts(to(), { files: brought })
  return { to, files, answer, again: await exported(to(), { versions: 'all' }) }
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
