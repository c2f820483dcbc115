import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../id.ts'
import { makeOtherWorkspace, makePrompt, viewerOf } from '../../../testing/factories.ts'
import { refusal } from '../../../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../../../testing/runtime.ts'
import { getPrompt } from '../get-prompt.ts'
import { createExample } from './create-example.ts'
import { deleteExample } from './delete-example.ts'
import { listExamples } from './list-examples.ts'
import { replaceExample } from './replace-example.ts'

let app: TestRuntime
let prompt: string
beforeAll(async () => {
  app = await testRuntime({ limits: { examples: 4, example_length: 100, examples_bytes: 250 } })
  prompt = (await makePrompt(app.actor())).name
})
afterAll(() => app.close())

const list = async () => (await listExamples(app.actor(), { name: prompt })).items

describe('the examples of a prompt', () => {
  it('are saved, listed by name, changed and deleted, and leave its ETag', async () => {
    const { etag } = await getPrompt(app.actor(), { name: prompt })
    const values = { who: 'Ada', deep: { list: [1, null, true] } }
    const long = await createExample(app.actor(), { prompt, name: 'Long', values })
    expect(long).toMatchObject({ name: 'Long', values, author: { id: app.identity.ownerId } })
    const brief = await createExample(app.actor(), { prompt, name: 'Brief', values: {} })
    expect((await list()).map(({ name }) => name)).toEqual(['Brief', 'Long'])
    const renamed = await replaceExample(app.actor(), { prompt, example: brief.id, name: 'Short' })
    expect(renamed).toEqual({ ...brief, name: 'Short' })
    const filled = await replaceExample(app.actor(), { prompt, example: brief.id, values: { who: 'B' } })
    expect(filled).toEqual({ ...renamed, values: { who: 'B' } })
    await deleteExample(app.actor(), { name: prompt, example: long.id })
    expect(await list()).toEqual([filled])
    expect((await getPrompt(app.actor(), { name: prompt })).etag).toBe(etag)
  })

  it('are refused where their values stand', async () => {
    const values = { who: 'x'.repeat(101) }
    const making = createExample(app.actor(), { prompt, name: 'Long', values })
    expect(await refusal(making)).toMatchObject({ code: 'too_large', details: [{ path: ['values'] }] })
    const broken = createExample(app.actor(), { prompt, name: 'Broken', values: { who: '\0' } })
    expect(await refusal(broken)).toMatchObject({ details: [{ path: ['values', 'who'] }] })
  })

  it('have a name each', async () => {
    const one = await createExample(app.actor(), { prompt, name: 'One', values: {} })
    await createExample(app.actor(), { prompt, name: 'Two', values: {} })
    const taken = { code: 'conflict', details: [{ path: ['name'], code: 'name_taken' }] }
    expect(await refusal(createExample(app.actor(), { prompt, name: 'One', values: {} }))).toMatchObject(
      taken,
    )
    const renaming = replaceExample(app.actor(), { prompt, example: one.id, name: 'Two' })
    expect(await refusal(renaming)).toMatchObject(taken)
    // The same name with another prompt is free.
    const other = await makePrompt(app.actor())
    await createExample(app.actor(), { prompt: other.name, name: 'One', values: {} })
  })

  it('stay within their limits', async () => {
    const values = { who: 'x'.repeat(101) }
    const large = createExample(app.actor(), { prompt, name: 'Large', values })
    expect(await refusal(large)).toMatchObject({ code: 'too_large' })
    await createExample(app.actor(), { prompt, name: 'Four', values: {} })
    const fifth = createExample(app.actor(), { prompt, name: 'Five', values: {} })
    expect(await refusal(fifth)).toMatchObject({ extra: { limit: 'limits.examples' } })
  })

  it('are found by their prompt alone, and change for those who may write', async () => {
    const [first] = await list()
    const other = await makePrompt(app.actor())
    const example = first?.id ?? ''
    const elsewhere = { prompt: other.name, example, name: 'Stolen' }
    expect(await refusal(replaceExample(app.actor(), elsewhere))).toMatchObject({ code: 'not_found' })
    const unknown = deleteExample(app.actor(), { name: prompt, example: newId() })
    expect(await refusal(unknown)).toMatchObject({ code: 'not_found' })
    const stranger = await makeOtherWorkspace()
    expect(await refusal(listExamples(stranger, { name: prompt }))).toMatchObject({ code: 'not_found' })
    const viewer = viewerOf(app.actor())
    expect(await refusal(createExample(viewer, { prompt, name: 'V', values: {} }))).toMatchObject({
      code: 'forbidden',
    })
    expect((await listExamples(viewer, { name: prompt })).items).toEqual(await list())
  })

  it('leave a line each in the audit log, without their values', async () => {
    const actor = app.actor()
    const [first] = await list()
    await replaceExample(actor, { prompt, example: first?.id ?? '', values: { who: 'a secret' } })
    const event = await app.runtime.database.primary.prisma.auditEvent.findFirst({
      where: { workspace_id: actor.workspaceId, revision: actor.request.outcome.revision ?? -1 },
    })
    expect(event).toMatchObject({
      action: 'example.replace',
      target_name: prompt,
      after: { variables: ['who'] },
    })
    expect(JSON.stringify(event?.after)).not.toContain('secret')
  })
})

it('the examples of a prompt hold so many bytes together', async () => {
  const { name: other } = await makePrompt(app.actor())
  const values = (length: number) => ({ text: 'x'.repeat(length) })
  const save = (name: string, length: number) =>
    createExample(app.actor(), { prompt: other, name, values: values(length) })
  const one = await save('one', 90)
  await save('two', 90)
  const tooLarge = { code: 'too_large', extra: { limit: 'limits.examples_bytes' } }
  expect(await refusal(save('three', 90))).toMatchObject(tooLarge)
  await replaceExample(app.actor(), { prompt: other, example: one.id, values: values(10) })
  await save('three', 90)
  const grown = replaceExample(app.actor(), { prompt: other, example: one.id, values: values(80) })
  expect(await refusal(grown)).toMatchObject(tooLarge)
})
