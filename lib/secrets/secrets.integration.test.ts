import { execFile } from 'node:child_process'
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemActorIn } from '../access/identify.ts'
import { refreshAccessState } from '../access/state.ts'
import { keyPlace } from '../ai/calls/call-key.ts'
import { findChain } from '../ai/configurations/read-chain.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { getConfiguration } from '../ai/operations/get-configuration.ts'
import { patchConfiguration } from '../ai/operations/patch-configuration.ts'
import { change } from '../db/change.ts'
import { newId } from '../id.ts'
import { createRuntime, type Runtime, setRuntime } from '../runtime.ts'
import { ROOT } from '../testing/database.ts'
import { makeOtherWorkspace, viewerOf } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { activeDataKey } from './data-keys.ts'
import { checkSecret, takeSecret } from './known-secret.ts'
import { rotateDataKey } from './operations/rotate-data-key.ts'
import { resealOld } from './reseal.ts'
import { INSTALLATION } from './sealed-columns.ts'
import { open, seal, type Wrap } from './sealing.ts'
import { rewrapDataKeys } from './wraps.ts'

const OLD = 'an old secret that is long enough to be one'
const NEW = 'a new secret that is long enough to be one!'
const OTHER = 'another secret that is long enough to be 1!'

let app: TestRuntime
let dataDir: string
const started: Runtime[] = []

beforeAll(async () => {
  app = await testRuntime()
  dataDir = mkdtempSync(path.join(tmpdir(), 'incipit-reseal-'))
})
afterEach(async () => {
  setRuntime(app.runtime)
  await sql('DELETE FROM ai_configuration WHERE workspace_id = $1', [app.identity.workspaceId])
  await sql('DELETE FROM data_key')
  await sql('DELETE FROM known_secret')
})
afterAll(async () => {
  await Promise.all(started.map((runtime) => runtime.close()))
  rmSync(dataDir, { recursive: true, force: true })
  await app.close()
})

const sql = (text: string, values: unknown[] = []) =>
  app.runtime.database.primary.pool.query<Record<string, string | null>>(text, values)

/** An instance of the app, started anew with these secrets on the same database. */
async function startWith(secret: string | undefined, previousSecrets: string[] = []): Promise<Runtime> {
  const { config } = app.runtime
  const runtime = createRuntime({ ...config, dataDir, keys: { ...config.keys, secret, previousSecrets } })
  started.push(runtime)
  setRuntime(runtime)
  await refreshAccessState()
  return runtime
}

const owner = () => app.actor()

const create = (name: string, api_key: string | null) =>
  createConfiguration(owner(), { name, provider: 'openai', model: 'm', ...(api_key !== null && { api_key }) })

async function enter(name: string, api_key: string): Promise<void> {
  const { etag } = await getConfiguration(owner(), { name })
  await patchConfiguration(owner(), { current_name: name, if_match: etag, api_key })
}

/** What a call of this instance would send as key. */
async function keyOf(name: string): Promise<string> {
  const { workspaceId } = app.identity
  const [member] = await findChain(workspaceId, { name })
  const { sealedKey, id } = member?.loaded ?? {}
  if (!sealedKey || id === undefined) throw new Error('no key')
  return open(sealedKey, keyPlace(workspaceId, id))
}

/** A key as the release before has stored it: with a key of its own, wrapped with the secret. */
async function storeAsBefore(name: string, plain: string, secret: string): Promise<string> {
  const id = newId()
  const { workspaceId, ownerId } = app.identity
  const derive = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `incipit ${use} 1`, bytes))
  const keyId = derive('key id', 8).toString('hex')
  const bound = Buffer.from(JSON.stringify([1, 'ai_configuration', 'api_key_sealed', workspaceId, id, keyId]))
  const encrypt = (key: Buffer, text: Buffer) => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound)
    return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()])
  }
  const own = randomBytes(32)
  const wrapped = encrypt(derive('key wrapping', 32), own)
  const sealed = Buffer.concat([Buffer.of(1), wrapped, encrypt(own, Buffer.from(plain))])
  await sql(
    `INSERT INTO ai_configuration (id, workspace_id, name, provider, model, api_key_sealed, api_key_id, created_by)
     VALUES ($1, $2, $3, 'openai', 'm', $4, $5, $6)`,
    [id, workspaceId, name, sealed, keyId, ownerId],
  )
  return id
}

const sealedRows = async () =>
  (
    await sql(
      `SELECT name, api_key_id, data_key_id, encode(api_key_sealed, 'hex') AS bytes FROM ai_configuration
       WHERE workspace_id = $1 ORDER BY name`,
      [app.identity.workspaceId],
    )
  ).rows

const actions = async () =>
  (
    await sql(
      `SELECT action FROM audit_event WHERE workspace_id = $1 AND action ~ 'secret|reseal' ORDER BY revision, id`,
      [app.identity.workspaceId],
    )
  ).rows.map(({ action }) => action)

describe('case 30: what the release before has sealed', () => {
  it('a rotated secret reads what the old one sealed, and takes its place', async () => {
    await storeAsBefore('first', 'sk-first', OLD)
    await storeAsBefore('second', 'sk-second', OLD)
    await create('without', null)
    await startWith(NEW, [OLD])
    expect(await keyOf('first')).toBe('sk-first')
    expect(await resealOld()).toEqual({ resealed: 2, unreadable: 0 })
    expect(await resealOld()).toEqual({ resealed: 0, unreadable: 0 })
    await startWith(NEW)
    expect(await keyOf('first')).toBe('sk-first')
    expect(await keyOf('second')).toBe('sk-second')
  })

  it('what no known secret opens is counted and left as it is', async () => {
    await storeAsBefore('lost', 'sk-lost', OLD)
    await startWith(NEW)
    expect(await resealOld()).toEqual({ resealed: 0, unreadable: 1 })
    await startWith(OLD)
    expect(await keyOf('lost')).toBe('sk-lost')
  })

  it('makes no secret while no key is stored', async () => {
    await startWith(undefined)
    await create('without', null)
    await checkSecret()
    expect(await rewrapDataKeys()).toEqual({ rewrapped: 0, unreadable: 0 })
    expect(await resealOld()).toEqual({ resealed: 0, unreadable: 0 })
    expect(existsSync(path.join(dataDir, 'secret'))).toBe(false)
  })

  it('is read and sealed anew by a rotation', async () => {
    await storeAsBefore('first', 'sk-first', OLD)
    await startWith(OLD)
    expect(await rotateDataKey(owner(), {})).toEqual({ resealed: 1, unreadable: [] })
    expect((await sealedRows())[0]?.data_key_id).not.toBeNull()
    expect(await keyOf('first')).toBe('sk-first')
  })
})

describe('case 30: a data key', () => {
  it('is wrapped anew with a new secret and touches no row, while instances with the old one go on', async () => {
    const old = await startWith(OLD)
    await create('first', 'sk-first')
    const before = await sealedRows()
    const changed = await startWith(NEW, [OLD])
    await checkSecret()
    expect(await keyOf('first')).toBe('sk-first')
    expect(await rewrapDataKeys()).toEqual({ rewrapped: 1, unreadable: 0 })
    expect(await rewrapDataKeys()).toEqual({ rewrapped: 0, unreadable: 0 })
    expect(await sealedRows()).toEqual(before)
    // The instance with the old secret, with nothing in its caches.
    await startWith(OLD)
    await checkSecret()
    expect(await rewrapDataKeys()).toEqual({ rewrapped: 0, unreadable: 0 })
    expect(await keyOf('first')).toBe('sk-first')
    setRuntime(old)
    await create('second', 'sk-second')
    setRuntime(changed)
    expect(await keyOf('second')).toBe('sk-second')
    // The old secret is taken away: it opens nothing any more.
    await startWith(NEW)
    await checkSecret()
    await rewrapDataKeys()
    expect(await keyOf('first')).toBe('sk-first')
    await startWith(OLD)
    await expect(checkSecret()).rejects.toThrow(/INCIPIT_SECRET_PREVIOUS/)
    expect(await rewrapDataKeys()).toEqual({ rewrapped: 0, unreadable: 1 })
    await expect(keyOf('first')).rejects.toThrow(/INCIPIT_SECRET_PREVIOUS/)
    await expect(create('third', 'sk-third')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('is replaced by a rotation, while other instances read and write', async () => {
    const other = await startWith(OLD)
    await other.feed.start()
    for (let n = 0; n < 60; n++) await create(`model_${n}`, `sk-${n}`)
    expect(await keyOf('model_7')).toBe('sk-7')
    await startWith(OLD)
    const before = await actions()
    const [done] = await Promise.all([
      rotateDataKey(owner(), {}),
      (async () => {
        for (let n = 0; n < 10; n++) await enter(`model_${n}`, `sk-new-${n}`)
      })(),
    ])
    expect(done.unreadable).toEqual([])
    expect(done.resealed).toBeGreaterThanOrEqual(50)
    const keys = (await sql('SELECT id, retired_at FROM data_key')).rows
    expect(keys).toMatchObject([{ retired_at: null }])
    expect(new Set((await sealedRows()).map((row) => row.data_key_id))).toEqual(new Set([keys[0]?.id]))
    setRuntime(other)
    await expect.poll(() => keyOf('model_7')).toBe('sk-new-7')
    for (let n = 0; n < 60; n++) expect(await keyOf(`model_${n}`)).toBe(n < 10 ? `sk-new-${n}` : `sk-${n}`)
    const since = (await actions()).slice(before.length)
    expect([since[0], since.at(-1)]).toEqual(['secret.rotate', 'secret.rotated'])
    expect(since.filter((action) => action === 'configuration.reseal')).toHaveLength(done.resealed)
  })

  it('is not changed by who is no owner, nor in another workspace', async () => {
    await startWith(OLD)
    await create('first', 'sk-first')
    const before = await sealedRows()
    const other = await makeOtherWorkspace()
    await rotateDataKey(other, {})
    expect(await sealedRows()).toEqual(before)
    await expect(rotateDataKey(viewerOf(owner()), {})).rejects.toMatchObject({ code: 'forbidden' })
    await expect(rotateDataKey({ ...owner(), role: 'admin' }, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('goes on where a rotation was interrupted, and leaves what it cannot read as it is', async () => {
    await startWith(OLD)
    await create('first', 'sk-first')
    await create('broken', 'sk-broken')
    await sql(`UPDATE ai_configuration SET api_key_sealed = '\\x0200' WHERE name = 'broken'`)
    // Interrupted after the new data key was made.
    await sql('UPDATE data_key SET retired_at = now()')
    await change(owner(), ({ tx }) => activeDataKey(tx, app.identity.workspaceId))
    expect(await keyOf('first')).toBe('sk-first')
    expect(await rotateDataKey(owner(), {})).toEqual({ resealed: 1, unreadable: ['broken'] })
    expect(await keyOf('first')).toBe('sk-first')
    // The data key of what could not be read stays.
    expect((await sql('SELECT FROM data_key')).rowCount).toBe(2)
  })

  it('opens no row but its own: neither swapped rows nor swapped data keys', async () => {
    await startWith(OLD)
    await create('first', 'sk-first')
    await create('second', 'sk-second')
    await sql(
      `UPDATE ai_configuration a SET api_key_sealed = b.api_key_sealed FROM ai_configuration b
       WHERE a.name IN ('first', 'second') AND b.name IN ('first', 'second') AND a.name <> b.name`,
    )
    for (const name of ['first', 'second']) await expect(keyOf(name)).rejects.toThrow(/cannot be read/)
    expect((await rotateDataKey(owner(), {})).unreadable).toEqual(['first', 'second'])
  })

  it('is one, when several requests make it at the same time', async () => {
    await startWith(OLD)
    await Promise.all(Array.from({ length: 4 }, (_, n) => create(`model_${n}`, `sk-${n}`)))
    expect((await sql('SELECT FROM data_key')).rowCount).toBe(1)
    for (let n = 0; n < 4; n++) expect(await keyOf(`model_${n}`)).toBe(`sk-${n}`)
  })
})

describe('case 30: a second factor', () => {
  it('is sealed with the data key of the installation, wrapped anew and rotated with it', async () => {
    await startWith(OLD)
    const [personId, plain] = [newId(), 'JBSWY3DPEHPK3PXP']
    const place = { table: 'person_second_factor', column: 'secret', workspaceId: INSTALLATION, id: personId }
    await sql(`INSERT INTO person (id, email, name) VALUES ($1, 'ada@example.org', 'Ada')`, [personId])
    await change(owner(), async ({ tx }) => {
      const dataKey = await activeDataKey(tx, INSTALLATION)
      const secret = Uint8Array.from(seal(plain, dataKey, place))
      await tx.personSecondFactor.create({ data: { person_id: personId, secret, key_id: dataKey.id } })
    })
    const read = async () => {
      const { rows } = await app.runtime.database.primary.pool.query<{
        sealed: Uint8Array
        keyId: string
        wraps: Wrap[]
      }>(
        `SELECT f.secret AS sealed, f.key_id AS "keyId", k.wraps FROM person_second_factor f
         JOIN data_key k ON k.id = f.data_key_id`,
      )
      const [row] = rows
      if (row === undefined) throw new Error('no row')
      return { ...row, plain: open(row, place) }
    }
    try {
      const before = await read()
      expect(before.plain).toBe(plain)
      // That of a workspace leaves it alone.
      await rotateDataKey(owner(), {})
      expect((await read()).keyId).toBe(before.keyId)
      await startWith(NEW, [OLD])
      expect(await rewrapDataKeys()).toMatchObject({ unreadable: 0 })
      expect(await read()).toMatchObject({ plain, keyId: before.keyId, sealed: before.sealed })
      expect(await rotateDataKey(owner(), { installation: true })).toEqual({ resealed: 1, unreadable: [] })
      const after = await read()
      expect(after.plain).toBe(plain)
      expect(after.keyId).not.toBe(before.keyId)
      expect(after.wraps).toHaveLength(1)
    } finally {
      await sql('DELETE FROM person WHERE id = $1', [personId])
    }
  })
})

describe('npm run secrets:rotate', () => {
  const rotate = (secret: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts/database/rotate-secrets.ts'), ...args], {
      cwd: ROOT,
      env: {
        ...process.env,
        DATABASE_URL: app.database.url,
        INCIPIT_DATABASE_MIGRATE_URL: app.database.ownerUrl,
        INCIPIT_DATA_DIR: dataDir,
        INCIPIT_SECRET: secret,
      },
    })

  it('seals everything anew, and refuses another secret unless the right one is lost', async () => {
    await startWith(OLD)
    await create('first', 'sk-first')
    const [before] = await sealedRows()
    expect((await rotate(OLD)).stdout).toContain('1 stored secrets were sealed anew.')
    expect((await sealedRows())[0]?.data_key_id).not.toBe(before?.data_key_id)
    await startWith(OLD)
    expect(await keyOf('first')).toBe('sk-first')
    await expect(rotate(OTHER)).rejects.toMatchObject({ stderr: expect.stringContaining('-- --lost') })
    const { stdout } = await rotate(OTHER, '--lost')
    expect(stdout).toContain('enter them again: first.')
    await startWith(OTHER)
    await checkSecret()
  })
})

describe('case 30: the secret of a database', () => {
  it('is refused to an instance that has another one, with the remedy, once something depends on it', async () => {
    await startWith(OLD)
    await checkSecret()
    // Nothing is sealed yet: any is right.
    await startWith(OTHER)
    await checkSecret()
    await startWith(OLD)
    await checkSecret()
    await create('first', 'sk-first')
    await startWith(OTHER)
    await expect(checkSecret()).rejects.toThrow(/npm run secrets:rotate -- --lost/)
    // A host without a secret makes none of its own.
    await startWith(undefined)
    await expect(checkSecret()).rejects.toThrow(/it has none/)
    expect(existsSync(path.join(dataDir, 'secret'))).toBe(false)
    await startWith(OTHER, [OLD])
    await checkSecret()
    await startWith(OLD)
    await checkSecret()
  })

  it('is noted with the first key, and with the first account', async () => {
    await startWith(undefined)
    const lone = mkdtempSync(path.join(tmpdir(), 'incipit-lone-'))
    const runtime = createRuntime({ ...app.runtime.config, dataDir: lone })
    started.push(runtime)
    setRuntime(runtime)
    await refreshAccessState()
    try {
      await sql('UPDATE access_state SET first_owner_at = now()')
      await refreshAccessState()
      await checkSecret()
      expect(existsSync(path.join(lone, 'secret'))).toBe(true)
      expect((await sql('SELECT FROM known_secret')).rowCount).toBe(1)
    } finally {
      await sql('UPDATE access_state SET first_owner_at = NULL')
      rmSync(lone, { recursive: true, force: true })
    }
  })

  it('can be given up when it is lost', async () => {
    await startWith(OLD)
    await create('lost', 'sk-lost')
    await startWith(NEW)
    await takeSecret()
    await checkSecret()
    const actor = await systemActorIn(app.identity.workspaceId)
    expect(await rotateDataKey(actor, {})).toEqual({ resealed: 0, unreadable: ['lost'] })
    await enter('lost', 'sk-again')
    expect(await keyOf('lost')).toBe('sk-again')
  })
})
