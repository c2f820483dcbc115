import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { startTestDatabase } from '../../scripts/test-database.mjs'
import { type RunningApp, startApp } from '../start-app.ts'

/** A file system of its own for PostgreSQL, which can be filled. Mounting one needs root. */
let disk: string
let database: Awaited<ReturnType<typeof startTestDatabase>>
let app: RunningApp

beforeAll(async () => {
  disk = mkdtempSync(path.join(tmpdir(), 'incipit-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=1777', 'tmpfs', disk])
  vi.stubEnv('TMPDIR', disk)
  database = await startTestDatabase({ durable: true })
  vi.unstubAllEnvs()
  app = await startApp({ database: database.adminUrl })
})
afterAll(async () => {
  try {
    await app.stop()
    await database.stop()
  } finally {
    execFileSync('umount', ['--lazy', disk])
    rmSync(disk, { recursive: true, force: true })
  }
})

function create(name: string): Promise<Response> {
  return fetch(`${app.url}/api/prompts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // Text that does not shrink, so that its table has to grow.
    body: JSON.stringify({ name, template_content: randomBytes(60_000).toString('base64') }),
  })
}

/** Takes every byte that is left. */
function fill(): () => void {
  const file = path.join(disk, 'filler')
  try {
    for (let size = 16 * 1024 * 1024; size >= 4096; size /= 2)
      try {
        for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
      } catch {
        // Full for pieces of this size: smaller ones fill the rest.
      }
  } finally {
    chmodSync(file, 0o600)
  }
  return () => rmSync(file)
}

describe('case 37: a disk that is full', () => {
  it('is storage_full and told by readiness, reads go on, and it heals without a loss', async () => {
    const kept: string[] = []
    const acknowledge = async (name: string) => {
      const answer = await create(name)
      if (answer.status === 201) kept.push(name)
      return answer
    }
    expect((await acknowledge('before')).status).toBe(201)
    const empty = fill()
    const codes = new Set<string>()
    for (let n = 0; n < 40; n++) {
      const answer = await acknowledge(`during-${n}`)
      if (answer.status === 201) continue
      expect(answer.status).toBe(503)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      codes.add(((await answer.json()) as { code: string }).code)
    }
    expect([...codes]).toEqual(['storage_full'])
    const ready = await fetch(`${app.url}/health/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ checks: { disk: 'full', database: 'up' } })
    expect((await fetch(`${app.url}/api/prompts/before/render`)).status).toBe(200)
    empty()
    expect((await acknowledge('after')).status).toBe(201)
    await app.ready()
    const { rows } = await withClient(database.adminUrl, (client) =>
      client.query<{ name: string }>('SELECT name FROM prompt_template'),
    )
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(kept))
  })
})
