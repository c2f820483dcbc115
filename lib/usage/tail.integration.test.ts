import type { Pool } from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { pendingUse } from '../testing/usage.ts'
import { listUses } from './operations/list-uses.ts'
import { writeUsage } from './recording/write-usage.ts'

let app: TestRuntime
let pool: Pool
beforeAll(async () => {
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000 } })
  pool = app.runtime.database.primary.pool
})
afterAll(() => app.close())
beforeEach(() => pool.query('DELETE FROM prompt_usage'))

describe('what follows a tail', () => {
  it('is what was held back as well, and not what was told long ago', async () => {
    await writeUsage(pool, [pendingUse(app.actor(), { id: '018bcfe5-6800-7000-8000-000000000001' })])
    const { tail, items } = await listUses(app.actor(), {})
    expect(items).toHaveLength(1)
    const later = [pendingUse(app.actor()), pendingUse(app.actor(), { occurred_at: Date.now() - 20_000 })]
    await writeUsage(pool, later)
    const told = await listUses(app.actor(), { after: tail })
    expect(told.items.map(({ id }) => id)).toEqual(later.map(({ id }) => id))
  })

  it('is what a transaction wrote that took longer than clocks differ', async () => {
    const slow = await pool.connect()
    const id = v7({ msecs: Date.now() - 30_000 })
    try {
      await slow.query('BEGIN')
      await slow.query(
        `INSERT INTO prompt_usage (id, occurred_at, workspace_id, actor_id, operation, surface, outcome, duration_us)
         VALUES ($1, now(), $2, $3, 'render', 'mcp', 'ok', 1)`,
        [id, app.identity.workspaceId, app.actor().id],
      )
      const { tail } = await listUses(app.actor(), {})
      await slow.query('COMMIT')
      const told = await listUses(app.actor(), { after: tail })
      expect(told.items.map((use) => use.id)).toEqual([id])
    } finally {
      slow.release()
    }
  })

  it('is more than a page, where more has come', async () => {
    const { tail } = await listUses(app.actor(), {})
    const came = Array.from({ length: 7 }, (_, n) =>
      pendingUse(app.actor(), { occurred_at: Date.now() - n * 10 }),
    )
    await writeUsage(pool, came)
    const first = await listUses(app.actor(), { after: tail, limit: 5 })
    const rest = await listUses(app.actor(), { after: tail, limit: 5, cursor: first.next_cursor ?? '' })
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(came.map(({ id }) => id))
    expect(rest.next_cursor).toBeNull()
  })
})
