import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfiguration } from '#lib/ai/operations/create-configuration.ts'
import { listAudit } from '#lib/audit/operations/list-audit.ts'
import { seedMissing } from '#lib/boot/seed.ts'
import { createKey } from '#lib/keys/operations/create-key.ts'
import { createVersion } from '#lib/prompts/operations/create-version.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import { makePrompt } from '#lib/testing/factories.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { runAdmin } from './run-admin.ts'

const SECRET = 'a secret that the commands share with us'

let app: TestRuntime
let folder: string
beforeAll(async () => {
  app = await testRuntime({ secret: SECRET })
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-admin-'))
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

async function admin(args: readonly string[], input?: string) {
  const environment = {
    DATABASE_URL: app.database.url,
    INCIPIT_DATABASE_MIGRATE_URL: app.database.ownerUrl,
    INCIPIT_DATA_DIR: folder,
    INCIPIT_SECRET: SECRET,
  }
  const said = await runAdmin([...args, '--json'], environment, input)
  return { ...said, data: said.stdout === '' ? undefined : JSON.parse(said.stdout) }
}

/** Who did it last, as the audit log names them. */
async function whoDid(action: string) {
  const { items } = await listAudit(app.actor(), { action })
  return items[0] && { ...items[0].actor, target: items[0].target.name }
}

const OPERATOR = { kind: 'system', display: 'Operator' }

describe('the operator', () => {
  it('lists, rotates and revokes keys, on record as one of its own', async () => {
    const { id, key } = await createKey(app.actor(), { name: 'ci', kind: 'service', preset: 'ci' })
    expect((await admin(['keys', 'list'])).data.items).toMatchObject([{ id, status: 'active' }])
    const rotated = await admin(['keys', 'rotate', id, '--overlap', '0'])
    expect(rotated).toMatchObject({ code: 0, data: { id, key: expect.stringMatching(/^inc_/) } })
    expect(rotated.data.key).not.toBe(key)
    expect(await whoDid('key.rotate')).toMatchObject({ ...OPERATOR, target: 'ci' })
    expect(await admin(['keys', 'revoke', id])).toMatchObject({ code: 0 })
    expect(await whoDid('key.revoke')).toMatchObject(OPERATOR)
    expect((await admin(['keys', 'list'])).data.items).toEqual([])
    expect((await admin(['keys', 'list', '--revoked'])).data.items).toMatchObject([{ id }])
    expect(await admin(['keys', 'revoke', 'nothing'])).toMatchObject({ code: 2 })
    const gone = await admin(['keys', 'revoke', '019a0000-0000-7000-8000-000000000000'])
    expect(gone).toMatchObject({ code: 1, data: { error: { code: 'not_found' } } })
  })

  it('moves and protects labels', async () => {
    const { name } = await makePrompt(app.actor())
    await createVersion(app.actor(), { name, base_version: 1, template_content: 'two' })
    const moved = await admin(['labels', 'move', name, 'production', '2'])
    expect(moved).toMatchObject({ code: 0, data: { version: 2, previous_version: 1 } })
    expect(await getPrompt(app.actor(), { name })).toMatchObject({ version: 2 })
    expect(await whoDid('label.set')).toMatchObject({ ...OPERATOR, target: name })
    expect(await admin(['labels', 'move', name, 'production', '9'])).toMatchObject({ code: 1 })
    expect(await admin(['labels', 'move', name, 'production', 'two'])).toMatchObject({ code: 2 })
    expect((await admin(['labels', 'protect', 'staging'])).data).toMatchObject({ protected: true })
    expect((await admin(['labels', 'unprotect', 'staging'])).data).toMatchObject({ protected: false })
    expect(await admin(['labels', 'unprotect', 'production'])).toMatchObject({ code: 1 })
    expect((await admin(['labels', 'list', name])).data.items).toMatchObject([
      { label: 'production', version: 2 },
    ])
  })

  it('sets the key of a configuration from stdin, which nothing shows again', async () => {
    await createConfiguration(app.actor(), { name: 'writer', provider: 'openai', model: 'm' })
    const key = 'sk-set-by-the-operator-0123456789'
    const set = await admin(['configurations', 'set-key', 'writer'], `${key}\n`)
    expect(set).toMatchObject({ code: 0, data: { name: 'writer', key: 'stored' } })
    expect(set.stdout + set.stderr).not.toContain(key)
    expect(await whoDid('configuration.update')).toMatchObject(OPERATOR)
    expect((await admin(['configurations', 'list'])).stdout).not.toContain(key)
    expect(await admin(['configurations', 'set-key', 'writer'], '')).toMatchObject({ code: 2 })
    expect((await admin(['secrets', 'rotate'])).data).toMatchObject({ resealed: 1, unreadable: [] })
    expect(await whoDid('secret.rotated')).toMatchObject(OPERATOR)
  })

  it('runs the upkeep, and sends again what was refused', async () => {
    expect(await admin(['upkeep', 'run', 'expire_usage'])).toMatchObject({
      code: 0,
      data: { items: [{ step: 'expire_usage', outcome: 'done' }] },
    })
    expect(await admin(['upkeep', 'run', 'nothing'])).toMatchObject({ code: 2 })
    expect(await admin(['upkeep', 'status'])).toMatchObject({ code: 0 })
    const { pool } = app.runtime.database.primary
    await pool.query(
      `INSERT INTO outbox (workspace_id, id, target, subject, name, data, tries, written_at, due_at)
       VALUES ($1, 'refused', 'jobs', 's', 'generation/requested', '{}', 1000, now(), now())`,
      [app.identity.workspaceId],
    )
    expect((await admin(['outbox', 'list'])).data.items).toMatchObject([{ id: 'refused' }])
    expect(await admin(['outbox', 'resend', 'refused'])).toMatchObject({ code: 0 })
    const { rows } = await pool.query(`SELECT tries FROM outbox WHERE id = 'refused'`)
    expect(rows).toEqual([{ tries: 0 }])
    expect(await admin(['outbox', 'resend', 'refused'])).toMatchObject({ code: 1 })
    await pool.query(`DELETE FROM outbox WHERE id = 'refused'`)
  })
})

describe('a restore drill', () => {
  it.each([
    ['a server of its own', []],
    ['a database beside', ['--beside']],
  ])('proves a backup in %s', async (_where, more) => {
    await seedMissing()
    const file = path.join(folder, `drill${more.length}.backup.gz`)
    expect(await admin(['backup', file])).toMatchObject({ code: 0, data: { file } })
    expect(await admin(['backup', file])).toMatchObject({ code: 1 })
    const { code, data } = await admin(['restore-drill', file, ...more])
    expect(data).toMatchObject({ good: true, secret: 'fits', prompts: { failed: [] } })
    expect({ code, rendered: data.prompts.rendered > 10 }).toEqual({ code: 0, rendered: true })
    expect(data.tables.find(({ name }: { name: string }) => name === 'prompt_version').rows).toBeGreaterThan(
      10,
    )
    const { rows } = await app.runtime.database.primary.pool.query(
      `SELECT FROM pg_database WHERE datname LIKE 'incipit_drill_%'`,
    )
    expect(rows).toEqual([])
  })

  it('refuses a file that is cut off, and notices a prompt that cannot be rendered', async () => {
    const file = path.join(folder, 'whole.backup.gz')
    await admin(['backup', file])
    const bytes = await readFile(file)
    await writeFile(path.join(folder, 'cut.gz'), bytes.subarray(0, bytes.length / 2))
    expect(await admin(['restore-drill', path.join(folder, 'cut.gz')])).toMatchObject({ code: 1 })
    const { name } = await makePrompt(app.actor(), { template_content: 'a text that is exchanged' })
    await rm(file)
    await admin(['backup', file])
    const text = gunzipSync(await readFile(file)).toString('utf8')
    const broken = path.join(folder, 'broken.gz')
    await writeFile(broken, gzipSync(text.replaceAll('a text that is exchanged', '{% nothing %}')))
    const { code, data } = await admin(['restore-drill', broken])
    expect({ code, failed: data.prompts.failed, other: data.prompts.without_values }).toEqual({
      code: 1,
      failed: [{ name, reason: expect.any(String) }],
      other: [],
    })
  })
})
