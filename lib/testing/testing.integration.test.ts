import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getRuntime } from '../runtime.ts'
import { freshDatabase, withClient } from './database.ts'
import { makeColleague, makeOtherWorkspace } from './factories.ts'
import { makePromptRow } from './rows.ts'
import { type TestRuntime, testRuntime } from './runtime.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

describe('the test runtime', () => {
  it('is the runtime of the process, on a migrated database', async () => {
    expect(getRuntime()).toBe(app.runtime)
    const prompt = await makePromptRow(app.actor())
    const where = { workspace_id: app.identity.workspaceId }
    expect(await getRuntime().database.primary.prisma.promptTemplate.count({ where })).toBe(1)
    expect(prompt.etag).toMatch(/^"[0-9a-f]{8}-1"$/)
  })

  it('keeps databases apart', async () => {
    const [one, two] = await Promise.all([freshDatabase(), freshDatabase()])
    try {
      expect(one.name).not.toBe(two.name)
      const rows = await withClient(one.url, (client) => client.query('SELECT FROM prompt_template'))
      expect(rows.rowCount).toBe(0)
    } finally {
      await Promise.all([one.drop(), two.drop()])
    }
  })

  it('makes actors of other workspaces and colleagues', async () => {
    const other = await makeOtherWorkspace()
    expect(other.workspaceId).not.toBe(app.identity.workspaceId)
    const colleague = await makeColleague(app.actor())
    expect(colleague.workspaceId).toBe(app.identity.workspaceId)
    expect(colleague.id).not.toBe(app.actor().id)
  })
})

it('a statement that brings rows of the neighbour is told at the end', async () => {
  const careless = await testRuntime()
  await careless.runtime.database.primary.pool.query('SELECT title FROM prompt_search')
  await careless.runtime.database.primary.prisma.promptSearch.findMany({ select: { body: true } })
  await expect(careless.close()).rejects.toThrow(/another workspace.*SELECT title FROM.*"body" FROM/s)
})
