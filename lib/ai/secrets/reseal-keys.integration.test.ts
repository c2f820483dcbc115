import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { newId } from '../../id.ts'
import { createRuntime, getRuntime, type Runtime, setRuntime } from '../../runtime.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { keyPlace } from '../calls/call-key.ts'
import { resealKeys } from './reseal-keys.ts'
import { openKey, sealKey } from './sealing.ts'

const OLD = 'an old secret that is long enough to be one'
const NEW = 'a new secret that is long enough to be one!'

let app: TestRuntime
let dataDir: string
const started: Runtime[] = []

beforeAll(async () => {
  app = await testRuntime()
  dataDir = mkdtempSync(path.join(tmpdir(), 'incipit-reseal-'))
})
afterEach(() => app.runtime.database.primary.pool.query('DELETE FROM ai_configuration'))
afterAll(async () => {
  await Promise.all(started.map((runtime) => runtime.close()))
  rmSync(dataDir, { recursive: true, force: true })
  await app.close()
})

/** The app started anew with these secrets, on the same database. */
function startWith(secret: string | undefined, previousSecrets: string[] = []): void {
  const { config } = app.runtime
  const runtime = createRuntime({ ...config, dataDir, keys: { ...config.keys, secret, previousSecrets } })
  started.push(runtime)
  setRuntime(runtime)
}

async function store(name: string, plain: string | null): Promise<string> {
  const id = newId()
  const { workspaceId, ownerId } = app.identity
  const sealed = plain === null ? null : sealKey(plain, keyPlace(workspaceId, id))
  await getRuntime().database.primary.pool.query(
    `INSERT INTO ai_configuration (id, workspace_id, name, provider, model, api_key_sealed, api_key_id, created_by)
     VALUES ($1, $2, $3, 'openai', 'm', $4, $5, $6)`,
    [id, workspaceId, name, sealed?.sealed ?? null, sealed?.keyId ?? null, ownerId],
  )
  return id
}

async function stored(id: string): Promise<string> {
  const { rows } = await getRuntime().database.primary.pool.query<{
    api_key_sealed: Buffer
    api_key_id: string
  }>('SELECT api_key_sealed, api_key_id FROM ai_configuration WHERE id = $1', [id])
  const [row] = rows
  if (row === undefined) throw new Error('no row')
  return openKey(
    { sealed: row.api_key_sealed, keyId: row.api_key_id },
    keyPlace(app.identity.workspaceId, id),
  )
}

it('case 30: a rotated secret reads what the old one sealed, and takes its place', async () => {
  startWith(OLD)
  const [first, second] = [await store('first', 'sk-first'), await store('second', 'sk-second')]
  await store('without', null)
  startWith(NEW, [OLD])
  expect(await stored(first)).toBe('sk-first')
  expect(await resealKeys()).toEqual({ resealed: 2, unreadable: 0 })
  expect(await resealKeys()).toEqual({ resealed: 0, unreadable: 0 })
  startWith(NEW)
  expect(await stored(first)).toBe('sk-first')
  expect(await stored(second)).toBe('sk-second')
})

it('case 30: what no known secret opens is counted and left as it is', async () => {
  startWith(OLD)
  const id = await store('lost', 'sk-lost')
  startWith(NEW)
  expect(await resealKeys()).toEqual({ resealed: 0, unreadable: 1 })
  startWith(OLD)
  expect(await stored(id)).toBe('sk-lost')
})

it('makes no secret while no key is stored', async () => {
  startWith(undefined)
  await store('without', null)
  expect(await resealKeys()).toEqual({ resealed: 0, unreadable: 0 })
  expect(existsSync(path.join(dataDir, 'secret'))).toBe(false)
})
