import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pinnedTo } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import * as usage from '../../usage/recording/record.ts'
import { UNCOUNTED } from '../count-read.ts'
import type { CreatePromptInput, Prompt } from '../schema.ts'
import { archivePrompt } from './archive-prompt.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { getPrompt } from './get-prompt.ts'
import { renderPrompt } from './render-prompt.ts'
import { checkRunValues } from './runs/check-run-values.ts'
import { prepareRun } from './runs/prepare-run.ts'
import { setLabel } from './set-label.ts'

let app: TestRuntime
beforeAll(async () => {
  // Time enough for a worker on a busy machine.
  app = await testRuntime({ limits: { render_ms: 10_000 } })
})
afterAll(() => app.close())

function make(input: Partial<CreatePromptInput> = {}): Promise<Prompt> {
  return createPrompt(app.actor(), { name: uniqueName(), template_content: 'Hi {{ who }}', ...input })
}

describe('a draft that is to be run', () => {
  it('is told of faults where they stand in the request', async () => {
    const { name } = await createPrompt(app.actor(), { name: 'to-run', template_content: 'x' })
    const run = (template_content: string, values: Record<string, unknown>) =>
      refusal(prepareRun(app.actor(), { name, draft: { template_content }, values }))
    expect(await run('{{ a }}', {})).toMatchObject({ details: [{ path: ['variables', 'a'] }] })
    expect(await run('{{ a }}', { a: 'x', b: 'y' })).toMatchObject({
      details: [{ path: ['variables', 'b'] }],
    })
    expect(await run('{{ a', {})).toMatchObject({ details: [{ path: ['draft', 'template_content'] }] })
  })
})

describe('an archived prompt that is to be run', () => {
  it('is told under the name that the request has for it', async () => {
    const { name, etag } = await make()
    await archivePrompt(app.actor(), { name, if_match: etag })
    const archived = { code: 'not_found', details: [{ path: ['prompt'], code: 'archived' }] }
    expect(await refusal(prepareRun(app.actor(), { name, values: {} }))).toMatchObject(archived)
    const many = { name, values: [{}], placeOf: (index: number) => ['inputs', index] }
    expect(await refusal(checkRunValues(app.actor(), many))).toMatchObject(archived)
  })
})

describe('renderPrompt', () => {
  it('renders production, by name or alias', async () => {
    const alias = uniqueName('alias')
    const { name, checksum } = await make({ aliases: [alias] })
    const rendered = await renderPrompt(app.actor(), { name: alias, variables: { who: 'you' } })
    expect(rendered).toEqual({
      name,
      version: 1,
      label: 'production',
      checksum,
      content: 'Hi you',
      messages: [{ role: 'user', content: 'Hi you' }],
      includes: [],
      warnings: [],
      receipt: expect.stringMatching(/^[\w-]{119}$/),
    })
    const again = await renderPrompt(app.actor(), { name: alias, variables: { who: 'you' } })
    expect(again.receipt).not.toBe(rendered.receipt)
  })

  it('renders what a label or a number chooses', async () => {
    const { name } = await make()
    await createVersion(app.actor(), {
      name,
      base_version: 1,
      template_content: 'Bye {{ who }}',
      labels: ['staging'],
    })
    const variables = { who: 'me' }
    const render = async (choice: { label?: string; version?: number }) => {
      const { content, label, version } = await renderPrompt(app.actor(), { name, variables, ...choice })
      return [content, label, version]
    }
    expect(await render({ label: 'staging' })).toEqual(['Bye me', 'staging', 2])
    expect(await render({ label: 'latest' })).toEqual(['Bye me', 'latest', 2])
    expect(await render({ version: 1 })).toEqual(['Hi me', null, 1])
    expect(await render({})).toEqual(['Hi me', 'production', 1])
    const pinned = await renderPrompt(pinnedTo(app.actor(), 'staging'), { name, variables })
    expect(pinned.content).toBe('Bye me')
  })

  it('refuses a label and a version together', async () => {
    const { name } = await make()
    const both = renderPrompt(app.actor(), { name, label: 'production', version: 1, variables: { who: 'x' } })
    expect(await refusal(both)).toMatchObject({ code: 'invalid_input', details: [{ path: ['label'] }] })
  })

  it('lists the labels of a prompt that lacks the one that was asked for', async () => {
    const { name } = await make()
    const none = renderPrompt(app.actor(), { name, label: 'staging', variables: { who: 'x' } })
    expect(await refusal(none)).toMatchObject({ code: 'not_found', extra: { labels: ['production'] } })
    const number = renderPrompt(app.actor(), { name, version: 2, variables: { who: 'x' } })
    expect(await refusal(number)).toMatchObject({ code: 'not_found', extra: { latest_version: 1 } })
    expect(await refusal(renderPrompt(app.actor(), { name: 'nothing' }))).toMatchObject({ code: 'not_found' })
  })

  it('names each missing, wrong and unknown variable', async () => {
    const { name } = await make({
      template_content: '{{ a }} {{ b }}',
      variables: ['a', { name: 'b', type: 'integer' }],
    })
    const refused = renderPrompt(app.actor(), { name, variables: { b: 'many', c: 1 } })
    expect(await refusal(refused)).toMatchObject({
      code: 'unprocessable',
      details: [
        { path: ['variables', 'a'], code: 'missing_variable' },
        { path: ['variables', 'b'], code: 'invalid_variable' },
        { path: ['variables', 'c'], code: 'unknown_variable' },
      ],
    })
  })

  it('needs the right to read', async () => {
    const { name } = await make()
    const blind = { ...app.actor(), scopes: new Set<never>() }
    expect(await refusal(renderPrompt(blind, { name }))).toMatchObject({
      code: 'forbidden',
      extra: { required_scope: 'prompts:read' },
    })
  })

  it('renders a slow version in a worker, with the same result', async () => {
    const { name } = await make({
      template_content:
        '{% for i in (1..3000) %}{% for j in (1..20) %}{% if j == 20 and i == 3000 %}end{% endif %}{% endfor %}{% endfor %}',
    })
    for (let time = 1; time <= 3; time++)
      expect(await renderPrompt(app.actor(), { name })).toMatchObject({ content: 'end' })
  })
})

describe('usage', () => {
  it('is counted once for each read but a page’s, with what was found and how it ended', async () => {
    const record = vi.spyOn(usage, 'recordUsage')
    const { name, id } = await make()
    await renderPrompt(app.actor(), { name, variables: { who: 'x' } })
    await refusal(renderPrompt(app.actor(), { name, version: 1 }))
    await refusal(renderPrompt(app.actor(), { name: 'nothing' }))
    await getPrompt(app.actor(), { name }, { operation: 'tool', tool: 'get_prompt' })
    await getPrompt(app.actor(), { name }, UNCOUNTED)
    await refusal(getPrompt(app.actor(), { name: 'nothing' }, UNCOUNTED))
    const events = record.mock.calls.map(([, event]) => event)
    record.mockRestore()
    expect(events).toMatchObject([
      { operation: 'render', prompt_id: id, version: 1, label: 'production', outcome: 'ok' },
      { operation: 'render', prompt_id: id, version: 1, label: null, outcome: 'unprocessable' },
      { operation: 'render', prompt_id: undefined, outcome: 'not_found' },
      { operation: 'tool', tool: 'get_prompt', prompt_id: id, outcome: 'ok' },
    ])
    for (const event of events) expect(event.duration_us).toBeGreaterThanOrEqual(0)
  })
})

describe('the cache', () => {
  it('answers a second read without the database', async () => {
    const { name } = await make()
    await renderPrompt(app.actor(), { name, variables: { who: 'x' } })
    const query = vi.spyOn(app.runtime.database.primary.pool, 'query')
    const again = await renderPrompt(app.actor(), { name, variables: { who: 'y' } })
    expect(again.content).toBe('Hi y')
    expect(query).not.toHaveBeenCalled()
    query.mockRestore()
  })

  it('reads a miss again every time', async () => {
    const name = uniqueName()
    expect(await refusal(renderPrompt(app.actor(), { name }))).toMatchObject({ code: 'not_found' })
    await app.runtime.database.primary.pool.query('SELECT 1')
    await createPrompt(app.actor(), { name, template_content: 'here' })
    expect(await renderPrompt(app.actor(), { name })).toMatchObject({ content: 'here' })
  })

  it('reads past itself for a revision that it has not heard of, and waits no second time', async () => {
    const { name } = await make()
    await renderPrompt(app.actor(), { name, variables: { who: 'x' } })
    // Another instance writes; nobody tells this one.
    const { pool } = app.runtime.database.primary
    await createVersion(app.actor(), { name, base_version: 1, template_content: 'Bye {{ who }}' })
    await renderPrompt(app.actor(), { name, variables: { who: 'x' } })
    await pool.query(`UPDATE prompt_label SET version_number = 2 WHERE label = 'production'
      AND prompt_id = (SELECT id FROM prompt_template WHERE name = '${name}')`)
    const { rows } = await pool.query<{ revision: string }>(
      'UPDATE workspace SET revision = revision + 1 RETURNING revision',
    )
    const stale = await renderPrompt(app.actor(), { name, variables: { who: 'x' } })
    expect(stale.content).toBe('Hi x')
    const actor = app.actor({ revision: Number(rows[0]?.revision) })
    // The door has waited for it.
    const waited = vi.spyOn(app.runtime.feed, 'waitFor')
    expect(await renderPrompt(actor, { name, variables: { who: 'x' } })).toMatchObject({ content: 'Bye x' })
    expect(waited).not.toHaveBeenCalled()
    waited.mockRestore()
  })

  it('serves on while the database is away, and refuses what it never read', async () => {
    const { name } = await make()
    const { availability } = app.runtime.database
    await renderPrompt(app.actor(), { name, variables: { who: 'x' } })
    availability.report(false)
    try {
      expect(await renderPrompt(app.actor(), { name, variables: { who: 'y' } })).toMatchObject({
        content: 'Hi y',
      })
      expect(await getPrompt(app.actor(), { name })).toMatchObject({ name })
      const unread = renderPrompt(app.actor(), { name, version: 1, variables: { who: 'y' } })
      expect(await refusal(unread)).toMatchObject({ code: 'unavailable' })
      const write = setLabel(app.actor(), { name, label: 'a', version: 1, if_match: '*' })
      expect(await refusal(write)).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) })
    } finally {
      availability.report(true)
    }
  })
})
