import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../id.ts'
import { withClient } from '../testing/database.ts'
import { makeColleague, makeOtherWorkspace, viewerOf } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { makePromptRow, uniqueName } from '../testing/rows.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { addEchoConfiguration } from './configurations/add-echo-configuration.ts'
import { reserveSpending } from './limits/reserve-spending.ts'
import { createConfiguration } from './operations/create-configuration.ts'
import { deleteConfiguration } from './operations/delete-configuration.ts'
import { getConfiguration } from './operations/get-configuration.ts'
import { listConfigurations } from './operations/list-configurations.ts'
import { patchConfiguration } from './operations/patch-configuration.ts'
import type { AIConfiguration, CreateConfigurationInput, PatchConfigurationInput } from './schema.ts'

const KEY = 'sk-this-must-never-be-seen'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())
afterEach(async () => {
  app.runtime.config.ai.echo = undefined
  app.runtime.config.ai.fallbacks = 5
  await app.runtime.database.primary.pool.query('DELETE FROM ai_configuration')
})

function make(input: Partial<CreateConfigurationInput> = {}): Promise<AIConfiguration> {
  const name = input.name ?? uniqueName('configuration')
  return createConfiguration(app.actor(), { provider: 'echo', model: 'echo', ...input, name })
}

function patch({ name, etag }: AIConfiguration, input: PatchConfigurationInput) {
  return patchConfiguration(app.actor(), { current_name: name, if_match: etag, ...input })
}

async function lastAudit() {
  const events = await app.runtime.database.primary.prisma.auditEvent.findMany({
    where: { workspace_id: app.identity.workspaceId, target_kind: 'configuration' },
    orderBy: [{ revision: 'desc' }, { id: 'desc' }],
    take: 1,
  })
  const [event] = events
  return event === undefined ? undefined : { ...event, revision: Number(event.revision) }
}

describe('createConfiguration', () => {
  it('takes everything, and nothing but the three that it needs', async () => {
    const bare = await make({ name: 'bare' })
    expect(bare).toMatchObject({
      name: 'bare',
      provider: 'echo',
      base_url: null,
      max_tokens: null,
      monthly_cost_quota: null,
      fallback: null,
      active: true,
      key: 'none',
      this_month: { requests: 0, tokens: 0, cost: 0 },
      author: { id: app.identity.ownerId },
    })
    const input = {
      name: 'full',
      provider: 'openai-compatible',
      model: 'llama',
      base_url: 'http://127.0.0.1:11434/v1',
      max_tokens: 100,
      temperature: 0.3,
      top_p: 0.9,
      system_text: 'Be brief.',
      input_price_per_million: 0.000001,
      output_price_per_million: 12.345678,
      requests_per_minute: 10,
      tokens_per_minute: 1000,
      monthly_token_quota: Number.MAX_SAFE_INTEGER,
      monthly_cost_quota: 99.999999,
      fallback: 'bare',
      active: false,
    }
    expect(await make(input)).toMatchObject(input)
    expect(await getConfiguration(app.actor(), { name: 'full' })).toMatchObject(input)
  })

  it('refuses a name that is taken, also when several come at once', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 4 }, () => make({ name: 'same' })))
    const refused = attempts.filter((attempt) => attempt.status === 'rejected')
    expect(refused).toHaveLength(3)
    for (const each of refused) expect(each.reason).toMatchObject({ code: 'conflict' })
  })

  it('is done once for an Idempotency-Key', async () => {
    const idempotency = { route: 'createAIConfiguration', key: 'one', bodyHash: 'x' }
    const input = { name: 'once', provider: 'openai', model: 'gpt', api_key: KEY }
    const first = await createConfiguration(app.actor({ idempotency }), input)
    const second = app.actor({ idempotency })
    expect(await createConfiguration(second, input)).toEqual(first)
    expect(second.request.outcome.replayed).toBe(true)
  })

  it.each([
    [{ provider: 'nobody' }, 'provider', /there are .*echo/],
    [{ fallback: 'nobody' }, 'fallback', /there are/],
    [{ base_url: 'http://127.0.0.1' }, 'base_url', /takes no base URL/],
    [{ api_key: KEY }, 'api_key', /takes no key/],
    [{ api: 'responses' }, 'api', /just one interface/],
    [{ provider: 'openai-compatible' }, 'base_url', /needs a base URL/],
    [{ provider: 'openai-compatible', base_url: 'http://169.254.169.254/latest' }, 'base_url', /not called/],
    [{ provider: 'openai-compatible', base_url: 'https://u:p@example.org' }, 'base_url', /password/],
    ...[
      ['https://example.org/?a=b', /no "\?"/],
      ['https://example.org/v1?', /no "\?"/],
      ['https://example.org/v1#', /no "#"/],
      ['https://example.org/v1#part', /no "#"/],
      ['https://@example.org/v1', /user name/],
      ['https://exam\tple.org/v1', /spaces/],
      ['https://example.org\\v1', /backslashes/],
      ['https://example.org:22/v1', /Port 22/],
      ['http://127.0.0.1:6000/v1', /Port 6000/],
      [`https://${'a'.repeat(300)}.org/v1`, /253/],
      [`https://${'a'.repeat(64)}.org/v1`, /63/],
    ].map(([base_url, message]) => [{ provider: 'openai-compatible', base_url }, 'base_url', message]),
  ] as [Partial<CreateConfigurationInput>, string, RegExp][])(
    'refuses %o and names the field',
    async (input, field, message) => {
      const error = await refusal(make(input))
      expect(error).toMatchObject({ code: 'unprocessable', details: [{ path: [field] }] })
      expect(error.message).toMatch(message)
      expect(error.message).not.toContain(KEY)
    },
  )

  it('refuses echo while it is switched off', async () => {
    app.runtime.config.ai.echo = false
    const error = await refusal(make())
    expect(error).toMatchObject({ code: 'unprocessable', details: [{ code: 'switched_off' }] })
  })

  it('refuses more than limits.configurations', async () => {
    const { limits } = app.runtime.config
    const usual = limits.configurations
    limits.configurations = 1
    await make()
    const limit = 'limits.configurations'
    expect(await refusal(make())).toMatchObject({ code: 'too_large', extra: { limit } })
    limits.configurations = usual
  })

  it('is for those who may write, in their workspace', async () => {
    const input = { name: 'mine', provider: 'echo', model: 'echo' }
    expect(await refusal(createConfiguration(viewerOf(app.actor()), input))).toMatchObject({
      code: 'forbidden',
    })
    const viewer = actorLike(app.actor(), { role: 'viewer' })
    expect(await refusal(createConfiguration(viewer, input))).toMatchObject({ code: 'forbidden' })
    const other = await makeOtherWorkspace(uniqueName('workspace').replace('_', '-'))
    await createConfiguration(other, input)
    expect(await refusal(getConfiguration(app.actor(), { name: 'mine' }))).toMatchObject({
      code: 'not_found',
    })
    expect(await refusal(make({ fallback: 'mine' }))).toMatchObject({ code: 'unprocessable' })
  })
})

describe('a key', () => {
  /** Everything that is stored, as text. */
  const stored = () =>
    withClient(app.database.url, async (client) => {
      const { rows } = await client.query<{ row: string }>(
        `SELECT c::text AS row FROM ai_configuration c UNION ALL SELECT a::text FROM audit_event a
         UNION ALL SELECT i::text FROM idempotency_key i`,
      )
      return rows.map(({ row }) => row).join('\n')
    })

  it('is sealed, never answered and in no log', async () => {
    const made = await make({ provider: 'openai', model: 'gpt', api_key: KEY })
    expect(made.key).toBe('stored')
    const event = await lastAudit()
    expect(event).toMatchObject({ action: 'configuration.create', after: { api_key: 'set' } })
    const answers = JSON.stringify([made, await listConfigurations(app.actor(), {}), event])
    for (const text of [answers, await stored()]) {
      expect(text).not.toContain(KEY)
      expect(text).not.toContain(Buffer.from(KEY).toString('hex'))
    }
    expect(JSON.stringify(event)).not.toContain('sealed')
  })

  it('is set and removed, and the audit log says so', async () => {
    const made = await make({ provider: 'openai', model: 'gpt' })
    expect(made.key).toBe('missing')
    const withKey = await patch(made, { api_key: KEY })
    expect(withKey.key).toBe('stored')
    expect(await lastAudit()).toMatchObject({
      action: 'configuration.update',
      before: {},
      after: { api_key: 'set' },
    })
    const without = await patch(withKey, { api_key: null })
    expect(without.key).toBe('missing')
    expect(await lastAudit()).toMatchObject({ after: { api_key: 'removed' } })
    expect((await patch(without, { api_key: null })).etag).toBe(without.etag)
  })

  it('does not follow to another provider or address', async () => {
    const made = await make({ provider: 'openai', model: 'gpt', api_key: KEY })
    for (const way of [{ provider: 'anthropic' }, { base_url: 'https://elsewhere.example.org/v1' }])
      expect(await refusal(patch(made, way))).toMatchObject({
        code: 'unprocessable',
        details: [{ path: ['api_key'], code: 'key_stays_behind' }],
      })
    const moved = await patch(made, { base_url: 'https://elsewhere.example.org/v1', api_key: 'another' })
    expect(await refusal(patch(moved, { base_url: 'https://elsewhere.example.org/v2' }))).toMatchObject({
      details: [{ code: 'key_stays_behind' }],
    })
    const same = await patch(moved, { base_url: 'https://ELSEWHERE.example.org:443/a/../v1/' })
    expect(same).toMatchObject({ key: 'stored' })
    expect(await refusal(patch(same, { base_url: null }))).toMatchObject({
      details: [{ code: 'key_stays_behind' }],
    })
  })
})

describe('patchConfiguration', () => {
  it('changes what is given, empties with null, and keeps the rest', async () => {
    const made = await make({ max_tokens: 10, temperature: 1, system_text: 'A text', requests_per_minute: 5 })
    const patched = await patch(made, {
      max_tokens: null,
      temperature: 0,
      system_text: 'B text',
      name: 'new',
    })
    expect(patched).toMatchObject({ name: 'new', max_tokens: null, temperature: 0, requests_per_minute: 5 })
    expect(patched.etag).not.toBe(made.etag)
    expect(await lastAudit()).toMatchObject({
      target_name: 'new',
      before: { name: made.name, max_tokens: 10, temperature: 1, system_text_length: 6 },
      after: { name: 'new', max_tokens: null, temperature: 0, system_text_length: 6 },
    })
    expect(JSON.stringify(await lastAudit())).not.toContain('B text')
  })

  it('changes nothing and records nothing when nothing differs', async () => {
    const made = await make({ temperature: 0.5 })
    const actor = app.actor()
    const request = { current_name: made.name, if_match: made.etag, temperature: 0.5, model: 'echo' }
    expect(await patchConfiguration(actor, request)).toEqual(made)
    expect(actor.request.outcome.revision).toBeUndefined()
  })

  it('refuses what was changed since, a taken name, and what is not there', async () => {
    const [made, other] = [await make(), await make()]
    await patch(made, { max_tokens: 5 })
    expect(await refusal(patch(made, { max_tokens: 6 }))).toMatchObject({
      code: 'precondition_failed',
      extra: { current_etag: (await getConfiguration(app.actor(), made)).etag },
    })
    expect(await refusal(patch(other, { name: made.name }))).toMatchObject({ code: 'conflict' })
    expect(await refusal(patch({ ...made, name: 'nobody' }, {}))).toMatchObject({ code: 'not_found' })
    expect(await refusal(patchConfiguration(app.actor(), { current_name: made.name }))).toMatchObject({
      code: 'precondition_required',
    })
  })

  it('lets one of two that come at once win', async () => {
    const made = await make()
    const outcomes = await Promise.allSettled([1, 2, 3].map((max_tokens) => patch(made, { max_tokens })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('refuses circles and long chains of fallbacks, also when two are closed at once', async () => {
    app.runtime.config.ai.fallbacks = 2
    const c = await make({ name: 'c' })
    const b = await make({ name: 'b', fallback: 'c' })
    await make({ name: 'a', fallback: 'b' })
    expect(await refusal(patch(c, { fallback: 'a' }))).toMatchObject({ details: [{ code: 'circular' }] })
    expect(await refusal(make({ fallback: 'a' }))).toMatchObject({ details: [{ code: 'too_long' }] })
    const d = await make({ name: 'd' })
    expect(await refusal(patch(c, { fallback: 'd' }))).toMatchObject({ details: [{ code: 'too_long' }] })
    await patch(b, { fallback: null })
    const outcomes = await Promise.allSettled([patch(c, { fallback: 'd' }), patch(d, { fallback: 'c' })])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('can still change what does not concern a provider that was switched off', async () => {
    const made = await make()
    app.runtime.config.ai.echo = false
    const off = await patch(made, { active: false })
    expect(off).toMatchObject({ active: false, key: 'none' })
    expect(await refusal(patch(off, { provider: 'echo' }))).toMatchObject({ code: 'unprocessable' })
  })
})

describe('listConfigurations', () => {
  it('pages by name, and shows what was spent', async () => {
    for (const name of ['b', 'a', 'c']) await make({ name, active: name !== 'b' })
    const { id } = await getConfiguration(app.actor(), { name: 'a' })
    await app.runtime.database.primary.prisma.$transaction((tx) =>
      reserveSpending(tx, {
        workspaceId: app.identity.workspaceId,
        configuration: {
          id,
          name: 'a',
          requests_per_minute: null,
          tokens_per_minute: null,
          monthly_token_quota: null,
          monthly_cost_quota: null,
        },
        tokens: 42,
        cost: 0.25,
      }),
    )
    const first = await listConfigurations(app.actor(), { limit: 2 })
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(first.items[0]?.this_month).toEqual({ requests: 1, tokens: 42, cost: 0.25 })
    const cursor = first.next_cursor ?? ''
    expect(await listConfigurations(app.actor(), { limit: 2, cursor })).toMatchObject({
      items: [{ name: 'c' }],
      next_cursor: null,
    })
    const active = await listConfigurations(app.actor(), { active: 'true' })
    expect(active.items.map(({ name }) => name)).toEqual(['a', 'c'])
    expect(await refusal(listConfigurations(app.actor(), { active: 'true', cursor }))).toMatchObject({
      code: 'invalid_input',
    })
  })
})

describe('deleteConfiguration', () => {
  const remove = ({ name, etag }: AIConfiguration) =>
    deleteConfiguration(app.actor(), { name, if_match: etag })

  it('takes fallbacks off, with a new ETag and a line in the audit log for each', async () => {
    const last = await make()
    const first = await make({ fallback: last.name, active: false })
    await remove(last)
    const left = await getConfiguration(app.actor(), first)
    expect(left.fallback).toBeNull()
    expect(left.etag).not.toBe(first.etag)
    const events = await app.runtime.database.primary.prisma.auditEvent.findMany({
      where: { workspace_id: app.identity.workspaceId, target_kind: 'configuration' },
      orderBy: { id: 'desc' },
      take: 2,
    })
    expect(events.map(({ action, target_name }) => [action, target_name])).toEqual([
      ['configuration.delete', last.name],
      ['configuration.update', first.name],
    ])
  })

  it('leaves what it generated', async () => {
    const made = await make()
    const prompt = await makePromptRow(app.actor())
    const id = newId()
    await app.runtime.database.primary.pool.query(
      `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, checksum, variables, messages,
         configuration_id, configuration, status, queue, created_by, finished_at)
       VALUES ($1, $2, $3, 1, repeat('0', 64), '{}', '[]', $4, '{"name":"kept"}', 'succeeded', 'interactive', $5, now())`,
      [id, app.identity.workspaceId, prompt.id, made.id, app.identity.ownerId],
    )
    await remove(made)
    const row = await app.runtime.database.primary.prisma.generatedContent.findUniqueOrThrow({
      where: { id },
    })
    expect(row).toMatchObject({ configuration_id: null, configuration: { name: 'kept' } })
  })

  it('refuses what was changed since and what is not there', async () => {
    const made = await make()
    await patch(made, { max_tokens: 5 })
    expect(await refusal(remove(made))).toMatchObject({ code: 'precondition_failed' })
    expect(await refusal(remove({ ...made, name: 'nobody' }))).toMatchObject({ code: 'not_found' })
  })
})

describe('addEchoConfiguration', () => {
  it('gives a workspace one that never had any, and does not bring it back', async () => {
    const other = await makeOtherWorkspace(uniqueName('workspace').replace('_', '-'))
    app.runtime.config.ai.echo = false
    expect(await addEchoConfiguration(other)).toBe(false)
    app.runtime.config.ai.echo = true
    expect(await addEchoConfiguration(other)).toBe(true)
    expect(await addEchoConfiguration(other)).toBe(false)
    const made = await getConfiguration(other, { name: 'echo' })
    await deleteConfiguration(other, { name: 'echo', if_match: made.etag })
    expect(await addEchoConfiguration(await makeColleague(other))).toBe(false)
  })
})
