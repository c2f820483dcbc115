import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../id.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { announcements } from './announce.ts'
import type { AuditEntry } from './change.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

const made = (name: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  action: 'prompt.create',
  target: { kind: 'prompt', id: newId(), name },
  after: { version: 1, labels: [] },
  ...more,
})
const counts = { create: 2, version: 0, unchanged: 0, skipped: 0, conflict: 0, refused: 0 }

it('what somebody listens to is told, and nothing else', async () => {
  const { prisma, pool } = app.runtime.database.primary
  const entries = [
    made('one'),
    made('two', {
      action: 'version.create',
      before: { version: 1, archived: true },
      after: { version: 2, labels: [], archived: false },
    }),
    made('three', { action: 'prompt.update', before: { archived: false }, after: { archived: true } }),
    { action: 'import.create', target: { kind: 'import', id: newId(), name: 'a.zip' }, after: { ...counts } },
  ]
  expect(await announcements(prisma, app.actor(), entries)).toEqual([])
  await pool.query(
    `INSERT INTO webhook (id, workspace_id, name, url, created_by, events) VALUES ($1, $2, 'w', 'https://a.example', $3, $4)`,
    [
      newId(),
      app.identity.workspaceId,
      app.actor().id,
      ['prompt.created', 'prompt.restored', 'prompt.archived', 'import.finished'],
    ],
  )
  const messages = await announcements(prisma, app.actor(), entries)
  expect(messages.map(({ name, data }) => [name, data])).toMatchObject([
    ['prompt.created', { prompt: { name: 'one' }, version: 1 }],
    ['prompt.restored', { prompt: { name: 'two' } }],
    ['prompt.archived', { prompt: { name: 'three' } }],
    ['import.finished', { import: { origin: 'a.zip' }, counts }],
  ])
})
