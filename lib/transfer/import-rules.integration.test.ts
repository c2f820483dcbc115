import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudit } from '../audit/operations/list-audit.ts'
import { setLabelRule } from '../label-rules/operations/set-label-rule.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { getVersion } from '../prompts/operations/get-version.ts'
import { listPrompts } from '../prompts/operations/list-prompts.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { makePrompt } from '../testing/factories.ts'
import { makeMember } from '../testing/members.ts'
import { actorLike, type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { startUsageWriter } from '../usage/recording/writer.ts'
import { getImport } from './operations/get-import.ts'
import { undoImport } from './operations/undo-import.ts'
import { actions, bringTo, errorOf, file } from './testing.ts'

let app: TestRuntime
let bring: ReturnType<typeof bringTo>
beforeAll(async () => {
  app = await testRuntime()
  bring = bringTo(app)
  const admin = await makeMember(app.actor(), { role: 'admin' })
  await setLabelRule(admin, { label: 'steady', protected: false, contract: 'required', if_match: '*' })
})
afterAll(() => app.close())

/** A prompt whose version 1 has the label that must break no caller. */
async function makeSteady(name: string) {
  await bring({ [`${name}.md`]: file(`name: ${name}\nlabels: [production, steady]`, 'Old {{ a }}') })
}

describe('a label whose rule asks for a contract', () => {
  it('stays where it is, also when the version that would get it is there already', async () => {
    await makeSteady('kept')
    await createVersion(app.actor(), {
      name: 'kept',
      base_version: 1,
      template_content: 'New {{ a }} {{ b }}',
    })
    const answer = await bring({ 'kept.md': file('name: kept\nlabels: [steady]', 'New {{ a }} {{ b }}') })
    expect(answer.items).toMatchObject([{ name: 'kept', action: 'unchanged', notes: [{}] }])
    expect(answer.items[0]?.notes[0]?.message).toContain('"steady" stays where it is')
    expect(await getPrompt(app.actor(), { name: 'kept', label: 'steady' })).toMatchObject({ version: 1 })
  })

  it('is not what an include means that was brought beside it, where it stays', async () => {
    const admin = await makeMember(app.actor(), { role: 'admin' })
    const rule = { label: 'production', protected: true, contract: 'required' as const }
    const set = await setLabelRule(admin, { ...rule, if_match: '*' })
    await makePrompt(app.actor(), { name: 'tone', template_content: 'Old {{ a }}' })
    const answer = await bring({
      'tone.md': file('name: tone\nlabels: [production]', 'New {{ b }}'),
      'user.md': file('name: user', '{% render "tone", a: "x", b: "y" %}'),
    })
    await setLabelRule(admin, { ...rule, contract: 'off', if_match: set.etag })
    expect(actions(answer)).toEqual({ tone: 'version', user: 'create' })
    expect(await getPrompt(app.actor(), { name: 'tone' })).toMatchObject({ version: 1 })
    expect((await getPrompt(app.actor(), { name: 'user' })).includes).toMatchObject([
      { ref: 'tone', version: 1 },
    ])
  })
})

describe('a label that an import moves', () => {
  const version = (name: string, text: string, labels = '[production]') => ({
    [`${name}.md`]: file(`name: ${name}\nlabels: ${labels}`, text),
  })
  const auditOf = async (name: string) => {
    const { items } = await listAudit(app.actor(), {})
    return items.filter(({ target }) => target.name === name)
  }
  /** A prompt whose version 1 is used by a client. */
  const makeUsed = async (name: string) => {
    await makePrompt(app.actor(), { name, template_content: 'Old {{ a }}' })
    const client = {
      ...app.actor(),
      request: { ...testRequest(), client: { name: 'nightly', version: '1' } },
    }
    await renderPrompt(client, { name, variables: { a: 'x' } })
    await startUsageWriter().flush()
  }

  it('tells whom it would refuse before it is made, and the log keeps what it broke', async () => {
    await makeUsed('moved')
    const brought = version('moved', 'New {{ b }}')
    const dry = await bring(brought, { dry_run: 'true' })
    expect(dry.items[0]?.breaking).toMatchObject([
      {
        label: 'production',
        variable: 'b',
        change: 'added_required',
        callers: [expect.stringContaining('nightly')],
      },
      {
        label: 'production',
        variable: 'a',
        change: 'removed',
        callers: [expect.stringContaining('nightly')],
      },
    ])
    expect(dry.items[0]?.notes.at(-1)?.message).toMatch(
      /^The label "production" moves to version 2, .*a caller would be refused: `b` is new and required; `a` is gone/,
    )
    const made = await bring(brought)
    expect(made.items[0]).toMatchObject({ action: 'version', labels: ['production'] })
    const [entry] = await auditOf('moved')
    expect(entry).toMatchObject({
      action: 'version.create',
      after: {
        breaking: [
          { label: 'production', variable: 'b' },
          { label: 'production', variable: 'a' },
        ],
      },
    })
    // What is kept names nobody.
    const kept = await getImport(app.actor(), { id: made.id ?? '' })
    expect(JSON.stringify(kept.items)).not.toContain('nightly')
  })

  it('names no caller to who may not see usage', async () => {
    await makeUsed('hidden')
    const actor = actorLike(app.actor(), {
      scopes: new Set(['prompts:read', 'prompts:write', 'prompts:release'] as const),
    })
    const dry = await bring(version('hidden', 'New {{ b }}'), { dry_run: 'true' }, actor)
    expect(dry.items[0]?.breaking?.map(({ callers }) => callers)).toEqual([[], []])
    expect(dry.items[0]?.notes.at(-1)?.message).not.toContain('caller')
  })

  it('says nothing where it takes all that the version before takes, or where nothing moves', async () => {
    await makeUsed('wider')
    for (const brought of [version('wider', 'New {{ a }}'), version('wider', 'New {{ b }}', '[]')]) {
      const dry = await bring(brought, { dry_run: 'true' })
      expect(dry.items[0]).toMatchObject({ action: 'version', notes: [] })
      expect(dry.items[0]).not.toHaveProperty('breaking')
    }
  })

  it('is moved back only where that is meant, if its rule asks for a contract', async () => {
    const made = await bring({
      ...version('steadily', 'Old {{ a }}', '[production]'),
    })
    expect(made.items[0]).toMatchObject({ action: 'create' })
    await setLabel(app.actor(), { name: 'steadily', label: 'steady', version: 1, if_match: '*' })
    const wider = await bring(
      version(
        'steadily',
        'New {{ a }} {{ b }}',
        '[steady]\nvariables:\n  - a\n  - name: b\n    required: false',
      ),
    )
    expect(wider.items[0]).toMatchObject({ action: 'version', labels: ['steady'] })
    const id = wider.id ?? ''
    expect(await errorOf(undoImport(app.actor(), { id }))).toMatchObject({
      code: 'conflict',
      details: [{ code: 'would_break', message: expect.stringContaining('`b` is gone') }],
    })
    expect(await getPrompt(app.actor(), { name: 'steadily', label: 'steady' })).toMatchObject({ version: 2 })
    expect(await undoImport(app.actor(), { id, accept_breaking: true })).toMatchObject({ labels: 1 })
  })

  it('keeps on record what an undo breaks that moves it back', async () => {
    await makeUsed('back')
    const made = await bring(version('back', 'New {{ b }}'))
    await undoImport(app.actor(), { id: made.id ?? '' })
    const [entry] = await auditOf('back')
    expect(entry).toMatchObject({
      after: {
        breaking: [
          { label: 'production', variable: 'a' },
          { label: 'production', variable: 'b' },
        ],
      },
    })
  })
})

describe('a version of another tool', () => {
  const langfuse = (...versions: object[]) =>
    JSON.stringify(
      versions.map((version, index) => ({ type: 'text', labels: [], version: index + 1, ...version })),
    )

  it('is Liquid where its text is, whatever the version before was', async () => {
    await makePrompt(app.actor(), { name: 'literal', format: 'text', template_content: 'Hi {{ who }}' })
    await bring({ 'p.json': langfuse({ name: 'literal', prompt: 'Hello {{who}}', config: {} }) })
    const now = await getPrompt(app.actor(), { name: 'literal', label: 'latest' })
    expect(now.format ?? 'liquid').toBe('liquid')
    expect(now.variables).toMatchObject([{ name: 'who' }])
  })

  it('has its own settings, not those of the version before it', async () => {
    await bring({
      'p.json': langfuse(
        { name: 'settings', prompt: 'One', config: { temperature: 1 } },
        { name: 'settings', prompt: 'Two', config: {} },
      ),
    })
    expect(await getVersion(app.actor(), { name: 'settings', version: 1 })).toMatchObject({
      config: { temperature: 1 },
    })
    expect(await getVersion(app.actor(), { name: 'settings', version: 2 })).toMatchObject({ config: {} })
    expect((await getVersion(app.actor(), { name: 'settings', version: 2 })).config).toEqual({})
  })
})

it('gives a name to the prompt that is called so, whoever has it as an alias, and finds free ones', async () => {
  await makePrompt(app.actor(), { name: 'echo-2', template_content: 'x' })
  const files = {
    'first.md': file('name: first\naliases: [echo]', 'x'),
    'second/echo.md': file('name: echo', 'y'),
  }
  const rename = { plan: { defaults: { on_conflict: 'rename' as const } } }
  const made = await bring(files, rename)
  expect(actions(made)).toEqual({ first: 'create', echo: 'create' })
  expect(made.items[0]?.notes).toEqual([{ message: 'The alias "echo" is taken, and left out' }])
  expect(actions(await bring(files, rename))).toEqual({ 'first-2': 'create', 'echo-3': 'create' })
})

it('makes what is included by its version first, in whatever order they come', async () => {
  const answer = await bring({
    'a_letter.md': file('name: a_letter', '{% render "z_sign@1" %}'),
    'z_sign.md': file('name: z_sign', 'Yours'),
  })
  expect(actions(answer)).toEqual({ a_letter: 'create', z_sign: 'create' })
  expect((await getPrompt(app.actor(), { name: 'a_letter' })).includes).toMatchObject([
    { ref: 'z_sign@1', version: 1 },
  ])
})

it('of the same names at the same time in another order leaves one of each', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `both-${index}`)
  const files = (order: readonly string[], text: string) =>
    Object.fromEntries(order.map((name) => [`${name}.md`, file(`name: ${name}`, text)]))
  const both = await Promise.allSettled([bring(files(names, 'One')), bring(files(names.toReversed(), 'Two'))])
  const kept = both.filter(({ status }) => status === 'fulfilled').length
  expect(kept).toBeGreaterThan(0)
  const refused = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  expect(refused).toEqual(refused.map(() => expect.objectContaining({ code: 'conflict' })))
  for (const name of names)
    expect((await getPrompt(app.actor(), { name, label: 'latest' })).version).toBe(kept)
})

it('is not taken back in part: a version that is made meanwhile is told, or comes after', async () => {
  const made = await bring({ 'm1.md': file('name: m1', 'One'), 'm2.md': file('name: m2', 'One') })
  const [undone, version] = await Promise.allSettled([
    undoImport(app.actor(), { id: made.id ?? '' }),
    createVersion(app.actor(), { name: 'm2', base_version: 1, template_content: 'Two' }),
  ])
  expect([undone.status, version.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const { items } = await listPrompts(app.actor(), { q: 'm1', archived: 'true' })
  expect(items.some(({ name }) => name === 'm1')).toBe(undone.status === 'fulfilled')
})

it('tells of characters that no database holds, and makes the others', async () => {
  const cut = `{{ ${'x'.repeat(36)}🙂 | nothing }}`
  const answer = await bring(
    {
      'title.md': file('name: title\ntitle: "a\\0b"', 'x'),
      'half.md': file('name: half\ntitle: "\\ud800"', 'x'),
      'words.md': file('name: words\ntags: ["a\\0b"]\naliases: ["\\ud800"]\nlabels: ["\\0"]', 'x'),
      'shelf.md': file('name: shelf\ncategory: "a\\0b"', 'x'),
      'cut.mustache': cut,
    },
    { plan: { defaults: { tags: ['odd'] } } },
  )
  expect(actions(answer)).toMatchObject({
    title: 'refused',
    half: 'refused',
    words: 'create',
    shelf: 'create',
  })
  expect(
    answer.items
      .at(-1)
      ?.notes.map(({ message }) => message)
      .join(),
  ).toContain('\uFFFD')
})

it('tells of labels that are more than a version gets', async () => {
  const labels = Array.from({ length: 21 }, (_, index) => `many-${index}`)
  const [item] = (await bring({ 'labelled.md': file(`name: labelled\nlabels: [${labels.join(', ')}]`, 'x') }))
    .items
  expect(item?.notes.map(({ message }) => message).join()).toContain('left out: many-20')
})
