import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../id.ts'
import { refusal } from '../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { change } from './change.ts'
import { onPrimary } from './read.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

const fails = (code: string) => `DO $$ BEGIN RAISE EXCEPTION 'undone' USING ERRCODE = '${code}'; END $$`

describe.each(['40P01', '40001'])('what the database undid with %s', (code) => {
  it('is done again: a change', async () => {
    let tries = 0
    const actor = app.actor()
    const done = await change(actor, async ({ tx, record }) => {
      tries += 1
      record({ action: 'test.again', target: { kind: 'test', id: newId(), name: code } })
      if (tries < 3) await tx.$executeRawUnsafe(fails(code))
      return tries
    })
    expect(done).toBe(3)
    const { auditEvent } = app.runtime.database.primary.prisma
    const rows = await auditEvent.findMany({ where: { action: 'test.again', target_name: code } })
    expect(rows.map(({ revision }) => Number(revision))).toEqual([actor.request.outcome.revision])
  })

  it('is done again: a statement that is a change by itself', async () => {
    let tries = 0
    const { rows } = await onPrimary(async ({ pool }) => {
      tries += 1
      if (tries === 1) await pool.query(fails(code))
      return pool.query<{ tries: number }>('SELECT $1::integer AS tries', [tries])
    })
    expect(rows).toEqual([{ tries: 2 }])
  })

  it('is a conflict when it is undone again and again', async () => {
    let tries = 0
    const failed = await refusal(
      change(app.actor(), async ({ tx }) => {
        tries += 1
        await tx.$executeRawUnsafe(fails(code))
      }),
    )
    expect(failed.code).toBe('conflict')
    expect(tries).toBe(4)
  })
})

it('does nothing else again', async () => {
  let tries = 0
  await expect(
    onPrimary(({ pool }) => {
      tries += 1
      return pool.query(fails('23505'))
    }),
  ).rejects.toThrow('undone')
  expect(tries).toBe(1)
})
