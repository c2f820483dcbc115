import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operatorActorIn } from '#lib/access/identify.ts'
import { createConfiguration } from '#lib/ai/operations/create-configuration.ts'
import { listAudit } from '#lib/audit/operations/list-audit.ts'
import { seedMissing } from '#lib/boot/seed.ts'
import { createKey } from '#lib/keys/operations/create-key.ts'
import { createVersion } from '#lib/prompts/operations/create-version.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import { makePrompt } from '#lib/testing/factories.ts'
import { refusal } from '#lib/testing/refusal.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { readCommandLine, UsageError } from './command.ts'
import { COMMANDS } from './commands.ts'
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

/** A command as its process runs it: with settings of its own, and an exit code. */
async function asProcess(args: readonly string[], input?: string) {
  const environment = {
    DATABASE_URL: app.database.url,
    INCIPIT_DATABASE_MIGRATE_URL: app.database.ownerUrl,
    INCIPIT_DATA_DIR: folder,
    INCIPIT_SECRET: SECRET,
  }
  const said = await runAdmin([...args, '--json'], environment, input)
  return { ...said, data: said.stdout === '' ? undefined : JSON.parse(said.stdout) }
}

/** What a command answers the operator, in this process: data, or what it throws. */
async function admin(...args: string[]) {
  const { name = '', given } = readCommandLine(args, COMMANDS)
  const command = COMMANDS[name]
  if (command?.as !== 'operator') throw new Error(`${name} is a program.`)
  const answer = await command.run(await operatorActorIn(app.identity.workspaceId), given)
  expect(answer.text).not.toBe('')
  // What programs get is JSON.
  return JSON.parse(JSON.stringify(answer.data))
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
    expect((await admin('keys', 'list')).items).toMatchObject([{ id, status: 'active' }])
    const rotated = await admin('keys', 'rotate', id, '--overlap', '0')
    expect(rotated).toMatchObject({ id, key: expect.stringMatching(/^inc_/) })
    expect(rotated.key).not.toBe(key)
    expect(await whoDid('key.rotate')).toMatchObject({ ...OPERATOR, target: 'ci' })
    await admin('keys', 'revoke', id)
    expect(await whoDid('key.revoke')).toMatchObject(OPERATOR)
    expect((await admin('keys', 'list')).items).toEqual([])
    expect((await admin('keys', 'list', '--revoked')).items).toMatchObject([{ id }])
    await expect(admin('keys', 'revoke', 'nothing')).rejects.toThrow(UsageError)
    const gone = admin('keys', 'revoke', '019a0000-0000-7000-8000-000000000000')
    expect(await refusal(gone)).toMatchObject({ code: 'not_found' })
  })

  it('moves and protects labels', async () => {
    const { name } = await makePrompt(app.actor())
    await createVersion(app.actor(), { name, base_version: 1, template_content: 'two' })
    const moved = await admin('labels', 'move', name, 'production', '2')
    expect(moved).toMatchObject({ version: 2, previous_version: 1 })
    expect(await getPrompt(app.actor(), { name })).toMatchObject({ version: 2 })
    expect(await whoDid('label.set')).toMatchObject({ ...OPERATOR, target: name })
    const far = admin('labels', 'move', name, 'production', '9')
    expect(await refusal(far)).toMatchObject({ code: 'unprocessable' })
    await expect(admin('labels', 'move', name, 'production', 'two')).rejects.toThrow(UsageError)
    expect(await admin('labels', 'protect', 'staging')).toMatchObject({ protected: true })
    expect(await admin('labels', 'unprotect', 'staging')).toMatchObject({ protected: false })
    const always = admin('labels', 'unprotect', 'production')
    expect(await refusal(always)).toMatchObject({ code: 'unprocessable' })
    expect((await admin('labels', 'list', name)).items).toMatchObject([{ label: 'production', version: 2 }])
    expect((await admin('labels', 'list')).items).toContainEqual(
      expect.objectContaining({ label: 'staging' }),
    )
  })

  it('sets the key of a configuration from stdin, which nothing shows again', async () => {
    await createConfiguration(app.actor(), { name: 'writer', provider: 'openai', model: 'm' })
    const key = 'sk-set-by-the-operator-0123456789'
    const set = await asProcess(['configurations', 'set-key', 'writer'], `${key}\n`)
    expect(set).toMatchObject({ code: 0, data: { name: 'writer', key: 'stored' } })
    expect(set.stdout + set.stderr).not.toContain(key)
    expect(await whoDid('configuration.update')).toMatchObject(OPERATOR)
    expect(JSON.stringify(await admin('configurations', 'list'))).not.toContain(key)
    expect(await asProcess(['configurations', 'set-key', 'writer'], '')).toMatchObject({ code: 2 })
    expect(await admin('secrets', 'rotate')).toMatchObject({ resealed: 1, unreadable: [] })
    expect(await whoDid('secret.rotated')).toMatchObject(OPERATOR)
  })

  it('runs the upkeep, and sends again what was refused', async () => {
    const done = await admin('upkeep', 'run', 'expire_usage')
    expect(done.items).toMatchObject([{ step: 'expire_usage', outcome: 'done' }])
    await expect(admin('upkeep', 'run', 'nothing')).rejects.toThrow('There are: end_abandoned')
    const { items } = await admin('upkeep', 'status')
    expect(items).toContainEqual(expect.objectContaining({ step: 'expire_usage', late: false }))
    expect(await admin('instances')).toEqual({ items: [] })
    const { pool } = app.runtime.database.primary
    await pool.query(
      `INSERT INTO outbox (workspace_id, id, target, subject, name, data, tries, written_at, due_at)
       VALUES ($1, 'refused', 'jobs', 's', 'generation/requested', '{}', 1000, now(), now())`,
      [app.identity.workspaceId],
    )
    expect((await admin('outbox', 'list')).items).toMatchObject([{ id: 'refused' }])
    await admin('outbox', 'resend', 'refused')
    const { rows } = await pool.query(`SELECT tries FROM outbox WHERE id = 'refused'`)
    expect(rows).toEqual([{ tries: 0 }])
    const again = admin('outbox', 'resend', 'refused')
    expect(await refusal(again)).toMatchObject({ code: 'not_found' })
    await pool.query(`UPDATE outbox SET tries = 1000 WHERE id = 'refused'`)
    await expect(admin('outbox', 'drop', 'refused')).rejects.toThrow(
      /This gives up generation\/requested about s, of .*outbox drop refused --yes/,
    )
    expect((await admin('outbox', 'list')).items).toHaveLength(1)
    await admin('outbox', 'drop', 'refused', '--yes')
    expect((await pool.query(`SELECT FROM outbox WHERE id = 'refused'`)).rowCount).toBe(0)
    expect(await whoDid('outbox.drop')).toMatchObject(OPERATOR)
    expect(await refusal(admin('outbox', 'drop', 'refused'))).toMatchObject({ code: 'not_found' })
  })

  it('is told what went wrong, with an exit code of its kind', async () => {
    const gone = await asProcess(['keys', 'revoke', '019a0000-0000-7000-8000-000000000000'])
    expect(gone).toMatchObject({ code: 1, data: { error: { code: 'not_found' } } })
    expect(await asProcess(['keys', 'revoke'])).toMatchObject({ code: 2 })
  })
})

describe('a restore drill', () => {
  it.each([
    ['a server of its own', []],
    ['a database beside', ['--beside']],
  ])('proves a backup in %s', async (_where, more) => {
    await seedMissing()
    const file = path.join(folder, `drill${more.length}.backup.gz`)
    expect(await asProcess(['backup', file])).toMatchObject({ code: 0, data: { file } })
    expect(await asProcess(['backup', file])).toMatchObject({ code: 1 })
    const { code, data } = await asProcess(['restore-drill', file, ...more])
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
    await asProcess(['backup', file])
    const bytes = await readFile(file)
    await writeFile(path.join(folder, 'cut.gz'), bytes.subarray(0, bytes.length / 2))
    expect(await asProcess(['restore-drill', path.join(folder, 'cut.gz')])).toMatchObject({ code: 1 })
    const { name } = await makePrompt(app.actor(), { template_content: 'a text that is exchanged' })
    await rm(file)
    await asProcess(['backup', file])
    const text = gunzipSync(await readFile(file)).toString('utf8')
    const broken = path.join(folder, 'broken.gz')
    await writeFile(broken, gzipSync(text.replaceAll('a text that is exchanged', '{% nothing %}')))
    const { code, data } = await asProcess(['restore-drill', broken])
    expect({ code, failed: data.prompts.failed, other: data.prompts.without_values }).toEqual({
      code: 1,
      failed: [{ name, reason: expect.any(String) }],
      other: [],
    })
  })
})
