import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActorIn } from '../access/identify.ts'
import { seedOnce } from '../boot/seed.ts'
import { withClient } from '../testing/database.ts'
import { makeOtherWorkspace } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { expireAudit } from './expire-audit.ts'
import { listAudit } from './operations/list-audit.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

const sql = (text: string, values: unknown[] = []) =>
  app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)

const asOwner = (text: string) =>
  withClient(app.database.ownerUrl, async (client) => {
    await client.query('BEGIN')
    try {
      return await client.query(text)
    } finally {
      await client.query('COMMIT')
    }
  })

async function addRows(workspaceId: string, actorId: string, days: number[], action = 'prompt.create') {
  await sql(
    `INSERT INTO audit_event (id, workspace_id, revision, occurred_at, actor_id, action, target_kind, target_id, target_name)
     SELECT gen_random_uuid(), $1, 0, now() - day * interval '1 day', $2, $4, 'prompt', gen_random_uuid(), day::text
     FROM unnest($3::integer[]) AS day`,
    [workspaceId, actorId, days, action],
  )
}

const agesOf = async (workspaceId: string) =>
  (
    await sql(
      `SELECT target_name FROM audit_event WHERE workspace_id = $1 AND target_name ~ '^[0-9]+$' ORDER BY occurred_at`,
      [workspaceId],
    )
  ).rows.map((row) => Number(row.target_name))

const keep = (days: number) => {
  app.runtime.config.security.audit_retention_days = days
}

describe('the audit log', () => {
  it('is kept for ever unless the configuration says otherwise', async () => {
    const { workspaceId, ownerId } = app.identity
    await addRows(workspaceId, ownerId, [4000, 100, 50, 31, 10, 0])
    expect(await expireAudit()).toBe(false)
    expect(await agesOf(workspaceId)).toEqual([4000, 100, 50, 31, 10, 0])
  })

  it('loses what is older, in every workspace, and a row says how much went', async () => {
    const { workspaceId } = app.identity
    const other = await makeOtherWorkspace()
    await addRows(other.workspaceId, other.id, [90, 5])
    keep(60)
    expect(await expireAudit()).toBe(false)
    expect(await agesOf(workspaceId)).toEqual([50, 31, 10, 0])
    expect(await agesOf(other.workspaceId)).toEqual([5])
    const { items } = await listAudit(app.actor(), { action: 'audit.' })
    expect(items).toMatchObject([
      {
        action: 'audit.expire',
        actor: { kind: 'system' },
        after: { deleted: 2 },
        target: { kind: 'workspace' },
      },
    ])
    await expireAudit()
    expect((await listAudit(app.actor(), { action: 'audit.' })).items).toHaveLength(1)
  })

  it('goes by the older of both clocks', async () => {
    keep(30)
    await expireAudit(new Date(Date.now() - 10 * 86_400_000))
    expect(await agesOf(app.identity.workspaceId)).toEqual([31, 10, 0])
    await expireAudit(new Date(Date.now() + 1000 * 86_400_000))
    expect(await agesOf(app.identity.workspaceId)).toEqual([10, 0])
  })

  it('keeps its last 30 days, whatever the role that serves asks for', async () => {
    const { workspaceId } = app.identity
    for (const days of [29, 0, -5, null])
      await expect(
        sql(`SELECT expire_audit($1, $2, now() + interval '1000 days', 100)`, [workspaceId, days]),
      ).rejects.toThrow('30 days at least')
    await sql(`SELECT expire_audit($1, 30, now() + interval '1000 days', 100)`, [workspaceId])
    expect(await agesOf(workspaceId)).toEqual([10, 0])
    await expect(
      sql(`WITH s AS (SELECT set_config('incipit.expiring', $1, true)) DELETE FROM audit_event USING s`, [
        workspaceId,
      ]),
    ).rejects.toMatchObject({ code: '42501' })
    // Even its owner does not get at them so.
    await expect(
      asOwner(
        `WITH s AS MATERIALIZED (SELECT set_config('incipit.expiring', '${workspaceId}', true) AS it)
         DELETE FROM audit_event WHERE workspace_id = (SELECT it::uuid FROM s)`,
      ),
    ).rejects.toThrow('is refused')
    await expect(asOwner(`UPDATE audit_event SET action = 'x'`)).rejects.toThrow('is refused')
  })

  it('does not make a workspace new again by what it has forgotten', async () => {
    const { workspaceId } = app.identity
    const { id } = await systemActorIn(workspaceId)
    await addRows(workspaceId, id, [200], 'workspace.seed')
    await addRows(workspaceId, id, [200], 'configuration.create')
    await expireAudit()
    expect(await seedOnce()).toBe(0)
  })
})
