import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { deleteConfiguration } from '../ai/operations/delete-configuration.ts'
import { outbox } from '../outbox/outbox.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import type { Prompt } from '../prompts/schema.ts'
import { makePrompt } from '../testing/factories.ts'
import { makeMember } from '../testing/members.ts'
import { eventually } from '../testing/models/generations.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { hourBefore, type UsedHour, useHour } from '../testing/used-hours.ts'
import { countSpending } from '../usage/spending/count-spending.ts'
import { sendDeliveries } from '../webhooks/send/send-deliveries.ts'
import { setWorkers } from '../webhooks/targets.ts'
import { createRule } from './operations/create-rule.ts'
import { getBell } from './operations/get-bell.ts'
import { getRule } from './operations/get-rule.ts'
import { listEvents } from './operations/list-events.ts'
import { patchRule } from './operations/patch-rule.ts'
import { previewRule } from './operations/preview-rule.ts'
import type { Condition, CreateRuleInput } from './schema.ts'
import { hearEvents } from './tell/hear-events.ts'
import { evaluateAlerts } from './watch/evaluate-alerts.ts'

let app: TestRuntime
let pool: Pool
let prompt: Prompt

beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { outbox_poll_ms: 50, outbox_retry_ms: 20 } })
  pool = app.runtime.database.primary.pool
  setWorkers({ events: hearEvents, webhooks: sendDeliveries })
  outbox().start()
  prompt = await makePrompt(owner(), { name: 'watched', labels: ['production'] })
})
afterAll(() => app.close())
beforeEach(async () => {
  await pool.query('DELETE FROM alert_rule; DELETE FROM alert_event')
  await pool.query('DELETE FROM usage_hour WHERE workspace_id = $1', [app.identity.workspaceId])
})

const owner = () => app.actor()
const use = (hour: UsedHour) => useHour(app.identity.workspaceId, hour)
const make = (input: Pick<CreateRuleInput, 'condition'> & Partial<CreateRuleInput>) =>
  createRule(owner(), { name: 'Watch', ...input })
const events = async () => (await listEvents(owner(), {})).items

const ERRORS: Condition = { kind: 'error_rate', threshold: 0.2, window_hours: 1, min_count: 10 }

describe('a rule fires for', () => {
  it('a prompt that nobody used', async () => {
    await pool.query(
      `UPDATE prompt_template SET created_at = now() - interval '40 days' WHERE name = 'watched'`,
    )
    await make({ condition: { kind: 'unused', threshold: 1, days: 30, prompt: 'watched' } })
    await use({ hour: hourBefore(24 * 20), total: 1 })
    await evaluateAlerts()
    expect(await events()).toEqual([])
    await pool.query('DELETE FROM usage_hour WHERE workspace_id = $1', [app.identity.workspaceId])
    await use({ hour: hourBefore(24 * 31), total: 1 })
    await evaluateAlerts(new Date(Date.now() + 1))
    expect((await events())[0]?.summary).toBe('watched has not been used for 30 days.')
    const past = await previewRule(owner(), {
      condition: { kind: 'unused', threshold: 1, days: 30, prompt: 'watched' },
      days: 3,
    })
    expect(past.fired).toBe(1)
  })

  it('a busy hour', async () => {
    await make({ condition: { kind: 'busy', threshold: 3, per: 'hour', min_count: 10 } })
    for (const week of [1, 2, 3, 4]) await use({ hour: hourBefore(week * 168), total: 10 })
    await use({ hour: hourBefore(0), total: 50 })
    await evaluateAlerts()
    expect((await events())[0]?.summary).toBe('50 uses this hour: 5 times the usual 10.')
  })

  it('cost and quota, from what attempts cost', async () => {
    const { id } = await createConfiguration(owner(), {
      name: 'priced',
      provider: 'echo',
      model: 'echo-fast',
      monthly_cost_quota: 10,
    })
    await pool.query(
      `WITH g AS (INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables,
           messages, configuration_id, configuration, queue, status, created_by, finished_at)
         SELECT gen_random_uuid(), p.workspace_id, p.id, 1, 'production', repeat('0', 64), '{}', '[]', $2, '{}',
           'interactive', 'succeeded', $3, now() FROM prompt_template p WHERE p.workspace_id = $1 AND p.name = 'watched'
         RETURNING id, workspace_id)
       INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, provider, model,
         input_tokens, output_tokens, cost, status, started_at, settled_at)
       SELECT gen_random_uuid(), workspace_id, id, 1, $2, 'echo', 'echo-fast', 10, 20, 8.5, 'succeeded', now(), now()
       FROM g`,
      [app.identity.workspaceId, id, owner().id],
    )
    await make({ condition: { kind: 'cost', threshold: 5, window_hours: 24, prompt: 'watched' } })
    await make({ condition: { kind: 'cost', threshold: 5, window_hours: 24, label: 'staging' } })
    await make({ condition: { kind: 'quota', threshold: 0.8, configuration: 'priced' } })
    await evaluateAlerts()
    expect((await events()).map(({ summary }) => summary).toSorted()).toEqual([
      '85 % of the monthly quota of priced is used (from 80 % on).',
      'Generations of watched cost $8.50 within 24 hours (from $5.00 on).',
    ])
  })

  it('nothing of a configuration that is gone, though its sums are kept', async () => {
    await make({ condition: { kind: 'cost', threshold: 5, window_hours: 24, configuration: 'priced' } })
    await countSpending()
    await evaluateAlerts()
    expect((await events()).map(({ state }) => state)).toEqual(['firing'])
    await pool.query(`DELETE FROM ai_configuration WHERE name = 'priced'`)
    await make({ condition: { kind: 'cost', threshold: 5, window_hours: 24, prompt: 'watched' } })
    await evaluateAlerts(new Date(Date.now() + 1))
    expect((await events()).map(({ state, summary }) => [state, summary])).toEqual([
      ['firing', 'Generations of watched cost $8.50 within 24 hours (from $5.00 on).'],
      ['resolved', 'Generations of priced cost $8.50 within 24 hours (from $5.00 on).'],
    ])
  })

  it('a protected label that moved, each move once and by name', async () => {
    await make({ name: 'Releases', condition: { kind: 'label_moved' } })
    await make({ name: 'Other', condition: { kind: 'label_moved', prompt: 'watched', label: 'staging' } })
    const version = await createVersion(owner(), {
      name: 'watched',
      base_version: prompt.version,
      template_content: 'Bye.',
    })
    const moved = await setLabel(owner(), {
      name: 'watched',
      label: 'production',
      version: version.version,
      if_match: version.etag,
    })
    await setLabel(owner(), { name: 'watched', label: 'quiet', version: 1, if_match: moved.etag })
    const all = await eventually(events, (found) => found.length > 0)
    await outbox().settled()
    expect(all.map(({ summary, state }) => [summary, state])).toEqual([
      ['production of watched moved from version 1 to 2, by Local owner.', 'resolved'],
    ])
    const kept = await pool.query<{ text: string }>('SELECT detail::text AS text FROM alert_event')
    expect(kept.rows.map(({ text }) => text).join()).not.toContain('Local owner')
    const past = await previewRule(owner(), { condition: { kind: 'label_moved', label: 'quiet' } })
    expect(past.events.map(({ summary }) => summary)).toEqual([
      'quiet of watched was set to version 1, by Local owner.',
    ])
  })
})

describe('a rule that is sent back as it was answered', () => {
  it('stays what it was where something that it names is gone', async () => {
    const made = await createConfiguration(owner(), { name: 'old', provider: 'echo', model: 'echo-fast' })
    const { id } = await make({ condition: { kind: 'quota', threshold: 0.5, configuration: 'old' } })
    await deleteConfiguration(owner(), { name: 'old', if_match: made.etag })
    // Called as the answer calls what is gone.
    await createConfiguration(owner(), { name: 'gone', provider: 'echo', model: 'echo-fast' })
    const { condition, etag } = await getRule(owner(), { id })
    const after = await patchRule(owner(), { id, condition, name: 'Renamed', if_match: etag })
    expect(after).toMatchObject({ name: 'Renamed', missing: ['configuration'] })
  })

  it('names nobody who has left, and everybody once', async () => {
    const leaving = await makeMember(owner(), { role: 'viewer' })
    const staying = await makeMember(owner(), { role: 'viewer' })
    const members = [leaving.id, staying.id, staying.id]
    const { id } = await make({ condition: ERRORS, destinations: { webhooks: [], members } })
    await pool.query('DELETE FROM member WHERE actor_id = $1', [leaving.id])
    const { destinations, etag } = await getRule(owner(), { id })
    expect(destinations.members).toEqual([staying.id])
    const after = await patchRule(owner(), { id, destinations, name: 'Renamed', if_match: etag })
    expect(after).toMatchObject({ name: 'Renamed', destinations })
  })

  it('goes on firing where the condition says the same in other words', async () => {
    const { id, etag } = await make({ condition: { ...ERRORS, prompt: 'watched' } })
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    await evaluateAlerts()
    const condition: Condition = { ...ERRORS, prompt: 'watched', hold_minutes: 0, cooldown_minutes: 0 }
    const after = await patchRule(owner(), { id, condition, name: 'Renamed', if_match: etag })
    expect(after).toMatchObject({ name: 'Renamed', state: 'firing' })
    expect((await getBell(owner())).firing).toBe(1)
  })
})
