import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editorOf, makeOtherWorkspace, viewerOf } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { createPrompt } from './create-prompt.ts'
import { getPrompt } from './get-prompt.ts'
import { renderDraft } from './render-draft.ts'
import { renderPrompt } from './render-prompt.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  await app.runtime.database.primary.pool.query(
    `INSERT INTO category (id, workspace_id, slug, name, color, position, created_by)
     VALUES (gen_random_uuid(), $1, 'data', 'Data', '#112233', 1, $2)`,
    [app.identity.workspaceId, app.identity.ownerId],
  )
})
afterAll(() => app.close())

describe('createPrompt', () => {
  it('makes a prompt whose first version is production', async () => {
    const actor = app.actor()
    const prompt = await createPrompt(actor, {
      name: 'greeting',
      category: 'data',
      tags: ['b', 'a', 'b'],
      aliases: ['hello', 'greeting'],
      template_content: 'Hello {{ who }}!\r\n{% if mood %}{{ mood }}{% endif %}',
      title: 'Greeting',
      description: 'Greets',
      config: { zeta: 1, alpha: { b: 2, a: [1] } },
      message: 'First',
    })
    expect(prompt).toMatchObject({
      name: 'greeting',
      category: 'data',
      tags: ['a', 'b'],
      aliases: ['hello'],
      archived: false,
      kind: 'text',
      version: 1,
      latest_version: 1,
      label: 'production',
      labels: [{ label: 'production', version: 1 }],
      template_content: 'Hello {{ who }}!\n{% if mood %}{{ mood }}{% endif %}',
      variables: [
        { name: 'who', type: 'string', required: true },
        { name: 'mood', type: 'string', required: false },
      ],
      title: 'Greeting',
      publish: { prompt: true, tool: false },
      message: 'First',
      author: { kind: 'person', display: 'Local owner' },
      redacted_at: null,
      warnings: [],
      etag: expect.stringMatching(/^"[0-9a-f]{8}-1"$/),
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(JSON.stringify(prompt.config)).toBe('{"zeta":1,"alpha":{"b":2,"a":[1]}}')
    expect(actor.request.outcome.revision).toBeGreaterThan(0)
    const { warnings: _, ...read } = prompt
    expect(await getPrompt(app.actor(), { name: 'greeting' })).toEqual(read)
  })

  it('makes a chat', async () => {
    const messages = [
      { role: 'system' as const, content: 'You know {{ topic }}.' },
      { role: 'user' as const, content: [{ type: 'text' as const, text: '{{ question }}' }] },
    ]
    const prompt = await createPrompt(app.actor(), { name: 'chat', messages })
    expect(prompt).toMatchObject({ kind: 'chat', messages })
    expect(prompt.template_content).toBeUndefined()
  })

  it('warns of declared variables that nothing uses', async () => {
    const input = { name: 'unused', template_content: 'Hi {{ a }}', variables: ['a', 'b'] }
    const prompt = await createPrompt(app.actor(), input)
    expect(prompt.warnings).toEqual([
      { code: 'unused_variable', message: expect.any(String), path: ['variables', 1] },
    ])
  })

  it('warns of a text that means something else in another language, as a draft does', async () => {
    const template_content = 'Answer\n{question}.'
    const warning = {
      code: 'f_string',
      message: '{question} is plain text here',
      path: ['template_content'],
      range: { start: 7, end: 17, line: 2, column: 1 },
      hint: 'A variable is written {{ question }}',
    }
    const prompt = await createPrompt(app.actor(), { name: 'fstring', template_content })
    expect([prompt.variables, prompt.warnings]).toEqual([[], [warning]])
    expect((await renderDraft(app.actor(), { template_content })).warnings).toEqual([warning])
    const rendering = renderPrompt(app.actor(), { name: 'fstring', variables: { question: 'w' } })
    expect((await refusal(rendering)).details[0]?.hint).toContain('a variable is written {{ question }}')
  })

  it('says what to write instead of what is no Liquid', async () => {
    const creating = createPrompt(app.actor(), { name: 'hbs', template_content: '{{#if x}}a{{/if}}' })
    expect((await refusal(creating)).details[0]?.hint).toBe('Here {% if x %}a{% else %}b{% endif %}')
  })

  it('releases nothing for an actor who may not release', async () => {
    const prompt = await createPrompt(editorOf(app.actor()), { name: 'unreleased', template_content: 'x' })
    expect(prompt).toMatchObject({ labels: [], label: 'latest', version: 1 })
    expect(await refusal(getPrompt(app.actor(), { name: 'unreleased' }))).toMatchObject({
      code: 'not_found',
      extra: { labels: [] },
    })
  })

  it('is forbidden to a viewer', async () => {
    const denied = createPrompt(viewerOf(app.actor()), { name: 'denied', template_content: 'x' })
    expect(await refusal(denied)).toMatchObject({ code: 'forbidden' })
  })

  it('leaves an audit row without the text, in the same transaction', async () => {
    await createPrompt(app.actor(), { name: 'audited', template_content: 'very secret text', tags: ['t'] })
    const row = await app.runtime.database.primary.prisma.auditEvent.findFirstOrThrow({
      where: { target_name: 'audited' },
    })
    expect(row).toMatchObject({ action: 'prompt.create', target_kind: 'prompt', before: null })
    expect(row.after).toMatchObject({ version: 1, tags: ['t'], labels: ['production'] })
    expect(JSON.stringify([row.after, row.lists])).not.toContain('secret')
    expect(row.lists).toHaveLength(4)
    for (const list of ['prompts', 'resources'])
      for (const label of ['latest', 'production'])
        expect(row.lists).toContainEqual({ list, label, category: null })
  })

  it('keeps workspaces apart', async () => {
    const other = await makeOtherWorkspace()
    await createPrompt(app.actor(), { name: 'mine', template_content: 'mine' })
    expect(await refusal(getPrompt(other, { name: 'mine' }))).toMatchObject({ code: 'not_found' })
    const theirs = await createPrompt(other, { name: 'mine', template_content: 'theirs' })
    expect(theirs.template_content).toBe('theirs')
    expect(await getPrompt(app.actor(), { name: 'mine' })).toMatchObject({ template_content: 'mine' })
  })
})

describe('createPrompt refuses', () => {
  it('a name that another prompt has, naming the holder', async () => {
    await createPrompt(app.actor(), { name: 'taken', aliases: ['taken-alias'], template_content: 'x' })
    const same = createPrompt(app.actor(), { name: 'taken', template_content: 'x' })
    expect(await refusal(same)).toMatchObject({
      code: 'conflict',
      details: [{ path: ['name'], code: 'name_taken' }],
      extra: { holders: ['taken'] },
    })
    const aliased = createPrompt(app.actor(), {
      name: 'other',
      aliases: ['free', 'taken-alias'],
      template_content: 'x',
    })
    expect(await refusal(aliased)).toMatchObject({
      code: 'conflict',
      details: [{ path: ['aliases', 1], message: '"taken-alias" is an alias of the prompt "taken"' }],
      extra: { holders: ['taken'] },
    })
    const name = createPrompt(app.actor(), { name: 'taken-alias', template_content: 'x' })
    expect(await refusal(name)).toMatchObject({ code: 'conflict', extra: { holders: ['taken'] } })
  })

  it('all but one of ten at once with one name', async () => {
    const tries = Array.from({ length: 10 }, () =>
      createPrompt(app.actor(), { name: 'race', template_content: 'x' }),
    )
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    const errors = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    for (const error of errors)
      expect(error).toMatchObject({ code: 'conflict', extra: { holders: ['race'] } })
  })

  it('an unknown category, naming those there are', async () => {
    const refused = createPrompt(app.actor(), { name: 'c', category: 'nowhere', template_content: 'x' })
    expect(await refusal(refused)).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['category'], code: 'unknown_category', hint: 'The categories are: data' }],
      extra: { categories: ['data'] },
    })
  })

  it('text and messages together, and neither', async () => {
    expect(await refusal(createPrompt(app.actor(), { name: 'none' }))).toMatchObject({
      code: 'invalid_input',
    })
    const both = { name: 'both', template_content: 'x', messages: [{ role: 'user' as const, content: 'x' }] }
    expect(await refusal(createPrompt(app.actor(), both))).toMatchObject({ code: 'invalid_input' })
  })

  it('an undeclared variable with its name and place', async () => {
    const input = { name: 'u', template_content: 'Line\nHi {{ nobody }}', variables: ['somebody'] }
    expect(await refusal(createPrompt(app.actor(), input))).toMatchObject({
      code: 'unprocessable',
      details: [
        {
          path: ['template_content'],
          code: 'undeclared_variable',
          message: expect.stringContaining('nobody'),
          range: { line: 2 },
        },
      ],
    })
  })

  it('a template that cannot be parsed', async () => {
    const refused = createPrompt(app.actor(), { name: 'broken', template_content: '{% if x %}' })
    expect(await refusal(refused)).toMatchObject({ code: 'unprocessable', details: [{ code: 'open_tag' }] })
  })

  it('a tool with the name of one of the server’s own', async () => {
    const input = { name: 'get_prompt', template_content: 'x', publish: { tool: true } }
    expect(await refusal(createPrompt(app.actor(), input))).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['publish', 'tool'], code: 'tool_name_taken' }],
    })
  })

  it('more text than is allowed', async () => {
    const messages = ['a', 'b', 'c'].map((letter) => ({
      role: 'user' as const,
      content: letter.repeat(350_000),
    }))
    const long = createPrompt(app.actor(), { name: 'long', messages })
    expect(await refusal(long)).toMatchObject({ code: 'too_large', details: [{ path: ['messages'] }] })
    const wide = createPrompt(app.actor(), {
      name: 'wide',
      messages: messages.map(({ role }) => ({ role, content: 'é'.repeat(180_000) })),
    })
    expect(await refusal(wide)).toMatchObject({ code: 'too_large', details: [{ code: 'too_large' }] })
    const many = Array.from({ length: 101 }, (_, n) => `{{ v${n} }}`).join(' ')
    const crowded = createPrompt(app.actor(), { name: 'crowded', template_content: many })
    expect(await refusal(crowded)).toMatchObject({ code: 'too_large', details: [{ path: ['variables'] }] })
  })

  it('a config with a character that cannot be stored', async () => {
    const config = { note: 'half \ud800', nul: '\u0000' }
    const refused = createPrompt(app.actor(), { name: 'nul', template_content: 'x', config })
    expect(await refusal(refused)).toMatchObject({ code: 'invalid_input', details: [{ path: ['config'] }] })
    const fine = {
      name: 'backslash',
      template_content: 'x',
      config: { text: 'a \\u0000 that is written out' },
    }
    expect((await createPrompt(app.actor(), fine)).config).toEqual(fine.config)
  })

  it('more tags or aliases than are allowed', async () => {
    const aliases = Array.from({ length: 51 }, (_, index) => `many-${index}`)
    const refused = createPrompt(app.actor(), { name: 'many', template_content: 'x', aliases })
    expect(await refusal(refused)).toMatchObject({ code: 'too_large', details: [{ path: ['aliases'] }] })
  })
})
