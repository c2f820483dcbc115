import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../../access/actor.ts'
import { setLabelRule } from '../../../label-rules/operations/set-label-rule.ts'
import { makeMember } from '../../../testing/members.ts'
import { refusal } from '../../../testing/refusal.ts'
import { uniqueName } from '../../../testing/rows.ts'
import { actorLike, type TestRuntime, testRequest, testRuntime } from '../../../testing/runtime.ts'
import { startUsageWriter } from '../../../usage/recording/writer.ts'
import { createPrompt } from '../create-prompt.ts'
import { createVersion } from '../create-version.ts'
import { renderPrompt } from '../render-prompt.ts'
import { setLabel } from '../set-label.ts'
import { getDraftImpact } from './get-draft-impact.ts'
import { getImpact } from './get-impact.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

const as = (name: string, who: Actor = app.actor()): Actor => ({
  ...who,
  request: { ...testRequest(), client: { name, version: '1' } },
})

const FIRST = [
  { name: 'topic', type: 'string' as const, required: true },
  { name: 'tone', type: 'enum' as const, required: false, enum: ['kind', 'stern'] },
  { name: 'length', type: 'integer' as const, required: false },
]
/** `length` is gone, `tone` takes one value less, and `audience` is new. */
const SECOND = [
  { name: 'topic', type: 'string' as const, required: true },
  { name: 'tone', type: 'enum' as const, required: false, enum: ['kind'] },
  { name: 'audience', type: 'string' as const, required: true },
]

/** Version 1 is production; version 2 takes other variables. */
async function make(): Promise<string> {
  const { name } = await createPrompt(app.actor(), {
    name: uniqueName(),
    template_content: '{{ topic }} {{ tone }} {{ length }}',
    variables: FIRST,
  })
  await createVersion(app.actor(), {
    name,
    base_version: 1,
    template_content: '{{ topic }} {{ tone }} {{ audience }}',
    variables: SECOND,
  })
  return name
}

const render = (actor: Actor, name: string, variables: Record<string, unknown>, version?: number) =>
  renderPrompt(actor, { name, variables, ...(version !== undefined && { version }) })

describe('who a newer version would refuse', () => {
  it('names each change of the contract, and those whom it meets', async () => {
    const name = await make()
    const editor = await makeMember(app.actor(), { role: 'editor' })
    for (let n = 0; n < 3; n++) await render(as('plain'), name, { topic: 'a' })
    await render(as('long', editor), name, { topic: 'a', length: 3 })
    await render(as('stern'), name, { topic: 'a', tone: 'stern' })
    await startUsageWriter().flush()
    const impact = await getImpact(app.actor(), { name })
    expect(impact).toMatchObject({ name, from: 1, to: 2, uses: 5, callers_left_out: 0, included_by: [] })
    const owner = impact.callers.find(({ client }) => client === 'plain')?.actor.display ?? ''
    const long = impact.callers.find(({ client }) => client === 'long')?.name ?? ''
    expect(impact.breaking).toMatchObject([
      { variable: 'tone', change: 'narrowed', callers: [`stern (${owner})`] },
      {
        variable: 'audience',
        change: 'added_required',
        callers: [`plain (${owner})`, long, `stern (${owner})`].toSorted((a, b) =>
          a.startsWith('plain') ? -1 : b.startsWith('plain') ? 1 : a < b ? -1 : 1,
        ),
      },
      { variable: 'length', change: 'removed', callers: [long] },
    ])
    expect(impact.callers.find(({ client }) => client === 'long')).toMatchObject({
      uses: 1,
      failed: 0,
      variables: ['length', 'topic'],
      breaks: ['audience', 'length'],
      actor: { kind: 'person' },
    })
  })

  it('says the same of variables that are not saved yet', async () => {
    const name = await make()
    await render(as('long'), name, { topic: 'a', length: 3 })
    await startUsageWriter().flush()
    const { to, ...saved } = await getImpact(app.actor(), { name })
    expect(to).toBe(2)
    expect(await getDraftImpact(app.actor(), { name, variables: SECOND })).toEqual(saved)
    const same = await getDraftImpact(app.actor(), { name, from: 'production', variables: FIRST })
    expect(same).toMatchObject({ uses: 1, breaking: [], callers: [{ client: 'long', breaks: [] }] })
    const twice = getDraftImpact(app.actor(), { name, variables: ['topic', 'topic'] })
    expect((await refusal(twice)).code).toBe('unprocessable')
    const unknown = getDraftImpact(app.actor(), { name, from: 'nobody', variables: [] })
    expect((await refusal(unknown)).code).toBe('not_found')
    const viewer = actorLike(app.actor(), { scopes: new Set(['prompts:read'] as const) })
    expect((await refusal(getDraftImpact(viewer, { name, variables: [] }))).code).toBe('forbidden')
  })

  it('leaves out callers that the version in use refuses already, and those of another version', async () => {
    const name = await make()
    await refusal(render(as('wrong'), name, { tone: 'kind' }))
    await render(as('numbered'), name, { topic: 'a', audience: 'b' }, 2)
    await startUsageWriter().flush()
    const impact = await getImpact(app.actor(), { name })
    expect(impact.callers).toMatchObject([{ client: 'wrong', uses: 1, failed: 1, breaks: [] }])
    expect(impact.breaking.flatMap(({ callers }) => callers)).toEqual([])
    const other = await getImpact(app.actor(), { name, from: 2, to: 'production' })
    expect(other).toMatchObject({
      from: 2,
      to: 1,
      callers: [{ client: 'numbered', variables: ['audience', 'topic'], breaks: ['audience'] }],
      breaking: [{ variable: 'audience', change: 'removed' }],
    })
  })

  it('keeps counting those who asked for the label before it moved', async () => {
    const name = await make()
    await render(as('weekly'), name, { topic: 'a', length: 1 })
    await startUsageWriter().flush()
    await setLabel(app.actor(), { name, label: 'production', version: 2, if_match: '*' })
    const impact = await getImpact(app.actor(), { name, from: 'production', to: 1 })
    expect(impact).toMatchObject({ from: 2, to: 1, uses: 1, callers: [{ client: 'weekly' }] })
  })

  it('names the prompts that include the version', async () => {
    const name = await make()
    const parent = await createPrompt(app.actor(), {
      name: uniqueName(),
      template_content: `{% render "${name}", topic: "x" %}`,
    })
    const impact = await getImpact(app.actor(), { name })
    expect(impact.included_by).toEqual([{ name: parent.name, version: 1, labels: ['production'] }])
    expect((await getImpact(app.actor(), { name, from: 2, to: 1 })).included_by).toEqual([])
  })

  it('is told to those who may read its usage', async () => {
    const name = await make()
    const reader: Actor = { ...app.actor(), scopes: new Set(['prompts:read']) }
    expect(await refusal(getImpact(reader, { name }))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(getImpact(app.actor(), { name: 'nothing-of-this-name' }))).toMatchObject({
      code: 'not_found',
    })
    expect(await refusal(getImpact(app.actor(), { name, to: 9 }))).toMatchObject({ code: 'not_found' })
  })
})

describe('a move that breaks callers', () => {
  it('is done, answered and on record with what it breaks', async () => {
    const name = await make()
    await render(as('agent'), name, { topic: 'a', length: 1 })
    await startUsageWriter().flush()
    const moved = await setLabel(app.actor(), { name, label: 'production', version: 2, if_match: '*' })
    expect(moved.breaking).toMatchObject([
      { variable: 'tone', callers: [] },
      { variable: 'audience', callers: [expect.stringMatching(/^agent \(/)] },
      { variable: 'length', callers: [expect.stringMatching(/^agent \(/)] },
    ])
    const { prisma } = app.runtime.database.primary
    const audit = await prisma.auditEvent.findFirstOrThrow({
      where: { target_name: name, action: 'label.set' },
    })
    // Names of people can be erased, rows of the log cannot.
    const named = `agent (${app.actor().id})`
    expect(audit.after).toMatchObject({
      label: 'production',
      version: 2,
      breaking: moved.breaking.map((change) => ({ ...change, callers: change.callers.map(() => named) })),
    })
  })

  it('names nobody to those who may not read usage', async () => {
    const name = await make()
    await render(as('agent'), name, { topic: 'a' })
    await startUsageWriter().flush()
    const mover: Actor = { ...app.actor(), scopes: new Set(['prompts:read', 'prompts:release']) }
    const moved = await setLabel(mover, { name, label: 'production', version: 2, if_match: '*' })
    expect(moved.breaking).toHaveLength(3)
    expect(moved.breaking.flatMap(({ callers }) => callers)).toEqual([])
  })

  it('breaks nothing where the label is new, or its version takes all that was taken', async () => {
    const name = await make()
    const fresh = await setLabel(app.actor(), { name, label: 'staging', version: 2, if_match: '*' })
    expect(fresh.breaking).toEqual([])
    const same = await setLabel(app.actor(), { name, label: 'staging', version: 2, if_match: '*' })
    expect(same.breaking).toEqual([])
  })

  it('is refused where the rule of the label asks for it, unless it is meant', async () => {
    const name = await make()
    const label = uniqueName('label_')
    const admin = await makeMember(app.actor(), { role: 'admin' })
    await setLabelRule(admin, { label, protected: false, contract: 'required', if_match: '*' })
    await setLabel(app.actor(), { name, label, version: 1, if_match: '*' })
    const move = (more: { accept_breaking?: boolean } = {}) =>
      setLabel(app.actor(), { name, label, version: 2, if_match: '*', ...more })
    expect(await refusal(move())).toMatchObject({
      code: 'conflict',
      details: [
        { path: ['version'], code: 'would_break' },
        { path: ['version'], code: 'would_break' },
        { path: ['version'], code: 'would_break' },
      ],
      extra: { breaking: [{ variable: 'tone' }, { variable: 'audience' }, { variable: 'length' }] },
    })
    expect(await move({ accept_breaking: true })).toMatchObject({ version: 2, previous_version: 1 })
    const next = { name, base_version: 2, variables: FIRST, template_content: '{{ topic }}', labels: [label] }
    expect(await refusal(createVersion(app.actor(), next))).toMatchObject({ code: 'conflict' })
    expect(await createVersion(app.actor(), { ...next, accept_breaking: true })).toMatchObject({
      version: 3,
      breaking: [{ label, variable: 'audience', change: 'removed', callers: [] }],
    })
    expect(
      await setLabel(app.actor(), { name, label: 'latest-ok', version: 3, if_match: '*' }),
    ).toMatchObject({
      breaking: [],
    })
  })
})
